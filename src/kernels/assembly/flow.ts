/**
 * @file Dense optical flow between two grey pictures, coarse to fine (compiled to dist/kernels/flow.wasm).
 *
 * Dense inverse search (Kroeger et al., ECCV 2016, arXiv 1603.03590) in both directions at once. On every level of the
 * pyramid:
 * 1. search: 8 x 8 patches every 4 pixels; each starts at the best of several displacements of the coarser level, on the
 *    coarsest at 0 or at the best of those all around, and is refined by inverse-compositional Gauss-Newton steps on the mean-normalised difference;
 * 2. agree: the displacement of a patch becomes the mean over the patches around it with (almost) the same motion,
 *    weighted by how well their texture determines them: less noise in smooth motion, and motion boundaries stay sharp;
 * 3. densify: the flow of a pixel is the mean of its patches' displacements, weighted by 1 / max(1, |difference|).
 * Pictures are smoothed first (1 2 1 across and down): bilinear sampling between pixels is exact enough only on smooth
 * pictures. Nothing depends on the order of patches, so the result does not depend on the number of threads.
 *
 * `grey`: RGB bytes -> level 0, shrunk by a whole factor (box filter). `flow`: level 0 of both pictures -> flow of both
 * directions, and the forward-backward check. The workers meet at barriers between the steps
 * (src/kernels/opticalFlow.ts).
 */

import {
  ARRIVED, CELL, CELLS_HEIGHT, CELLS_WIDTH, DIRECTIONS, EVIDENCE, FACTOR, GENERATION, ITERATIONS, LEVELS,
  LEVEL_WORDS, L_COLUMNS, L_HEIGHT, L_IMAGE, L_PATCHES, L_ROWS, L_STRIDE, L_U, L_V, L_WIDTH, MAP, NEXT_STRIP, PAD,
  PARAMS, RESIDUALS, RGB, RGB_WIDTH, SCRATCH, SCRATCH_BYTES, TABLE, THREADS, VALID,
} from "../constants/flow";

const PATCH_PIXELS: f32 = 64;
/** Added to the diagonal of the normal matrix: flat patches do not move (grey levels squared, of a whole patch). */
const RIDGE: f32 = 16;
/** A patch that moves farther than this from its start is lost, pixels. */
const REACH: f32 = 8;
/** Displacements that are tried on the coarsest level: so far at most, and so far apart, pixels. */
const FARTHEST: f32 = 6;
const STRIDE: f32 = 2;
/** A step below this ends the search, squared pixels. */
const SETTLED: f32 = 0.0004;
/**
 * Neighbouring patches whose displacements differ by less than this (sum over both components) move together, pixels.
 */
const AGREED: f32 = 0.5;
/** Added to the trust in every patch, so that all patches with texture count about the same. */
const LEAST_TRUST: f32 = 500;
/** Longest sleep at a barrier, nanoseconds: V8 can end a worker only when it is awake. */
const NAP: i64 = 2000000;
/** How long a worker spins at a barrier before it sleeps. */
const SPINS: i32 = 2000;

@inline function word(index: i32): i32 {
  return load<i32>(<usize>PARAMS + (<usize>index << 2));
}

@inline function field(level: i32, index: i32): i32 {
  return load<i32>(<usize>word(TABLE) + <usize>(level * LEVEL_WORDS * 4) + (<usize>index << 2));
}

@inline function nextStrip(): i32 {
  return atomic.add<i32>(<usize>PARAMS + (NEXT_STRIP << 2), 1);
}

/** Waits for all workers, then restarts the strip counter at 0. */
function barrier(): void {
  const generation = atomic.load<i32>(<usize>PARAMS + (GENERATION << 2));
  if (atomic.add<i32>(<usize>PARAMS + (ARRIVED << 2), 1) == word(THREADS) - 1) {
    atomic.store<i32>(<usize>PARAMS + (ARRIVED << 2), 0);
    atomic.store<i32>(<usize>PARAMS + (NEXT_STRIP << 2), 0);
    atomic.add<i32>(<usize>PARAMS + (GENERATION << 2), 1);
    atomic.notify(<usize>PARAMS + (GENERATION << 2), -1);
    return;
  }
  for (let i = 0; i < SPINS; i++) {
    if (atomic.load<i32>(<usize>PARAMS + (GENERATION << 2)) != generation) return;
  }
  while (atomic.load<i32>(<usize>PARAMS + (GENERATION << 2)) == generation) {
    atomic.wait<i32>(<usize>PARAMS + (GENERATION << 2), generation, NAP);
  }
}

// ------------------------------------------------------------------------------------------------------------ pictures

/** Rec. 601 luma of both RGB pictures, mean over factor x factor pixels, as level 0. */
export function grey(thread: i32): void {
  const height = field(0, L_HEIGHT);
  for (let item = nextStrip(); item < 2 * height; item = nextStrip()) {
    greyRow(item & 1, item >> 1);
  }
}

function greyRow(picture: i32, y: i32): void {
  const factor = word(FACTOR);
  const width = field(0, L_WIDTH);
  const rowBytes = <usize>(word(RGB_WIDTH) * 3);
  const scale: f32 = <f32>1 / <f32>(factor * factor * 1000);
  const to = <usize>field(0, L_IMAGE + picture) + <usize>y * <usize>field(0, L_STRIDE);
  const from = <usize>word(RGB + picture) + <usize>(y * factor) * rowBytes;
  for (let x = 0; x < width; x++) {
    let sum = 0;
    for (let j = 0; j < factor; j++) {
      let p = from + <usize>j * rowBytes + <usize>(x * factor * 3);
      for (let i = 0; i < factor; i++) {
        sum += 299 * <i32>load<u8>(p) + 587 * <i32>load<u8>(p, 1) + 114 * <i32>load<u8>(p, 2);
        p += 3;
      }
    }
    store<f32>(to + (<usize>x << 2), <f32>sum * scale);
  }
}

/** Makes all levels of a picture from its level 0. */
function buildPyramid(picture: i32, scratch: usize): void {
  pad(0, picture);
  smooth(picture, scratch);
  pad(0, picture);
  for (let level = 1; level < word(LEVELS); level++) {
    halve(level, picture);
    pad(level, picture);
  }
}

/** Binomial filter (1 2 1) / 4 across and down, in place: bilinear sampling is exact enough only on smooth pictures. */
function smooth(picture: i32, scratch: usize): void {
  const width = field(0, L_WIDTH);
  const height = field(0, L_HEIGHT);
  const stride = <usize>field(0, L_STRIDE);
  const half = f32x4.splat(0.5), quarter = f32x4.splat(0.25);
  const bytes = <usize>((width + 3) >> 2) << 4;
  let row = <usize>field(0, L_IMAGE + picture);
  memory.copy(scratch, row, bytes);
  for (let y = 0; y < height; y++) {
    for (let x: usize = 0; x < bytes; x += 16) {
      const here = v128.load(row + x);
      const sum = f32x4.add(v128.load(scratch + x), v128.load(row + x + stride));
      v128.store(scratch + x, here);
      v128.store(row + x, f32x4.add(f32x4.mul(here, half), f32x4.mul(sum, quarter)));
    }
    let before = load<f32>(row);
    const last = row + (<usize>(width - 1) << 2);
    const end = load<f32>(last);
    store<f32>(last + 4, end);
    for (let x: usize = 0; x < bytes; x += 16) {
      const here = v128.load(row + x);
      const left = v128.shuffle<f32>(f32x4.splat(before), here, 0, 4, 5, 6);
      before = f32x4.extract_lane(here, 3);
      const sum = f32x4.add(left, v128.load(row + x, 4));
      v128.store(row + x, f32x4.add(f32x4.mul(here, half), f32x4.mul(sum, quarter)));
    }
    row += stride;
  }
}

/** Mean over 2 x 2 pixels of the finer level; the odd last row and column of that are left out. */
function halve(level: i32, picture: i32): void {
  const width = field(level, L_WIDTH);
  const height = field(level, L_HEIGHT);
  const stride = <usize>field(level - 1, L_STRIDE);
  const quarter = f32x4.splat(0.25);
  for (let y = 0; y < height; y++) {
    let from = <usize>field(level - 1, L_IMAGE + picture) + <usize>(2 * y) * stride;
    let to = <usize>field(level, L_IMAGE + picture) + <usize>y * <usize>field(level, L_STRIDE);
    for (let x = 0; x < width; x += 4) {
      const a = f32x4.add(v128.load(from), v128.load(from + stride));
      const b = f32x4.add(v128.load(from, 16), v128.load(from + stride, 16));
      const even = v128.shuffle<f32>(a, b, 0, 2, 4, 6);
      const odd = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
      v128.store(to, f32x4.mul(f32x4.add(even, odd), quarter));
      from += 32;
      to += 16;
    }
  }
}

/** Repeats the border pixels PAD times on every side. */
function pad(level: i32, picture: i32): void {
  const width = field(level, L_WIDTH);
  const height = field(level, L_HEIGHT);
  const stride = <usize>field(level, L_STRIDE);
  const image = <usize>field(level, L_IMAGE + picture);
  const right = <i32>(stride >> 2) - PAD;
  for (let y = 0; y < height; y++) {
    const row = image + <usize>y * stride;
    const first = load<f32>(row);
    const last = load<f32>(row + (<usize>(width - 1) << 2));
    for (let x = 1; x <= PAD; x++) store<f32>(row - (<usize>x << 2), first);
    for (let x = width; x < right; x++) store<f32>(row + (<usize>x << 2), last);
  }
  const top = image - (<usize>PAD << 2);
  const bottom = top + <usize>(height - 1) * stride;
  for (let y = 1; y <= PAD; y++) memory.copy(top - <usize>y * stride, top, stride);
  for (let y = 1; y <= PAD + 4; y++) memory.copy(bottom + <usize>y * stride, bottom, stride);
}

// -------------------------------------------------------------------------------------------------------------- search

/** Template of the current patch: rows of 96 bytes, eight grey values, eight x and eight y derivatives. */
let template: usize = 0;
/** Place of the current patch, and the frame that it is searched in. */
let patchX: f32 = 0, patchY: f32 = 0;
let highX: f32 = 0, highY: f32 = 0;
let target: usize = 0, targetStride: usize = 0;

/** (sum a, sum b, sum c, sum d). */
@inline function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

@inline function mix(a: v128, b: v128, t: v128): v128 {
  return f32x4.add(a, f32x4.mul(t, f32x4.sub(b, a)));
}

/** Four pixels from `p` on, shifted right by `t` of a pixel. */
@inline function across(p: usize, t: v128): v128 {
  return mix(v128.load(p), v128.load(p, 4), t);
}

/** Copies the patch with its derivatives; returns (sum gx^2, sum gx gy, sum gy^2, -) of the mean-normalised patch. */
let sumGx: f32 = 0, sumGy: f32 = 0;
function openTemplate(source: usize, stride: usize): v128 {
  const half = f32x4.splat(0.5);
  let gxx = f32x4.splat(0);
  let gxy = gxx, gyy = gxx, gx1 = gxx, gy1 = gxx;
  let p = source;
  let to = template;
  for (let i = 0; i < 16; i++) {
    const gx = f32x4.mul(half, f32x4.sub(v128.load(p, 4), v128.load(p - 4)));
    const gy = f32x4.mul(half, f32x4.sub(v128.load(p + stride), v128.load(p - stride)));
    v128.store(to, v128.load(p));
    v128.store(to, gx, 32);
    v128.store(to, gy, 64);
    gxx = f32x4.add(gxx, f32x4.mul(gx, gx));
    gxy = f32x4.add(gxy, f32x4.mul(gx, gy));
    gyy = f32x4.add(gyy, f32x4.mul(gy, gy));
    gx1 = f32x4.add(gx1, gx);
    gy1 = f32x4.add(gy1, gy);
    p += i & 1 ? stride - 16 : 16;
    to += i & 1 ? 80 : 16;
  }
  const second = sums(gxx, gxy, gyy, gx1);
  const first = sums(gx1, gy1, gx1, gy1);
  sumGx = f32x4.extract_lane(first, 0);
  sumGy = f32x4.extract_lane(first, 1);
  const means = f32x4.mul(f32x4(sumGx * sumGx, sumGx * sumGy, sumGy * sumGy, 0), f32x4.splat(<f32>1 / PATCH_PIXELS));
  return f32x4.sub(second, means);
}

/** (sum d, sum d^2, sum d gx, sum d gy) of the difference d between the displaced patch and the template. */
function compare(u: f32, v: f32): v128 {
  const x = min(max(patchX + u, <f32>-12), highX);
  const y = min(max(patchY + v, <f32>-12), highY);
  const x0 = floor(x);
  const y0 = floor(y);
  const fx = f32x4.splat(x - x0);
  const fy = f32x4.splat(y - y0);
  const stride = targetStride;
  let p = target + <usize>(<i32>y0) * stride + (<usize>(<i32>x0) << 2);
  let left = across(p, fx);
  let right = across(p + 16, fx);
  let d1 = f32x4.splat(0);
  let d2 = d1, dx = d1, dy = d1;
  let t = template;
  const end = t + 768;
  while (t < end) {
    p += stride;
    const nextLeft = across(p, fx);
    const nextRight = across(p + 16, fx);
    let d = f32x4.sub(mix(left, nextLeft, fy), v128.load(t));
    d1 = f32x4.add(d1, d);
    d2 = f32x4.add(d2, f32x4.mul(d, d));
    dx = f32x4.add(dx, f32x4.mul(d, v128.load(t, 32)));
    dy = f32x4.add(dy, f32x4.mul(d, v128.load(t, 64)));
    d = f32x4.sub(mix(right, nextRight, fy), v128.load(t, 16));
    d1 = f32x4.add(d1, d);
    d2 = f32x4.add(d2, f32x4.mul(d, d));
    dx = f32x4.add(dx, f32x4.mul(d, v128.load(t, 48)));
    dy = f32x4.add(dy, f32x4.mul(d, v128.load(t, 80)));
    left = nextLeft;
    right = nextRight;
    t += 96;
  }
  return sums(d1, d2, dx, dy);
}

/** Squared difference without the means. */
@inline function costOf(s: v128): f32 {
  const d1 = f32x4.extract_lane(s, 0);
  return f32x4.extract_lane(s, 1) - d1 * d1 * (<f32>1 / PATCH_PIXELS);
}

function searchRow(level: i32, direction: i32, row: i32): void {
  const columns = field(level, L_COLUMNS);
  const stride = <usize>field(level, L_STRIDE);
  const source = <usize>field(level, L_IMAGE + direction) + <usize>(4 * row) * stride;
  target = field(level, L_IMAGE + 1 - direction);
  targetStride = stride;
  highX = <f32>(field(level, L_WIDTH) + 4);
  highY = <f32>(field(level, L_HEIGHT) + 4);
  const out = <usize>field(level, L_PATCHES + direction) + (<usize>(row * columns) << 4);
  patchY = <f32>(row * 4);
  for (let column = 0; column < columns; column++) {
    patchX = <f32>(column * 4);
    const hessian = openTemplate(source + (<usize>column << 4), stride);
    begin(level, direction, row, column, hessian);
    refine(hessian);
    v128.store(out + (<usize>column << 4), f32x4(bestU, bestV, trustIn(hessian), 0));
  }
}

/**
 * About the smaller eigenvalue of the normal matrix: how well the patch determines both components of its displacement.
 */
@inline function trustIn(hessian: v128): f32 {
  const xx = f32x4.extract_lane(hessian, 0), xy = f32x4.extract_lane(hessian, 1), yy = f32x4.extract_lane(hessian, 2);
  return max(xx * yy - xy * xy, <f32>0) / (xx + yy + 1) + LEAST_TRUST;
}

let bestU: f32 = 0, bestV: f32 = 0, bestCost: f32 = 0;
let bestSums: v128 = f32x4.splat(0);

/** Starts from the best displacement of the coarser level here and around. */
function begin(level: i32, direction: i32, row: i32, column: i32, hessian: v128): void {
  bestU = 0;
  bestV = 0;
  const coarser = level + 1;
  if (coarser < word(LEVELS)) {
    const x = 2 * column + 1;
    const y = 2 * row + 1;
    const width = field(coarser, L_WIDTH) - 1;
    const height = field(coarser, L_HEIGHT) - 1;
    const stride = <usize>(field(coarser, L_COLUMNS) + 1) << 4;
    const u = <usize>field(coarser, L_U + direction);
    const v = <usize>field(coarser, L_V + direction);
    const x0 = min(x, width), x1 = min(x + 1, width);
    const y0 = <usize>min(y, height) * stride, y1 = <usize>min(y + 1, height) * stride;
    const a = y0 + (<usize>x0 << 2), b = y0 + (<usize>x1 << 2), c = y1 + (<usize>x0 << 2), d = y1 + (<usize>x1 << 2);
    bestU = <f32>0.5 * (load<f32>(u + a) + load<f32>(u + b) + load<f32>(u + c) + load<f32>(u + d));
    bestV = <f32>0.5 * (load<f32>(v + a) + load<f32>(v + b) + load<f32>(v + c) + load<f32>(v + d));
    bestSums = compare(bestU, bestV);
    bestCost = costOf(bestSums);
    const near = <usize>min(x, width) << 2;
    offer(u, v, y0 + (<usize>max(x - 3, 0) << 2));
    offer(u, v, y0 + (<usize>min(x + 4, width) << 2));
    offer(u, v, <usize>min(max(y - 3, 0), height) * stride + near);
    offer(u, v, <usize>min(y + 4, height) * stride + near);
  } else {
    bestSums = compare(0, 0);
    bestCost = costOf(bestSums);
    refine(hessian);
    tryAround();
  }
}

/**
 * The start on the coarsest level: where the search from 0 leads, or of displacements all around one that differs less,
 * with the same prior against moving as the steps of the search have. From 0 alone what moves farther than a pixel or two
 * of this level is lost.
 */
function tryAround(): void {
  let least = bestCost;
  for (let v: f32 = -FARTHEST; v <= FARTHEST; v += STRIDE) {
    for (let u: f32 = -FARTHEST; u <= FARTHEST; u += STRIDE) {
      const s = compare(u, v);
      const cost = costOf(s);
      const penalised = cost + RIDGE * (u * u + v * v);
      if (penalised >= least) continue;
      least = penalised;
      bestU = u;
      bestV = v;
      bestCost = cost;
      bestSums = s;
    }
  }
}

function offer(u: usize, v: usize, at: usize): void {
  const nextU = <f32>2 * load<f32>(u + at);
  const nextV = <f32>2 * load<f32>(v + at);
  if (abs(nextU - bestU) + abs(nextV - bestV) < 0.25) return;
  const s = compare(nextU, nextV);
  const cost = costOf(s);
  if (cost >= bestCost) return;
  bestU = nextU;
  bestV = nextV;
  bestCost = cost;
  bestSums = s;
}

/** Gauss-Newton steps from (bestU, bestV); keeps the displacement with the lowest cost. */
function refine(hessian: v128): void {
  const hxx = f32x4.extract_lane(hessian, 0) + RIDGE;
  const hxy = f32x4.extract_lane(hessian, 1);
  const hyy = f32x4.extract_lane(hessian, 2) + RIDGE;
  const inverse = <f32>1 / (hxx * hyy - hxy * hxy);
  const u0 = bestU, v0 = bestV;
  let s = bestSums;
  let u = u0, v = v0;
  const iterations = word(ITERATIONS);
  for (let i = 0; i < iterations; i++) {
    const mean = f32x4.extract_lane(s, 0) * (<f32>1 / PATCH_PIXELS);
    const bx = f32x4.extract_lane(s, 2) - mean * sumGx;
    const by = f32x4.extract_lane(s, 3) - mean * sumGy;
    const du = (hyy * bx - hxy * by) * inverse;
    const dv = (hxx * by - hxy * bx) * inverse;
    u -= du;
    v -= dv;
    if (abs(u - u0) > REACH || abs(v - v0) > REACH) break;
    s = compare(u, v);
    const cost = costOf(s);
    if (cost >= bestCost) break;
    bestCost = cost;
    bestSums = s;
    bestU = u;
    bestV = v;
    if (du * du + dv * dv < SETTLED) break;
  }
}

// ------------------------------------------------------------------------------------------------------------- densify

/** Four rows of pixels, from the one or two rows of patches that cover them. */
function densifyStrip(level: i32, direction: i32, strip: i32, scratch: usize): void {
  const columns = field(level, L_COLUMNS);
  const rows = field(level, L_ROWS);
  const rowBytes = <usize>(columns + 1) << 4;
  const bytes = rowBytes << 2;
  memory.fill(scratch, 0, 3 * bytes);
  const stride = <usize>field(level, L_STRIDE);
  const source = <usize>field(level, L_IMAGE + direction) + <usize>(4 * strip) * stride;
  target = field(level, L_IMAGE + 1 - direction);
  targetStride = stride;
  highX = <f32>(field(level, L_WIDTH) + 4);
  highY = <f32>(field(level, L_HEIGHT) + 4);
  const patches = <usize>field(level, L_PATCHES + direction);
  for (let row = max(strip - 1, 0); row <= min(strip, rows - 1); row++) {
    for (let column = 0; column < columns; column++) {
      agree(patches, row, column, rows, columns);
      spread(strip, column, agreedU, agreedV, source + (<usize>column << 4), scratch + (<usize>column << 4), rowBytes);
    }
  }
  let u = <usize>field(level, L_U + direction) + <usize>(4 * strip) * rowBytes;
  let v = <usize>field(level, L_V + direction) + <usize>(4 * strip) * rowBytes;
  const end = scratch + bytes;
  for (let p = scratch; p < end; p += 16) {
    const inverse = f32x4.div(f32x4.splat(1), v128.load(p));
    v128.store(u, f32x4.mul(v128.load(p + bytes), inverse));
    v128.store(v, f32x4.mul(v128.load(p + 2 * bytes), inverse));
    u += 16;
    v += 16;
  }
}

let agreedU: f32 = 0, agreedV: f32 = 0;

/** Mean displacement of a patch and those around it that agree with it, weighted by trust. */
function agree(patches: usize, row: i32, column: i32, rows: i32, columns: i32): void {
  const own = patches + (<usize>(row * columns + column) << 4);
  const u = load<f32>(own), v = load<f32>(own, 4);
  let sum: f32 = 0, sumU: f32 = 0, sumV: f32 = 0;
  for (let j = max(row - 1, 0); j <= min(row + 1, rows - 1); j++) {
    for (let i = max(column - 1, 0); i <= min(column + 1, columns - 1); i++) {
      const patch = patches + (<usize>(j * columns + i) << 4);
      const pu = load<f32>(patch), pv = load<f32>(patch, 4);
      if (abs(pu - u) + abs(pv - v) >= AGREED) continue;
      const trust = load<f32>(patch, 8);
      sum += trust;
      sumU += trust * pu;
      sumV += trust * pv;
    }
  }
  agreedU = sumU / sum;
  agreedV = sumV / sum;
}

/** Adds (weight, weight u, weight v) of the four rows of one patch that lie in the strip. */
function spread(strip: i32, column: i32, u: f32, v: f32, source: usize, to: usize, rowBytes: usize): void {
  const x = min(max(<f32>(column * 4) + u, <f32>-12), highX);
  const y = min(max(<f32>(strip * 4) + v, <f32>-12), highY + 4);
  const x0 = floor(x);
  const y0 = floor(y);
  const fx = f32x4.splat(x - x0);
  const fy = f32x4.splat(y - y0);
  const uu = f32x4.splat(u);
  const vv = f32x4.splat(v);
  const plane = rowBytes << 2;
  const stride = targetStride;
  for (let side = 0; side < 2; side++) {
    let p = target + <usize>(<i32>y0) * stride + (<usize>(<i32>x0) << 2) + (<usize>side << 4);
    let q = source + (<usize>side << 4);
    let o = to + (<usize>side << 4);
    let above = across(p, fx);
    for (let i = 0; i < 4; i++) {
      p += stride;
      const below = across(p, fx);
      const difference = f32x4.abs(f32x4.sub(mix(above, below, fy), v128.load(q)));
      const weight = f32x4.div(f32x4.splat(1), f32x4.max(f32x4.splat(1), difference));
      v128.store(o, f32x4.add(v128.load(o), weight));
      v128.store(o + plane, f32x4.add(v128.load(o + plane), f32x4.mul(weight, uu)));
      v128.store(o + 2 * plane, f32x4.add(v128.load(o + 2 * plane), f32x4.mul(weight, vv)));
      above = below;
      q += stride;
      o += rowBytes;
    }
  }
}

// --------------------------------------------------------------------------------------------------------------- check

/** One row of the forward-backward check of direction 0. */
function checkRow(y: i32): void {
  const width = field(0, L_WIDTH);
  const height = field(0, L_HEIGHT);
  const rowBytes = <usize>(field(0, L_COLUMNS) + 1) << 4;
  const u0 = <usize>field(0, L_U), v0 = <usize>field(0, L_V);
  const u1 = <usize>field(0, L_U + 1), v1 = <usize>field(0, L_V + 1);
  for (let x = 0; x < width; x++) {
    const at = <usize>y * rowBytes + (<usize>x << 2);
    const u = load<f32>(u0 + at);
    const v = load<f32>(v0 + at);
    const px = <f32>x + u;
    const py = <f32>y + v;
    const out = <usize>(y * width + x);
    const inside = px >= -0.5 && py >= -0.5 && px <= <f32>width - 0.5 && py <= <f32>height - 0.5;
    const cx = min(max(px, <f32>0), <f32>(width - 1));
    const cy = min(max(py, <f32>0), <f32>(height - 1));
    const x0 = <i32>cx, y0 = <i32>cy;
    const fx = cx - <f32>x0, fy = cy - <f32>y0;
    const x1 = min(x0 + 1, width - 1), y1 = min(y0 + 1, height - 1);
    const bu = sample(u1, rowBytes, x0, x1, y0, y1, fx, fy);
    const bv = sample(v1, rowBytes, x0, x1, y0, y1, fx, fy);
    const du = u + bu, dv = v + bv;
    const limit = <f32>0.01 * (u * u + v * v + bu * bu + bv * bv) + <f32>0.5;
    store<u8>(<usize>word(VALID) + out, <u8>(inside && du * du + dv * dv <= limit));
  }
}

@inline function sample(plane: usize, rowBytes: usize, x0: i32, x1: i32, y0: i32, y1: i32, fx: f32, fy: f32): f32 {
  const top = plane + <usize>y0 * rowBytes, bottom = plane + <usize>y1 * rowBytes;
  const a = load<f32>(top + (<usize>x0 << 2)), b = load<f32>(top + (<usize>x1 << 2));
  const c = load<f32>(bottom + (<usize>x0 << 2)), d = load<f32>(bottom + (<usize>x1 << 2));
  const above = a + fx * (b - a);
  return above + fy * (c + fx * (d - c) - above);
}

// ------------------------------------------------------------------------------------------------------------ evidence

/** Pixels around a cell that its evidence is taken from. */
const AROUND: i32 = 3;

/**
 * How well two explanations of direction 0 fit: MAP (a 3 x 3 matrix on pixel corners) and the flow just computed. For
 * every cell of CELL x CELL pixels the variance of the differences in its neighbourhood (so that lighting does not
 * count): two planes.
 */
export function evidence(thread: i32): void {
  for (let y = nextStrip(); y < field(0, L_HEIGHT); y = nextStrip()) residualRow(y);
  barrier();
  for (let y = nextStrip(); y < word(CELLS_HEIGHT); y = nextStrip()) {
    for (let x = 0; x < word(CELLS_WIDTH); x++) weigh(x, y);
  }
}

@inline function mapWord(index: i32): f32 {
  return load<f32>(<usize>PARAMS + (<usize>(MAP + index) << 2));
}

/** Differences of one row by the map and by the flow; both NaN where the map leaves the picture. */
function residualRow(y: i32): void {
  const width = field(0, L_WIDTH);
  const rowBytes = <usize>(field(0, L_COLUMNS) + 1) << 4;
  const plane = <usize>(width * field(0, L_HEIGHT)) << 2;
  const image = <usize>field(0, L_IMAGE) + <usize>y * <usize>field(0, L_STRIDE);
  let to = <usize>word(RESIDUALS) + (<usize>(y * width) << 2);
  const cy = <f32>y + <f32>0.5;
  for (let x = 0; x < width; x++) {
    const cx = <f32>x + <f32>0.5;
    const w = <f32>1 / (mapWord(6) * cx + mapWord(7) * cy + mapWord(8));
    const mx = (mapWord(0) * cx + mapWord(1) * cy + mapWord(2)) * w - <f32>0.5;
    const my = (mapWord(3) * cx + mapWord(4) * cy + mapWord(5)) * w - <f32>0.5;
    const here = load<f32>(image + (<usize>x << 2));
    const at = <usize>y * rowBytes + (<usize>x << 2);
    store<f32>(to, interpolated(mx, my) - here);
    store<f32>(to + plane, interpolated(<f32>x + load<f32>(<usize>field(0, L_U) + at), <f32>y + load<f32>(<usize>field(0, L_V) + at)) - here);
    to += 4;
  }
}

/** The second picture between its pixels; NaN outside. */
function interpolated(x: f32, y: f32): f32 {
  const width = field(0, L_WIDTH), height = field(0, L_HEIGHT);
  if (!(x >= -0.5 && y >= -0.5 && x <= <f32>width - 0.5 && y <= <f32>height - 0.5)) return NaN;
  const cx = min(max(x, <f32>0), <f32>(width - 1));
  const cy = min(max(y, <f32>0), <f32>(height - 1));
  const x0 = <i32>cx, y0 = <i32>cy;
  return sample(field(0, L_IMAGE + 1), <usize>field(0, L_STRIDE), x0, min(x0 + 1, width - 1), y0, min(y0 + 1, height - 1), cx - <f32>x0, cy - <f32>y0);
}

function weigh(cellX: i32, cellY: i32): void {
  const width = field(0, L_WIDTH);
  const plane = <usize>(width * field(0, L_HEIGHT)) << 2;
  const cell = word(CELL);
  const left = max(cellX * cell - AROUND, 0), right = min((cellX + 1) * cell + AROUND, width);
  const top = max(cellY * cell - AROUND, 0), bottom = min((cellY + 1) * cell + AROUND, field(0, L_HEIGHT));
  let n: f32 = 0, a1: f32 = 0, a2: f32 = 0, b1: f32 = 0, b2: f32 = 0;
  for (let y = top; y < bottom; y++) {
    let p = <usize>word(RESIDUALS) + (<usize>(y * width + left) << 2);
    for (let x = left; x < right; x++) {
      const a = load<f32>(p), b = load<f32>(p + plane);
      p += 4;
      if (isNaN<f32>(a + b)) continue;
      n += 1;
      a1 += a;
      a2 += a * a;
      b1 += b;
      b2 += b * b;
    }
  }
  const out = <usize>word(EVIDENCE) + (<usize>(cellY * word(CELLS_WIDTH) + cellX) << 2);
  const cells = <usize>(word(CELLS_WIDTH) * word(CELLS_HEIGHT)) << 2;
  const share: f32 = n > 0 ? <f32>1 / n : 0;
  store<f32>(out, max((a2 - a1 * a1 * share) * share, <f32>0));
  store<f32>(out + cells, max((b2 - b1 * b1 * share) * share, <f32>0));
}

/** Level 0 of both pictures -> dense flow; with both directions also the check. */
export function flow(thread: i32): void {
  const scratch = <usize>word(SCRATCH) + <usize>thread * <usize>word(SCRATCH_BYTES);
  template = scratch;
  const directions = word(DIRECTIONS);
  for (let item = nextStrip(); item < 2; item = nextStrip()) buildPyramid(item, scratch + 1024);
  barrier();
  for (let level = word(LEVELS) - 1; level >= 0; level--) {
    const rows = field(level, L_ROWS);
    for (let item = nextStrip(); item < rows * directions; item = nextStrip()) {
      searchRow(level, item % directions, item / directions);
    }
    barrier();
    for (let item = nextStrip(); item < (rows + 1) * directions; item = nextStrip()) {
      densifyStrip(level, item % directions, item / directions, scratch + 1024);
    }
    barrier();
  }
  if (directions < 2) return;
  for (let y = nextStrip(); y < field(0, L_HEIGHT); y = nextStrip()) checkRow(y);
}
