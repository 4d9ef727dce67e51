/** @file The parameter block that all jobs of the matching kernel read, and the tiles that they work in. */

// 4-byte words from address PARAMS (written by src/kernels/matcher.ts, keep in step).
const PARAMS: usize = 1024;
export const NEXT_STRIP = 0;
export const HEIGHT = 1;
export const WIDTH = 2;
export const ROW_BLOCKS = 3;
export const STAGES = 4;
export const STAGE_ENDS = 5;
export const CHANNELS = 6;
export const LABELS = 7;
export const SCRATCH = 8;
export const SCRATCH_BYTES = 9;
export const QUERY = 10;
export const QUERY_RESIDUALS = 11;
export const OUT = 12;
export const TOP_K = 13;
export const INVERSE_TEMPERATURE = 14;
export const ENTRIES = 15;
export const ENTRY_COUNT = 16;
export const INPUT = 17;
export const BASIS = 18;
export const NORMALISE = 19;
export const PRUNED = 20;
export const POOLED = 21;
export const FLOW = 22;
export const LOCATIONS = 23;
export const LOCATION_FROM = 24;
export const LOCATION_TO = 25;
export const SEARCH_REACH = 26;
export const BELIEF = 27;
export const TIME = 28;
export const QUERY_REGIONS = 29;
export const SETTLING = 30;

/** Queries of a tile: so many columns, two rows. */
export const TILE_W: i32 = 3;
export const TILE: i32 = 6;

@inline export function word(index: i32): i32 {
  return load<i32>(PARAMS + (<usize>index << 2));
}

@inline export function nextStrip(): i32 {
  return atomic.add<i32>(PARAMS + (NEXT_STRIP << 2), 1);
}

@inline export function stageStart(stage: i32): i32 {
  return stage == 0 ? 0 : load<i32>(<usize>word(STAGE_ENDS) + (<usize>(stage - 1) << 2));
}

@inline export function stageEnd(stage: i32): i32 {
  return load<i32>(<usize>word(STAGE_ENDS) + (<usize>stage << 2));
}
