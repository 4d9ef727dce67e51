/** @file How jobs of the matching kernel read the parameter block. */

import { NEXT_STRIP, PARAMS, STAGE_ENDS, TILE_H, TILE_W } from "../../constants/match";

/** Queries of a tile. */
export const TILE: i32 = TILE_W * TILE_H;

@inline export function word(index: i32): i32 {
  return load<i32>(<usize>PARAMS + (<usize>index << 2));
}

@inline export function nextStrip(): i32 {
  return atomic.add<i32>(<usize>PARAMS + (NEXT_STRIP << 2), 1);
}

@inline export function stageStart(stage: i32): i32 {
  return stage == 0 ? 0 : load<i32>(<usize>word(STAGE_ENDS) + (<usize>(stage - 1) << 2));
}

@inline export function stageEnd(stage: i32): i32 {
  return load<i32>(<usize>word(STAGE_ENDS) + (<usize>stage << 2));
}
