/**
 * @file Windowed correlation with running top-k, the hot loop of label propagation (compiled to
 * dist/kernels/match.wasm).
 *
 * One module, exported jobs over memory shared by all workers; every worker takes strips of rows from an atomic counter
 * until none are left:
 * - `prepare`: encoder output `[C, h, w]` -> rotated, normalised, blocked features of one slot + residual norms;
 * - `match`: for every query cell the top-k of all candidates (or the softmax over all of them), then its label vector;
 * - `pool` and `locate` (parts/locate.ts): where a pruned search searches.
 *
 * A pruned search is the same search with a small window around the place that `locate` found for the query's tile. If
 * it may settle tiles, a tile whose candidates all have the same label, and no other, takes that label without a
 * search.
 *
 * Blocked layout of a slot: cells in blocks of four neighbours in x (the four lanes of a vector), channels cut into
 * stages; `[stage][block][channel within the stage][lane]`. Channels are rotated so that the first ones hold most of
 * the energy. After stage s a score is at most `partial + residual_s(query) * residual_s(key)` (Cauchy-Schwarz on the
 * channels still to come), so a candidate whose bound does not reach the current k-th score is dropped there: the
 * result is still exact.
 *
 * A tile is 3 x 2 queries against two blocks of 4 keys (rows y and y + 1): 12 accumulators, 8 loads for 12
 * multiply-adds.
 */

import {
  BASIS, BELIEF, CHANNELS, ENTRIES, ENTRY_BYTES, ENTRY_COPIES, ENTRY_COUNT, ENTRY_FEATURES, ENTRY_HALF_WIDTHS, ENTRY_LABELS, ENTRY_OFFSETS,
  ENTRY_REACH, ENTRY_REGIONS, ENTRY_RESIDUALS, ENTRY_SINGLES, HEIGHT, INPUT, INVERSE_TEMPERATURE, LABELS, NO_SINGLE_LABEL, NORMALISE, OUT,
  PRUNED, QUERY, QUERY_REGIONS, QUERY_RESIDUALS, ROW_BLOCKS, SCRATCH, SCRATCH_BYTES, SETTLING, STAGES, TILE_W, TOP_K, WIDTH,
} from "../constants/match";
import { TILE, nextStrip, stageEnd, stageStart, word } from "./parts/parameters";

export { locate, pool } from "./parts/locate";

/**
 * Up to this many (query, block) pairs of a tile are finished one by one; with more, the whole tile continues to the
 * next stage.
 */
const FEW: i32 = 3;
/** Candidates whose softmax weight is below exp(-25) of the largest are left out when all candidates count. */
const NEGLIGIBLE: f32 = 25;
/** No single label: a cell with shares of several, or a tile that has to be searched. */
const OPEN: u8 = <u8>NO_SINGLE_LABEL;
/** Added to every residual, relative to the vector's norm, so that rounding can never prune a true top-k candidate. */
const SLACK: f32 = 1e-3;

/** e^x for x <= 0, relative error below 3e-7: 2^n times a polynomial on [-ln2/2, ln2/2]. */
function expf(x: f32): f32 {
  if (x < -87) return 0;
  const n = nearest<f32>(x * 1.44269504088896);
  const r = x - n * 0.693359375 + n * 2.12194440e-4;
  let p: f32 = 1.9875691500e-4;
  p = p * r + 1.3981999507e-3;
  p = p * r + 8.3334519073e-3;
  p = p * r + 4.1665795894e-2;
  p = p * r + 1.6666665459e-1;
  p = p * r + 5.0000001201e-1;
  p = p * r * r + r + 1;
  return p * reinterpret<f32>((<i32>n + 127) << 23);
}

// ---------------------------------------------------------------------------------------------------------- prepare

/**
 * Fills one slot from INPUT `[C, h, w]`; BASIS is `[ceil(Cp / 8)][C][8]`, the rows of the rotation in groups of eight.
 */
export function prepare(thread: i32): void {
  const scratch = <usize>word(SCRATCH) + <usize>thread * <usize>word(SCRATCH_BYTES);
  const height = word(HEIGHT);
  const rowBlocks = word(ROW_BLOCKS);
  for (let y = nextStrip(); y < height; y = nextStrip()) {
    for (let xb = 0; xb < rowBlocks; xb++) prepareBlock(y, xb, scratch);
  }
}

function prepareBlock(y: i32, xb: i32, scratch: usize): void {
  const channels = word(CHANNELS);
  const width = word(WIDTH);
  const plane = <usize>(word(HEIGHT) * width) << 2;
  const left = width - (xb << 2);
  const inside = f32x4.gt(f32x4.splat(<f32>left), f32x4(0, 1, 2, 3));
  let from = <usize>word(INPUT) + (<usize>(y * width + (xb << 2)) << 2);
  let square = f32x4.splat(0);
  for (let c = 0; c < channels; c++) {
    const x = v128.and(v128.load(from), inside);
    square = f32x4.add(square, f32x4.mul(x, x));
    v128.store(scratch + (<usize>c << 4), x);
    from += plane;
  }
  let scale = f32x4.splat(1);
  if (word(NORMALISE)) {
    scale = f32x4.div(scale, f32x4.max(f32x4.sqrt(square), f32x4.splat(1e-12)));
    square = f32x4.mul(square, f32x4.mul(scale, scale));
  }
  rotate(y * word(ROW_BLOCKS) + xb, scale, f32x4.sqrt(square), scratch);
}

function rotate(block: i32, scale: v128, norm: v128, scratch: usize): void {
  const channels = word(CHANNELS);
  const stages = word(STAGES);
  const blocks = word(HEIGHT) * word(ROW_BLOCKS);
  const slack = f32x4.mul(norm, f32x4.splat(SLACK));
  const belief = f32x4.splat(sqrt<f32>(reinterpret<f32>(word(BELIEF))));
  let residual = f32x4.splat(0);
  for (let stage = stages - 1; stage >= 0; stage--) {
    const begin = stageStart(stage);
    const length = stageEnd(stage) - begin;
    let at = <usize>word(QUERY) + (<usize>(blocks * begin + block * length) << 4);
    const bound = stage == stages - 1 ? f32x4.splat(0) : f32x4.add(f32x4.mul(f32x4.sqrt(residual), belief), slack);
    v128.store(<usize>word(QUERY_RESIDUALS) + (<usize>(stage * blocks + block) << 4), bound);
    for (let d = begin; d < begin + length; d += 8) {
      residual = f32x4.add(residual, rotateEight(<usize>word(BASIS) + (<usize>(d * channels) << 2), channels, scale, scratch, at));
      at += 128;
    }
  }
}

/** Eight rotated channels of one block, stored at `to`; returns the sum of their squares per lane. */
function rotateEight(basis: usize, channels: i32, scale: v128, scratch: usize, to: usize): v128 {
  let a0 = f32x4.splat(0);
  let a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
  for (let c = 0; c < channels; c++) {
    const x = v128.load(scratch + (<usize>c << 4));
    const row = basis + (<usize>c << 5);
    a0 = f32x4.add(a0, f32x4.mul(x, v128.load_splat<f32>(row)));
    a1 = f32x4.add(a1, f32x4.mul(x, v128.load_splat<f32>(row, 4)));
    a2 = f32x4.add(a2, f32x4.mul(x, v128.load_splat<f32>(row, 8)));
    a3 = f32x4.add(a3, f32x4.mul(x, v128.load_splat<f32>(row, 12)));
    a4 = f32x4.add(a4, f32x4.mul(x, v128.load_splat<f32>(row, 16)));
    a5 = f32x4.add(a5, f32x4.mul(x, v128.load_splat<f32>(row, 20)));
    a6 = f32x4.add(a6, f32x4.mul(x, v128.load_splat<f32>(row, 24)));
    a7 = f32x4.add(a7, f32x4.mul(x, v128.load_splat<f32>(row, 28)));
  }
  a0 = f32x4.mul(a0, scale); v128.store(to, a0);
  a1 = f32x4.mul(a1, scale); v128.store(to, a1, 16);
  a2 = f32x4.mul(a2, scale); v128.store(to, a2, 32);
  a3 = f32x4.mul(a3, scale); v128.store(to, a3, 48);
  a4 = f32x4.mul(a4, scale); v128.store(to, a4, 64);
  a5 = f32x4.mul(a5, scale); v128.store(to, a5, 80);
  a6 = f32x4.mul(a6, scale); v128.store(to, a6, 96);
  a7 = f32x4.mul(a7, scale); v128.store(to, a7, 112);
  return f32x4.add(
    f32x4.add(f32x4.add(f32x4.mul(a0, a0), f32x4.mul(a1, a1)), f32x4.add(f32x4.mul(a2, a2), f32x4.mul(a3, a3))),
    f32x4.add(f32x4.add(f32x4.mul(a4, a4), f32x4.mul(a5, a5)), f32x4.add(f32x4.mul(a6, a6), f32x4.mul(a7, a7))),
  );
}

// ------------------------------------------------------------------------------------------------------------ match

// State of the running strip and tile; globals of a module instance belong to one worker.
let height: i32 = 0;
let width: i32 = 0;
let rowBlocks: i32 = 0;
let blocks: i32 = 0;
let stages: i32 = 0;
let labels: i32 = 0;
let topK: i32 = 0;
let inverseTemperature: f32 = 0;
let query: usize = 0;
let queryResiduals: usize = 0;
let stripTop: i32 = 0;

// Scratch of the worker.
/** f32 per query of the strip: the score that a candidate must exceed. */
let thresholds: usize = 0;
/** f32 `[query][k]`, descending; when all candidates count: `[query][2]` = largest logit, sum of weights. */
let scores: usize = 0;
/**
 * u32 `[query][k]`, addresses of the candidates' label vectors; when all candidates count: f32 `[query][labels]` sums.
 */
let picks: usize = 0;
/** Per stage and query of the tile: u32 address of the query's lane, f32 residual. */
let tileQueries: usize = 0;
/** i32 x, i32 y, i32 strip index of each query of the tile. */
let tilePlaces: usize = 0;
/** f32 threshold of each query of the tile. */
let tileThresholds: usize = 0;
/** u32 bits of the regions that each query of the tile has candidates in, and all of them together. */
let tileRegions: usize = 0;
let anyRegion: i32 = 0;
/** u8 per query of the strip, set when its regions have no cell in any window: it is then searched without them. */
let lost: usize = 0;
let rescuing: bool = false;
/** u8 per query of the strip: the label that its tile was settled with, or `OPEN`. */
let settled: usize = 0;
/** The twelve accumulators and, as i32, the lane masks of the twelve pairs. */
let spill: usize = 0;
let pairMasks: usize = 0;

// The memory frame being searched.
let keys: usize = 0;
let keyResiduals: usize = 0;
let keyLabels: usize = 0;
/** u32 per key in blocks, the bit of its region; 0 = no restriction. */
let keyRegions: usize = 0;
/** u8 per key, row by row: its only label, or `OPEN`. */
let keySingles: usize = 0;
let halfWidths: usize = 0;
let reach: i32 = 0;
let copies: i32 = 0;
/** i16 dx, dy per tile; 0 = the search is not pruned. */
let offsets: usize = 0;
/** How far the tile's window is moved from the tile's own place, cells. */
let shiftX: i32 = 0;
let shiftY: i32 = 0;

export function match(thread: i32): void {
  readSettings();
  let at = <usize>word(SCRATCH) + <usize>thread * <usize>word(SCRATCH_BYTES);
  spill = at; at += 12 * 16;
  pairMasks = at; at += 12 * 4 + 16;
  tilePlaces = at; at += TILE * 12 + 8;
  tileThresholds = at; at += TILE * 4 + 8;
  tileRegions = at; at += TILE * 4 + 8;
  tileQueries = at; at += <usize>stages * TILE * 8;
  lost = at; at += (<usize>width * 2 + 15) & ~15;
  settled = at; at += (<usize>width * 2 + 15) & ~15;
  thresholds = at; at += (<usize>width * 2) << 2;
  scores = at; at += <usize>(width * 2 * max(topK, 2)) << 2;
  picks = at;
  const strips = (height + 1) >> 1;
  for (let strip = nextStrip(); strip < strips; strip = nextStrip()) matchStrip(strip);
}

function readSettings(): void {
  height = word(HEIGHT);
  width = word(WIDTH);
  rowBlocks = word(ROW_BLOCKS);
  blocks = height * rowBlocks;
  stages = word(STAGES);
  labels = word(LABELS);
  topK = word(TOP_K);
  inverseTemperature = reinterpret<f32>(word(INVERSE_TEMPERATURE));
  query = word(QUERY);
  queryResiduals = word(QUERY_RESIDUALS);
}

function matchStrip(strip: i32): void {
  stripTop = strip << 1;
  const rows = min(2, height - stripTop);
  clearStrip(rows * width);
  rescuing = false;
  searchEntries();
  rescuing = findLost(rows * width);
  if (rescuing) searchEntries();
  for (let i = 0; i < rows * width; i++) {
    const to = <usize>word(OUT) + (<usize>((stripTop * width + i) * labels) << 2);
    if (load<u8>(settled + <usize>i) != OPEN) writeSettled(i, to);
    else if (topK > 0) writeTopK(i, to);
    else writeAll(i, to);
  }
}

function searchEntries(): void {
  if (word(PRUNED)) searchMovedWindows();
  else searchWindows();
}

/** One memory frame after the other: neighbouring tiles share most of their candidates. */
function searchWindows(): void {
  shiftX = 0;
  shiftY = 0;
  for (let e = 0; e < word(ENTRY_COUNT); e++) {
    openEntry(e);
    for (let x = 0; x < width; x += TILE_W) {
      setTile(x);
      searchTile(x);
    }
  }
}

/** One tile after the other, in all memory frames: its few candidates lie elsewhere in each. */
function searchMovedWindows(): void {
  const tiles = (width + TILE_W - 1) / TILE_W;
  for (let tile = 0; tile < tiles; tile++) {
    if (settleTile(tile, tiles)) continue;
    setTile(tile * TILE_W);
    for (let e = 0; e < word(ENTRY_COUNT); e++) {
      openEntry(e);
      openShift(tile, tiles);
      searchTile(tile * TILE_W);
    }
  }
}

@inline function openShift(tile: i32, tiles: i32): void {
  const offset = offsets + (<usize>((stripTop >> 1) * tiles + tile) << 2);
  shiftX = <i32>load<i16>(offset);
  shiftY = <i32>load<i16>(offset, 2);
}

/** Gives the tile the label of its candidates, if all have the same. */
function settleTile(tile: i32, tiles: i32): bool {
  if (!word(SETTLING) || rescuing) return false;
  let label: i32 = -1;
  for (let e = 0; e < word(ENTRY_COUNT); e++) {
    openEntry(e);
    openShift(tile, tiles);
    label = onlyLabel(tile * TILE_W, label);
    if (label < 0) return false;
  }
  for (let y = stripTop; y < min(stripTop + 2, height); y++) {
    const at = settled + <usize>((y - stripTop) * width + tile * TILE_W);
    memory.fill(at, <u8>label, <usize>min(TILE_W, width - tile * TILE_W));
  }
  return true;
}

/**
 * The single label of all cells in the tile's window of the open entry; -1 if there are several, or if it differs from
 * `label` (≥ 0).
 */
function onlyLabel(x: i32, label: i32): i32 {
  const left = max(0, x + shiftX - reach);
  const right = min(width - 1, x + TILE_W - 1 + shiftX + reach);
  const bottom = min(height - 1, stripTop + 1 + shiftY + reach);
  let wanted = label;
  for (let y = max(0, stripTop + shiftY - reach); y <= bottom; y++) {
    const row = keySingles + <usize>(y * width);
    if (wanted < 0) wanted = load<u8>(row + <usize>left);
    if (wanted == OPEN) return -1;
    const same = i8x16.splat(<i8>wanted);
    for (let from = left; from <= right; from += 16) {
      const count = min(16, right - from + 1);
      const others = ~i8x16.bitmask(i8x16.eq(v128.load(row + <usize>from), same));
      if (others & ((1 << count) - 1)) return -1;
    }
  }
  return wanted;
}

/** Marks the queries that found no candidate; returns whether there are any. */
function findLost(queries: i32): bool {
  const perQuery = topK == 0 ? 2 : topK;
  let any = false;
  for (let i = 0; i < queries; i++) {
    const none = load<f32>(scores + (<usize>(i * perQuery) << 2)) == -f32.MAX_VALUE && load<u8>(settled + <usize>i) == OPEN;
    store<u8>(lost + <usize>i, <u8>none);
    any = any || none;
  }
  return any;
}

function clearStrip(queries: i32): void {
  memory.fill(settled, OPEN, <usize>queries);
  for (let i = 0; i < queries; i++) store<f32>(thresholds + (<usize>i << 2), -f32.MAX_VALUE);
  const perQuery = max(topK, 2);
  for (let i = 0; i < queries * perQuery; i++) store<f32>(scores + (<usize>i << 2), -f32.MAX_VALUE);
  if (topK == 0) {
    for (let i = 0; i < queries; i++) store<f32>(scores + (<usize>(i * 2 + 1) << 2), 0);
    memory.fill(picks, 0, <usize>(queries * labels) << 2);
  }
}

function openEntry(index: i32): void {
  const entry = <usize>word(ENTRIES) + <usize>(index * ENTRY_BYTES);
  keys = load<u32>(entry, ENTRY_FEATURES);
  keyResiduals = load<u32>(entry, ENTRY_RESIDUALS);
  keyLabels = load<u32>(entry, ENTRY_LABELS);
  halfWidths = load<u32>(entry, ENTRY_HALF_WIDTHS);
  reach = load<i32>(entry, ENTRY_REACH);
  copies = load<i32>(entry, ENTRY_COPIES);
  offsets = load<u32>(entry, ENTRY_OFFSETS);
  keyRegions = rescuing ? 0 : <usize>load<u32>(entry, ENTRY_REGIONS);
  keySingles = load<u32>(entry, ENTRY_SINGLES);
}

/**
 * Searches from the centre of the window outwards: the best matches are near, and raise the thresholds for the rest.
 */
function searchTile(x: i32): void {
  const top = stripTop + shiftY;
  const bottom = min(min(stripTop + 1, height - 1) + shiftY, height - 1);
  const left = x + shiftX;
  const right = min(min(x + TILE_W, width) - 1 + shiftX, width - 1);
  const middle = top & ~1;
  const end = min(height - 1, bottom + reach);
  const above = (middle - max(0, top - reach) + 1) >> 1;
  const below = (end - middle) >> 1;
  for (let step = 0; step <= max(above, below); step++) {
    if (step <= below) searchRows(middle + (step << 1), end, left, right, top, bottom);
    if (step > 0 && step <= above) searchRows(middle - (step << 1), end, left, right, top, bottom);
  }
}

/** The parts of key rows y and y + 1 that lie in the window of any query of the tile. */
function searchRows(y: i32, end: i32, left: i32, right: i32, top: i32, bottom: i32): void {
  const upper = halfWidth(distance(y, top, bottom));
  const wide = max(upper, y + 1 <= end ? halfWidth(distance(y + 1, top, bottom)) : -1);
  if (wide < 0) return;
  const low = max(0, left - wide) >> 2;
  const own = left >> 2;
  scanRows(y, own, min(width - 1, right + wide) >> 2);
  scanRows(y, low, own - 1);
}

/**
 * Places, feature addresses, residuals, thresholds and regions of the tile's queries; one outside the frame never
 * passes.
 */
function setTile(x: i32): void {
  anyRegion = 0;
  for (let i = 0; i < TILE; i++) {
    const qx = x + i % TILE_W;
    const qy = stripTop + i / TILE_W;
    const cx = min(qx, width - 1);
    const cy = min(qy, height - 1);
    const place = tilePlaces + <usize>(i * 12);
    store<i32>(place, cx);
    store<i32>(place, cy, 4);
    const index = (cy - stripTop) * width + cx;
    const real = qx < width && qy < height && (!rescuing || load<u8>(lost + <usize>index) != 0);
    // Read even where no entry has regions: a tile is set once for all entries, and only some may have them.
    const regions = load<i32>(<usize>word(QUERY_REGIONS) + (<usize>(cy * width + cx) << 2));
    store<i32>(tileRegions + (<usize>i << 2), regions);
    anyRegion |= regions;
    store<i32>(place, real ? index : -1, 8);
    store<f32>(tileThresholds + (<usize>i << 2), real ? load<f32>(thresholds + (<usize>index << 2)) : f32.MAX_VALUE);
    const block = cy * rowBlocks + (cx >> 2);
    for (let s = 0; s < stages; s++) {
      const begin = stageStart(s);
      const slot = tileQueries + <usize>((s * TILE + i) << 3);
      store<u32>(slot, <u32>(query + (<usize>(blocks * begin + block * (stageEnd(s) - begin)) << 4) + (<usize>(cx & 3) << 2)));
      store<f32>(slot, load<f32>(queryResiduals + (<usize>(s * blocks + block) << 4) + (<usize>(cx & 3) << 2)), 4);
    }
  }
}

@inline function distance(y: i32, top: i32, bottom: i32): i32 {
  return y < top ? top - y : y > bottom ? y - bottom : 0;
}

/** Half-width of the window in cells at a vertical distance; -1 outside. */
@inline function halfWidth(dy: i32): i32 {
  return dy > reach ? -1 : load<i32>(halfWidths + (<usize>dy << 2));
}

@inline function bound(a: v128, residual: v128, slot: usize, threshold: usize): v128 {
  return f32x4.gt(f32x4.add(a, f32x4.mul(residual, v128.load_splat<f32>(slot, 4))), v128.load_splat<f32>(threshold));
}

/** The tile against blocks `first..last` of key rows y and y + 1. */
function scanRows(y: i32, first: i32, last: i32): void {
  const row0 = y * rowBlocks;
  const row1 = min(y + 1, height - 1) * rowBlocks;
  for (let xb = first; xb <= last; xb++) {
    if (keyRegions != 0 && !hasCandidates(row0 + xb, row1 + xb)) continue;
    let a0 = f32x4.splat(0);
    let a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0;
    let b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0;
    let begin = 0;
    for (let stage = 0; stage < stages; stage++) {
      const stop = stageEnd(stage);
      const length = stop - begin;
      const base = keys + (<usize>(blocks * begin) << 4);
      let k0 = base + (<usize>((row0 + xb) * length) << 4);
      let k1 = base + (<usize>((row1 + xb) * length) << 4);
      const slots = tileQueries + <usize>(stage * TILE * 8);
      let q0: usize = load<u32>(slots);
      let q1: usize = load<u32>(slots, 8);
      let q2: usize = load<u32>(slots, 16);
      let q3: usize = load<u32>(slots, 24);
      let q4: usize = load<u32>(slots, 32);
      let q5: usize = load<u32>(slots, 40);
      const end = k0 + (<usize>length << 4);
      while (k0 < end) {
        let x = v128.load(k0);
        let z = v128.load(k1);
        let v = v128.load_splat<f32>(q0);
        a0 = f32x4.add(a0, f32x4.mul(x, v)); b0 = f32x4.add(b0, f32x4.mul(z, v));
        v = v128.load_splat<f32>(q1);
        a1 = f32x4.add(a1, f32x4.mul(x, v)); b1 = f32x4.add(b1, f32x4.mul(z, v));
        v = v128.load_splat<f32>(q2);
        a2 = f32x4.add(a2, f32x4.mul(x, v)); b2 = f32x4.add(b2, f32x4.mul(z, v));
        v = v128.load_splat<f32>(q3);
        a3 = f32x4.add(a3, f32x4.mul(x, v)); b3 = f32x4.add(b3, f32x4.mul(z, v));
        v = v128.load_splat<f32>(q4);
        a4 = f32x4.add(a4, f32x4.mul(x, v)); b4 = f32x4.add(b4, f32x4.mul(z, v));
        v = v128.load_splat<f32>(q5);
        a5 = f32x4.add(a5, f32x4.mul(x, v)); b5 = f32x4.add(b5, f32x4.mul(z, v));
        x = v128.load(k0, 16);
        z = v128.load(k1, 16);
        v = v128.load_splat<f32>(q0, 16);
        a0 = f32x4.add(a0, f32x4.mul(x, v)); b0 = f32x4.add(b0, f32x4.mul(z, v));
        v = v128.load_splat<f32>(q1, 16);
        a1 = f32x4.add(a1, f32x4.mul(x, v)); b1 = f32x4.add(b1, f32x4.mul(z, v));
        v = v128.load_splat<f32>(q2, 16);
        a2 = f32x4.add(a2, f32x4.mul(x, v)); b2 = f32x4.add(b2, f32x4.mul(z, v));
        v = v128.load_splat<f32>(q3, 16);
        a3 = f32x4.add(a3, f32x4.mul(x, v)); b3 = f32x4.add(b3, f32x4.mul(z, v));
        v = v128.load_splat<f32>(q4, 16);
        a4 = f32x4.add(a4, f32x4.mul(x, v)); b4 = f32x4.add(b4, f32x4.mul(z, v));
        v = v128.load_splat<f32>(q5, 16);
        a5 = f32x4.add(a5, f32x4.mul(x, v)); b5 = f32x4.add(b5, f32x4.mul(z, v));
        k0 += 32; k1 += 32; q0 += 32; q1 += 32; q2 += 32; q3 += 32; q4 += 32; q5 += 32;
      }
      const residuals = keyResiduals + (<usize>(stage * blocks + xb) << 4);
      const r0 = v128.load(residuals + (<usize>row0 << 4));
      const r1 = v128.load(residuals + (<usize>row1 << 4));
      const t = tileThresholds;
      const m0 = bound(a0, r0, slots, t), n0 = bound(b0, r1, slots, t);
      const m1 = bound(a1, r0, slots + 8, t + 4), n1 = bound(b1, r1, slots + 8, t + 4);
      const m2 = bound(a2, r0, slots + 16, t + 8), n2 = bound(b2, r1, slots + 16, t + 8);
      const m3 = bound(a3, r0, slots + 24, t + 12), n3 = bound(b3, r1, slots + 24, t + 12);
      const m4 = bound(a4, r0, slots + 32, t + 16), n4 = bound(b4, r1, slots + 32, t + 16);
      const m5 = bound(a5, r0, slots + 40, t + 20), n5 = bound(b5, r1, slots + 40, t + 20);
      const low = v128.or(v128.or(v128.or(m0, m1), v128.or(m2, m3)), v128.or(m4, m5));
      const high = v128.or(v128.or(v128.or(n0, n1), v128.or(n2, n3)), v128.or(n4, n5));
      if (!v128.any_true(v128.or(low, high))) break;
      const p = pairMasks;
      store<i32>(p, i32x4.bitmask(m0)); store<i32>(p, i32x4.bitmask(m1), 4); store<i32>(p, i32x4.bitmask(m2), 8);
      store<i32>(p, i32x4.bitmask(m3), 12); store<i32>(p, i32x4.bitmask(m4), 16); store<i32>(p, i32x4.bitmask(m5), 20);
      store<i32>(p, i32x4.bitmask(n0), 24); store<i32>(p, i32x4.bitmask(n1), 28); store<i32>(p, i32x4.bitmask(n2), 32);
      store<i32>(p, i32x4.bitmask(n3), 36); store<i32>(p, i32x4.bitmask(n4), 40); store<i32>(p, i32x4.bitmask(n5), 44);
      const alive = windowPairs(y, xb);
      if (alive == 0) break;
      if (alive <= FEW || stage == stages - 1) {
        const s = spill;
        v128.store(s, a0); v128.store(s, a1, 16); v128.store(s, a2, 32);
        v128.store(s, a3, 48); v128.store(s, a4, 64); v128.store(s, a5, 80);
        v128.store(s, b0, 96); v128.store(s, b1, 112); v128.store(s, b2, 128);
        v128.store(s, b3, 144); v128.store(s, b4, 160); v128.store(s, b5, 176);
        finishPairs(y, xb, stage + 1);
        break;
      }
      begin = stop;
    }
  }
}

/** Whether any cell of two blocks lies in a region that any query of the tile has candidates in. */
@inline function hasCandidates(block0: i32, block1: i32): bool {
  const found = v128.or(v128.load(keyRegions + (<usize>block0 << 4)), v128.load(keyRegions + (<usize>block1 << 4)));
  return v128.any_true(v128.and(found, i32x4.splat(anyRegion)));
}

/** Bits of the lanes of a block that lie in a region that query i of the tile has candidates in. */
@inline function candidateLanes(i: i32, block: i32): i32 {
  const found = v128.and(v128.load(keyRegions + (<usize>block << 4)), v128.load_splat<i32>(tileRegions + (<usize>i << 2)));
  return i32x4.bitmask(i32x4.ne(found, i32x4.splat(0)));
}

/** Leaves in `pairMasks` only the lanes that are candidates of each query; returns how many pairs are left. */
function windowPairs(y: i32, xb: i32): i32 {
  let alive = 0;
  for (let i = 0; i < 12; i++) {
    const at = pairMasks + (<usize>i << 2);
    let mask = load<i32>(at);
    if (mask == 0) continue;
    const place = tilePlaces + <usize>((i % TILE) * 12);
    const row = i < TILE ? y : y + 1;
    mask &= windowLanes(load<i32>(place) + shiftX, load<i32>(place, 4) + shiftY, row, xb << 2);
    if (keyRegions != 0 && mask != 0) mask &= candidateLanes(i % TILE, row * rowBlocks + xb);
    store<i32>(at, mask);
    alive += <i32>(mask != 0);
  }
  return alive;
}

/** Bits of the lanes x..x+3 of key row y that lie in the frame and in the window of query (qx, qy). */
function windowLanes(qx: i32, qy: i32, y: i32, x: i32): i32 {
  if (y >= height) return 0;
  const half = halfWidth(abs(y - qy));
  if (half < 0) return 0;
  const low = max(0, qx - half - x);
  const high = min(min(3, qx + half - x), width - 1 - x);
  return high < low ? 0 : ((2 << high) - 1) & ~((1 << low) - 1);
}

function finishPairs(y: i32, xb: i32, stage: i32): void {
  for (let i = 0; i < 12; i++) {
    const mask = load<i32>(pairMasks + (<usize>i << 2));
    if (mask != 0) finishPair(i % TILE, (i < TILE ? y : y + 1), xb, mask, stage, v128.load(spill + (<usize>i << 4)));
  }
}

/** Runs the remaining stages for one query and one block, then takes the lanes that pass. */
function finishPair(i: i32, y: i32, xb: i32, mask: i32, from: i32, partial: v128): void {
  const block = y * rowBlocks + xb;
  const threshold = tileThresholds + (<usize>i << 2);
  let lanes = mask;
  let a = partial;
  for (let stage = from; stage < stages; stage++) {
    const begin = stageStart(stage);
    const length = stageEnd(stage) - begin;
    const slot = tileQueries + <usize>((stage * TILE + i) << 3);
    const key = keys + (<usize>(blocks * begin + block * length) << 4);
    a = f32x4.add(a, dotBlock(load<u32>(slot), key, length));
    const residual = v128.load(keyResiduals + (<usize>(stage * blocks + block) << 4));
    lanes &= i32x4.bitmask(bound(a, residual, slot, threshold));
    if (lanes == 0) return;
  }
  const label = keyLabels + (<usize>((y * width + (xb << 2)) * labels) << 2);
  if (lanes & 1) take(i, f32x4.extract_lane(a, 0), label);
  if (lanes & 2) take(i, f32x4.extract_lane(a, 1), label + (<usize>labels << 2));
  if (lanes & 4) take(i, f32x4.extract_lane(a, 2), label + (<usize>labels << 3));
  if (lanes & 8) take(i, f32x4.extract_lane(a, 3), label + <usize>labels * 12);
}

/**
 * Scores of one query (a lane at `q`, 16 bytes per channel) against the four keys of a block over `length` channels.
 */
function dotBlock(q: usize, k: usize, length: i32): v128 {
  let a = f32x4.splat(0);
  let b = a, c = a, d = a;
  const end = k + (<usize>length << 4);
  while (k < end) {
    a = f32x4.add(a, f32x4.mul(v128.load(k), v128.load_splat<f32>(q)));
    b = f32x4.add(b, f32x4.mul(v128.load(k, 16), v128.load_splat<f32>(q, 16)));
    c = f32x4.add(c, f32x4.mul(v128.load(k, 32), v128.load_splat<f32>(q, 32)));
    d = f32x4.add(d, f32x4.mul(v128.load(k, 48), v128.load_splat<f32>(q, 48)));
    k += 64; q += 64;
  }
  return f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
}

/** Takes one candidate with its exact score, `copies` times. */
function take(i: i32, score: f32, label: usize): void {
  const index = load<i32>(tilePlaces + <usize>(i * 12), 8);
  if (topK == 0) {
    accumulate(i, index, score, label);
    return;
  }
  const list = scores + (<usize>(index * topK) << 2);
  const chosen = picks + (<usize>(index * topK) << 2);
  for (let n = 0; n < copies; n++) {
    if (!(score > load<f32>(list + (<usize>(topK - 1) << 2)))) return;
    let at = <usize>(topK - 1) << 2;
    while (at > 0 && score > load<f32>(list + at - 4)) {
      store<f32>(list + at, load<f32>(list + at - 4));
      store<u32>(chosen + at, load<u32>(chosen + at - 4));
      at -= 4;
    }
    store<f32>(list + at, score);
    store<u32>(chosen + at, <u32>label);
    raise(i, index, load<f32>(list + (<usize>(topK - 1) << 2)));
  }
}

@inline function raise(i: i32, index: i32, threshold: f32): void {
  store<f32>(tileThresholds + (<usize>i << 2), threshold);
  store<f32>(thresholds + (<usize>index << 2), threshold);
}

/** Softmax over all candidates in one pass: sums are rescaled whenever a larger score comes. */
function accumulate(i: i32, index: i32, score: f32, label: usize): void {
  const state = scores + (<usize>index << 3);
  const sums = picks + (<usize>(index * labels) << 2);
  const largest = load<f32>(state);
  if (score > largest) {
    const shrink = expf((largest - score) * inverseTemperature);
    store<f32>(state, score);
    store<f32>(state, load<f32>(state, 4) * shrink, 4);
    for (let l = 0; l < labels; l++) {
      const at = sums + (<usize>l << 2);
      store<f32>(at, load<f32>(at) * shrink);
    }
    raise(i, index, score - NEGLIGIBLE / inverseTemperature);
  }
  const weight = expf((score - load<f32>(state)) * inverseTemperature) * <f32>copies;
  store<f32>(state, load<f32>(state, 4) + weight, 4);
  for (let l = 0; l < labels; l++) {
    const at = sums + (<usize>l << 2);
    store<f32>(at, load<f32>(at) + weight * load<f32>(label + (<usize>l << 2)));
  }
}

function writeAll(index: i32, to: usize): void {
  const inverse = <f32>1 / load<f32>(scores + (<usize>index << 3), 4);
  for (let l = 0; l < labels; l++) {
    store<f32>(to + (<usize>l << 2), load<f32>(picks + (<usize>(index * labels + l) << 2)) * inverse);
  }
}

function writeSettled(index: i32, to: usize): void {
  const label = <i32>load<u8>(settled + <usize>index);
  for (let l = 0; l < labels; l++) store<f32>(to + (<usize>l << 2), l == label ? 1 : 0);
}

/** Softmax after top-k, then the weighted mean of the label vectors. */
function writeTopK(index: i32, to: usize): void {
  const list = scores + (<usize>(index * topK) << 2);
  const chosen = picks + (<usize>(index * topK) << 2);
  const largest = load<f32>(list);
  let sum: f32 = 0;
  for (let l = 0; l < labels; l++) store<f32>(to + (<usize>l << 2), 0);
  for (let n = 0; n < topK; n++) {
    const score = load<f32>(list + (<usize>n << 2));
    if (score == -f32.MAX_VALUE) break;
    const weight = expf((score - largest) * inverseTemperature);
    const label = <usize>load<u32>(chosen + (<usize>n << 2));
    sum += weight;
    for (let l = 0; l < labels; l++) {
      const at = to + (<usize>l << 2);
      store<f32>(at, load<f32>(at) + weight * load<f32>(label + (<usize>l << 2)));
    }
  }
  const inverse = <f32>1 / sum;
  for (let l = 0; l < labels; l++) {
    const at = to + (<usize>l << 2);
    store<f32>(at, load<f32>(at) * inverse);
  }
}
