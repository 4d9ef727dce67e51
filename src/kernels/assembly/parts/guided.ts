/**
 * @file Labels from cells to pixels, guided by the picture: the joint bilateral upsampling of
 * src/tracking/masks/guidedLabels.ts, four pixels at a time in float32, block by block. A block is the area between
 * four cell centres: its pixels depend on the same 4 x 4 cells. A block whose four cells have the same certain label is
 * filled with it.
 */
import {
  DECODE_ACROSS, DECODE_CELL_HEIGHT, DECODE_CELL_WIDTH, DECODE_CERTAIN, DECODE_COLOURS, DECODE_COLUMNS,
  DECODE_COUNTS, DECODE_DOWN, DECODE_FLOOR, DECODE_HEIGHT, DECODE_IDS, DECODE_INVERSE_RANGE, DECODE_LABELS,
  DECODE_LEAD, DECODE_OUT, DECODE_PICTURE, DECODE_ROWS, DECODE_SIDE, DECODE_SUMS, DECODE_VOTES, DECODE_WEIGHTS,
  DECODE_WIDTH, RUN_BYTES, RUN_FIRST, RUN_FROM, RUN_HIGH, RUN_LOW, RUN_TO, RUN_WEIGHT,
} from "../../constants/pixels";

/** Cells around a pixel, in each direction and in total. */
const SIDE: i32 = DECODE_SIDE;
const CELLS: i32 = SIDE * SIDE;
const UNCERTAIN: u8 = 255;

// Addresses and sizes, as in the parameter block.
let picture: usize = 0;
let out: usize = 0;
let weights: usize = 0;
let across: usize = 0;
let down: usize = 0;
let colours: usize = 0;
let certain: usize = 0;
let ids: usize = 0;
let sums: usize = 0;
let counts: usize = 0;
let votes: usize = 0;
let width: i32 = 0;
let height: i32 = 0;
let columns: i32 = 0;
let rows: i32 = 0;
let labels: i32 = 0;
let inverseRange: f32 = 0;
let floor: f32 = 0;
/** Pixels of a row of `across`. */
let acrossRow: usize = 0;
/** f32 edges of cells in pixels: size of a cell across and down. */
let cellWidth: f64 = 0;
let cellHeight: f64 = 0;

/**
 * Scratch after the votes: i32 addresses of the block's cells' weights, then their colours, then the labels that any
 * has.
 */
let near: usize = 0;
let present: usize = 0;
let presentCount: i32 = 0;

export function decode(params: usize, runsAcross: usize, acrossCount: i32, runsDown: usize, downCount: i32): void {
  readParameters(params);
  memory.fill(out, 0, <usize>(width * height));
  memory.fill(sums, 0, <usize>labels << 3);
  memory.fill(counts, 0, <usize>labels << 3);
  memory.fill(colours, 255, <usize>(columns * rows) << 4);
  markCertain(reinterpret<f32>(load<i32>(params, DECODE_LEAD)));
  for (let j = 0; j < downCount; j++) {
    const y = runsDown + <usize>(j * RUN_BYTES);
    for (let i = 0; i < acrossCount; i++) decodeBlock(runsAcross + <usize>(i * RUN_BYTES), y);
  }
}

function readParameters(at: usize): void {
  picture = load<u32>(at, DECODE_PICTURE);
  out = load<u32>(at, DECODE_OUT);
  weights = load<u32>(at, DECODE_WEIGHTS);
  across = load<u32>(at, DECODE_ACROSS);
  down = load<u32>(at, DECODE_DOWN);
  colours = load<u32>(at, DECODE_COLOURS);
  certain = load<u32>(at, DECODE_CERTAIN);
  ids = load<u32>(at, DECODE_IDS);
  sums = load<u32>(at, DECODE_SUMS);
  counts = load<u32>(at, DECODE_COUNTS);
  votes = load<u32>(at, DECODE_VOTES);
  width = load<i32>(at, DECODE_WIDTH);
  height = load<i32>(at, DECODE_HEIGHT);
  columns = load<i32>(at, DECODE_COLUMNS);
  rows = load<i32>(at, DECODE_ROWS);
  labels = load<i32>(at, DECODE_LABELS);
  inverseRange = load<f32>(at, DECODE_INVERSE_RANGE);
  floor = load<f32>(at, DECODE_FLOOR);
  cellWidth = load<f64>(at, DECODE_CELL_WIDTH);
  cellHeight = load<f64>(at, DECODE_CELL_HEIGHT);
  acrossRow = <usize>((width + 7) & ~3) << 2;
  near = votes + (<usize>labels << 4);
  present = near + CELLS * 8;
}

/** The strongest label of every cell, `UNCERTAIN` where another is within `lead` of it. */
function markCertain(lead: f32): void {
  for (let cell = 0; cell < columns * rows; cell++) {
    const at = weights + (<usize>(cell * labels) << 2);
    let best: f32 = load<f32>(at, DECODE_PICTURE);
    let second: f32 = -1;
    let label = 0;
    for (let l = 1; l < labels; l++) {
      const weight = load<f32>(at + (<usize>l << 2));
      if (weight > best) {
        second = best;
        best = weight;
        label = l;
      } else if (weight > second) second = weight;
    }
    store<u8>(certain + <usize>cell, second > best - lead ? UNCERTAIN : <u8>label);
  }
}

function decodeBlock(x: usize, y: usize): void {
  const low = load<i32>(x, RUN_LOW), high = load<i32>(x, RUN_HIGH);
  const upper = load<i32>(y, RUN_LOW) * columns, lower = load<i32>(y, RUN_HIGH) * columns;
  const label = load<u8>(certain + <usize>(upper + low));
  const same = label == load<u8>(certain + <usize>(upper + high)) && label == load<u8>(certain + <usize>(lower + low)) &&
    label == load<u8>(certain + <usize>(lower + high));
  if (same && label != UNCERTAIN) fillBlock(x, y, label);
  else voteBlock(x, y);
}

/** Gives the whole block one label; its weight at the pixels is interpolated between the four cells. */
function fillBlock(x: usize, y: usize, label: u8): void {
  const left = load<i32>(x, RUN_FROM), right = load<i32>(x, RUN_TO), top = load<i32>(y, RUN_FROM), bottom = load<i32>(y, RUN_TO);
  const nx = <f64>(right - left), ny = <f64>(bottom - top);
  const wx = <f64>load<f32>(x, RUN_WEIGHT), wy = <f64>load<f32>(y, RUN_WEIGHT);
  const upper = load<i32>(y, RUN_LOW) * columns, lower = load<i32>(y, RUN_HIGH) * columns;
  const low = load<i32>(x, RUN_LOW), high = load<i32>(x, RUN_HIGH);
  const sum = (weightOf(upper + low, label) * (nx - wx) + weightOf(upper + high, label) * wx) * (ny - wy) +
    (weightOf(lower + low, label) * (nx - wx) + weightOf(lower + high, label) * wx) * wy;
  tally(label, sum, nx * ny);
  const id = load<u8>(ids + <usize>label);
  if (id == 0) return;
  for (let row = top; row < bottom; row++) memory.fill(out + <usize>(row * width + left), id, <usize>(right - left));
}

@inline function weightOf(cell: i32, label: u8): f64 {
  return <f64>load<f32>(weights + (<usize>(cell * labels + <i32>label) << 2));
}

@inline function tally(label: i32, sum: f64, count: f64): void {
  const at = <usize>label << 3;
  store<f64>(sums + at, load<f64>(sums + at) + sum);
  store<f64>(counts + at, load<f64>(counts + at) + count);
}

function voteBlock(x: usize, y: usize): void {
  gather(load<i32>(x, RUN_FIRST), load<i32>(y, RUN_FIRST));
  const left = load<i32>(x, RUN_FROM), right = load<i32>(x, RUN_TO);
  if (presentCount == 1) {
    fillBlock(x, y, load<u8>(present));
    return;
  }
  for (let row = load<i32>(y, RUN_FROM); row < load<i32>(y, RUN_TO); row++) {
    for (let column = left; column < right; column += 4) {
      voteFour(column, row);
      takeFour(column, row, min(4, right - column));
    }
  }
}

/**
 * The 4 x 4 cells from (first, top) on, clamped to the grid: the addresses of their weights and colours, and their
 * labels.
 */
function gather(first: i32, top: i32): void {
  for (let l = 0; l < labels; l++) store<f32>(votes + (<usize>l << 2), 0);
  for (let j = 0; j < SIDE; j++) {
    const row = max(0, min(rows - 1, top + j)) * columns;
    for (let i = 0; i < SIDE; i++) {
      const cell = row + max(0, min(columns - 1, first + i));
      const at = weights + (<usize>(cell * labels) << 2);
      const colour = colours + (<usize>cell << 4);
      if (load<i32>(colour, 12) < 0) findColour(cell, colour);
      const slot = near + (<usize>(j * SIDE + i) << 3);
      store<u32>(slot, <u32>at);
      store<u32>(slot, <u32>colour, 4);
      for (let l: usize = 0; l < <usize>labels << 2; l += 4) store<f32>(votes + l, load<f32>(votes + l) + load<f32>(at + l));
    }
  }
  presentCount = 0;
  for (let l = 0; l < labels; l++) {
    if (load<f32>(votes + (<usize>l << 2)) <= 0) continue;
    store<u8>(present + <usize>presentCount, <u8>l);
    presentCount++;
  }
}

@inline function edge(cell: i32, pixels: f64): i32 {
  return <i32>Math.floor(<f64>cell * pixels + 0.5);
}

/** Mean colour of a cell's pixels, at least one of them. */
function findColour(cell: i32, to: usize): void {
  const cx = cell % columns, cy = cell / columns;
  const x0 = min(width - 1, edge(cx, cellWidth)), y0 = min(height - 1, edge(cy, cellHeight));
  const x1 = max(x0 + 1, min(width, edge(cx + 1, cellWidth))), y1 = max(y0 + 1, min(height, edge(cy + 1, cellHeight)));
  let r = 0, g = 0, b = 0;
  for (let y = y0; y < y1; y++) {
    const end = picture + <usize>((y * width + x1) * 3);
    for (let at = picture + <usize>((y * width + x0) * 3); at < end; at += 3) {
      r += load<u8>(at);
      g += load<u8>(at, 1);
      b += load<u8>(at, 2);
    }
  }
  const share = inverseRange / <f32>((x1 - x0) * (y1 - y0));
  store<f32>(to, <f32>r * share);
  store<f32>(to, <f32>g * share, 4);
  store<f32>(to, <f32>b * share, 8);
  store<i32>(to, 0, 12);
}

/** exp(-d) for d of 0..170: (1 - d / 256)^256, with an error below 0.3 % of 1. */
@inline function fading(d: v128): v128 {
  let e = f32x4.sub(f32x4.splat(1), f32x4.mul(d, f32x4.splat(1 / 256)));
  e = f32x4.mul(e, e); e = f32x4.mul(e, e); e = f32x4.mul(e, e); e = f32x4.mul(e, e);
  e = f32x4.mul(e, e); e = f32x4.mul(e, e); e = f32x4.mul(e, e); return f32x4.mul(e, e);
}

/** Votes of the block's cells for the labels that they have, at pixels x .. x + 3 of row y: `[present][4]` f32. */
function voteFour(x: i32, y: i32): void {
  const bytes = v128.load(picture + <usize>((y * width + x) * 3));
  const zero = i32x4.splat(0);
  const scale = f32x4.splat(inverseRange);
  const r = f32x4.mul(f32x4.convert_i32x4_s(i8x16.shuffle(bytes, zero, 0, 16, 16, 16, 3, 16, 16, 16, 6, 16, 16, 16, 9, 16, 16, 16)), scale);
  const g = f32x4.mul(f32x4.convert_i32x4_s(i8x16.shuffle(bytes, zero, 1, 16, 16, 16, 4, 16, 16, 16, 7, 16, 16, 16, 10, 16, 16, 16)), scale);
  const b = f32x4.mul(f32x4.convert_i32x4_s(i8x16.shuffle(bytes, zero, 2, 16, 16, 16, 5, 16, 16, 16, 8, 16, 16, 16, 11, 16, 16, 16)), scale);
  for (let p = 0; p < presentCount; p++) v128.store(votes + (<usize>p << 4), f32x4.splat(0));
  const own = across + (<usize>x << 2);
  for (let j = 0; j < SIDE; j++) {
    const high = v128.load_splat<f32>(down + (<usize>(y * SIDE + j) << 2));
    for (let i = 0; i < SIDE; i++) {
      const slot = near + (<usize>(j * SIDE + i) << 3);
      const colour = <usize>load<u32>(slot, 4);
      const dr = f32x4.sub(r, v128.load_splat<f32>(colour));
      const dg = f32x4.sub(g, v128.load_splat<f32>(colour, 4));
      const db = f32x4.sub(b, v128.load_splat<f32>(colour, 8));
      const d = f32x4.add(f32x4.add(f32x4.mul(dr, dr), f32x4.mul(dg, dg)), f32x4.mul(db, db));
      const distance = f32x4.mul(high, v128.load(own + <usize>i * acrossRow));
      const weight = f32x4.mul(distance, f32x4.add(fading(d), f32x4.splat(floor)));
      const cell = <usize>load<u32>(slot);
      for (let p = 0; p < presentCount; p++) {
        const at = votes + (<usize>p << 4);
        const share = v128.load_splat<f32>(cell + (<usize>load<u8>(present + <usize>p) << 2));
        v128.store(at, f32x4.add(v128.load(at), f32x4.mul(weight, share)));
      }
    }
  }
}

/**
 * The strongest label (the first of equals) takes each of `count` pixels from x on. A cell's weights sum to 1, and so
 * do the shares.
 */
function takeFour(x: i32, y: i32, count: i32): void {
  let best = v128.load(votes);
  let winner = i32x4.splat(0);
  let total = best;
  for (let p = 1; p < presentCount; p++) {
    const vote = v128.load(votes + (<usize>p << 4));
    const more = f32x4.gt(vote, best);
    best = v128.bitselect(vote, best, more);
    winner = v128.bitselect(i32x4.splat(p), winner, more);
    total = f32x4.add(total, vote);
  }
  best = f32x4.div(best, total);
  v128.store(votes, best);
  v128.store(votes + 16, winner);
  const to = out + <usize>(y * width + x);
  for (let n: usize = 0; n < <usize>count; n++) {
    const label = load<u8>(present + <usize>load<i32>(votes + 16 + (n << 2)));
    store<u8>(to + n, load<u8>(ids + <usize>label));
    tally(label, <f64>load<f32>(votes + (n << 2)), 1);
  }
}
