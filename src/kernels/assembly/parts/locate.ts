/**
 * @file Where a pruned search searches: for every tile of 3 x 2 cells and every held frame, the offset at which coarse
 * features find the tile there. As in PatchMatch (Barnes et al. 2009), offsets come from neighbours and from the
 * previous frame, and are improved by trying places around them. Places around the tile's own are tried too, so that a
 * lost tile is found again.
 *
 * - `pool`: coarse features of one slot, for every cell the mean of the tile that begins there, 32 rotated channels,
 *   unit length, as 16-bit integers;
 * - `locate`: offsets of all tiles in the frames LOCATION_FROM .. LOCATION_TO - 1 of the list.
 */
import {
  COARSE_CHANNELS, FLOW, HEIGHT, LOCATIONS, LOCATION_BYTES, LOCATION_COARSE, LOCATION_EVERYWHERE, LOCATION_FROM, LOCATION_PREVIOUS,
  LOCATION_TABLE, LOCATION_TO, POOLED, QUERY, ROW_BLOCKS, SCRATCH, SCRATCH_BYTES, SEARCH_REACH, STAGES, TILE_W, TIME, WIDTH,
} from "../../constants/match";
import { nextStrip, stageEnd, stageStart, word } from "./parameters";

/** Coarse channels; 64 bytes per cell. */
const DEPTH: i32 = COARSE_CHANNELS;
/** Length of a coarse feature: the dot product of two is at most its square. */
const UNIT: f32 = 8191;
/** A place found by trying must be better than an expected one by this share, or noise would win in uniform areas. */
const MARGIN: i32 = 335462;
/** Steps to the places tried around the best one so far. */
const FIRST_STEP: i32 = 4;

/** A tile is searched in the whole frame once every this many frames; its neighbours adopt what it finds. */
const WIDE_SEARCH_INTERVAL: i32 = 4;

let height: i32 = 0;
let width: i32 = 0;
let tiles: i32 = 0;

// ------------------------------------------------------------------------------------------------------------- pool

export function pool(thread: i32): void {
  height = word(HEIGHT);
  width = word(WIDTH);
  const row = <usize>word(SCRATCH) + <usize>thread * <usize>word(SCRATCH_BYTES);
  for (let y = nextStrip(); y < height; y = nextStrip()) {
    addRows(y, min(y + 1, height - 1), row);
    for (let x = 0; x < width; x++) poolCell(row, x, <usize>word(POOLED) + (<usize>(y * width + x) << 6));
  }
}

/** Sums of two rows of cells, `[cell][DEPTH]` f32 at `out`. */
function addRows(y0: i32, y1: i32, out: usize): void {
  const rowBlocks = word(ROW_BLOCKS);
  const blocks = height * rowBlocks;
  memory.fill(out, 0, <usize>(rowBlocks << 2) << 7);
  for (let stage = 0; stage < word(STAGES); stage++) {
    const begin = stageStart(stage);
    if (begin >= DEPTH) return;
    const length = stageEnd(stage) - begin;
    const base = <usize>word(QUERY) + (<usize>(blocks * begin) << 4);
    for (let xb = 0; xb < rowBlocks; xb++) {
      const a = base + (<usize>((y0 * rowBlocks + xb) * length) << 4);
      const b = base + (<usize>((y1 * rowBlocks + xb) * length) << 4);
      const to = out + (<usize>xb << 9) + (<usize>begin << 2);
      for (let c = 0; c < length; c++) {
        const sum = f32x4.add(v128.load(a + (<usize>c << 4)), v128.load(b + (<usize>c << 4)));
        const at = to + (<usize>c << 2);
        store<f32>(at, f32x4.extract_lane(sum, 0));
        store<f32>(at, f32x4.extract_lane(sum, 1), 128);
        store<f32>(at, f32x4.extract_lane(sum, 2), 256);
        store<f32>(at, f32x4.extract_lane(sum, 3), 384);
      }
    }
  }
}

function poolCell(row: usize, x: i32, to: usize): void {
  const a = row + (<usize>x << 7);
  const b = row + (<usize>min(x + 1, width - 1) << 7);
  const c = row + (<usize>min(x + 2, width - 1) << 7);
  let squares = f32x4.splat(0);
  for (let at: usize = 0; at < 128; at += 16) {
    const sum = f32x4.add(v128.load(a + at), f32x4.add(v128.load(b + at), v128.load(c + at)));
    squares = f32x4.add(squares, f32x4.mul(sum, sum));
  }
  const square = f32x4.extract_lane(squares, 0) + f32x4.extract_lane(squares, 1) + f32x4.extract_lane(squares, 2) + f32x4.extract_lane(squares, 3);
  const scale = f32x4.splat(UNIT / max<f32>(sqrt<f32>(square), 1e-12));
  for (let at: usize = 0; at < 128; at += 32) {
    const low = f32x4.add(v128.load(a + at), f32x4.add(v128.load(b + at), v128.load(c + at)));
    const high = f32x4.add(v128.load(a + at, 16), f32x4.add(v128.load(b + at, 16), v128.load(c + at, 16)));
    const low4 = i32x4.trunc_sat_f32x4_s(f32x4.mul(low, scale));
    const high4 = i32x4.trunc_sat_f32x4_s(f32x4.mul(high, scale));
    v128.store(to + (at >> 1), i16x8.narrow_i32x4_s(low4, high4));
  }
}

// ----------------------------------------------------------------------------------------------------------- locate

// The current tile and frame.
let tileX: i32 = 0;
let tileY: i32 = 0;
let tile: usize = 0;
let keys: usize = 0;
let bestScore: i32 = 0;
let bestX: i32 = 0;
let bestY: i32 = 0;

export function locate(thread: i32): void {
  height = word(HEIGHT);
  width = word(WIDTH);
  tiles = (width + TILE_W - 1) / TILE_W;
  const strips = (height + 1) >> 1;
  for (let strip = nextStrip(); strip < strips; strip = nextStrip()) {
    for (let i = word(LOCATION_FROM); i < word(LOCATION_TO); i++) locateStrip(strip, <usize>word(LOCATIONS) + <usize>(i * LOCATION_BYTES));
  }
}

/** One strip of tiles in one held frame. */
function locateStrip(strip: i32, location: usize): void {
  keys = load<u32>(location, LOCATION_COARSE);
  const table = <usize>load<u32>(location, LOCATION_TABLE);
  const previous = <usize>load<u32>(location, LOCATION_PREVIOUS);
  const area = load<i32>(location, LOCATION_EVERYWHERE);
  for (let t = 0; t < tiles; t++) {
    tileX = t * TILE_W;
    tileY = strip << 1;
    tile = <usize>word(POOLED) + (<usize>(tileY * width + tileX) << 6);
    bestScore = i32.MIN_VALUE;
    attempt(0, 0);
    if (previous != 0) attemptExpected(strip, t, previous);
    bestScore += MARGIN;
    const all = area != 0 && (previous == 0 || (t + 2 * strip + word(TIME)) % WIDE_SEARCH_INTERVAL == 0);
    searchArea(all ? max(height, width) & ~1 : word(SEARCH_REACH) & ~1);
    for (let step = FIRST_STEP; step > 0; step >>= 1) attemptAround(step);
    const to = table + (<usize>(strip * tiles + t) << 2);
    store<i16>(to, <i16>bestX);
    store<i16>(to, <i16>bestY, 2);
  }
}

/** Tries one offset, shifted so that the tile lies in the frame. */
function attempt(dx: i32, dy: i32): void {
  const x = max(0, min(max(width - TILE_W, tileX), tileX + dx));
  const y = max(0, min(max(height - 2, tileY), tileY + dy));
  const key = keys + (<usize>(y * width + x) << 6);
  const a = i32x4.add(i32x4.dot_i16x8_s(v128.load(tile), v128.load(key)), i32x4.dot_i16x8_s(v128.load(tile, 16), v128.load(key, 16)));
  const b = i32x4.add(i32x4.dot_i16x8_s(v128.load(tile, 32), v128.load(key, 32)), i32x4.dot_i16x8_s(v128.load(tile, 48), v128.load(key, 48)));
  const c = i32x4.add(a, b);
  const score = i32x4.extract_lane(c, 0) + i32x4.extract_lane(c, 1) + i32x4.extract_lane(c, 2) + i32x4.extract_lane(c, 3);
  if (score <= bestScore) return;
  bestScore = score;
  bestX = x - tileX;
  bestY = y - tileY;
}

/**
 * Tries where the tile and its neighbours should be: the offset to the previous frame, then on as found at that frame.
 */
function attemptExpected(strip: i32, t: i32, previous: usize): void {
  const flow = <usize>word(FLOW);
  const strips = (height + 1) >> 1;
  for (let ns = max(0, strip - 1); ns <= min(strips - 1, strip + 1); ns++) {
    for (let nt = max(0, t - 1); nt <= min(tiles - 1, t + 1); nt++) {
      let dx = 0;
      let dy = 0;
      if (flow != 0) {
        const way = flow + (<usize>(ns * tiles + nt) << 2);
        dx = <i32>load<i16>(way);
        dy = <i32>load<i16>(way, 2);
      }
      const fromTile = max(0, min(tiles - 1, (tileX + dx + 1) / TILE_W));
      const fromStrip = max(0, min(strips - 1, (tileY + dy) >> 1));
      const on = previous + (<usize>(fromStrip * tiles + fromTile) << 2);
      attempt(dx + <i32>load<i16>(on), dy + <i32>load<i16>(on, 2));
    }
  }
}

/** Tries every other cell of the square around the tile, as far as it lies in the frame. */
function searchArea(reach: i32): void {
  for (let y = max(tileY & 1, tileY - reach); y <= min(height - 2, tileY + reach); y += 2) {
    for (let x = max(tileX & 1, tileX - reach); x <= min(width - TILE_W, tileX + reach); x += 2) attempt(x - tileX, y - tileY);
  }
}

function attemptAround(step: i32): void {
  const x = bestX;
  const y = bestY;
  for (let dy = -step; dy <= step; dy += step) {
    for (let dx = -step; dx <= step; dx += step) attempt(x + dx, y + dy);
  }
}
