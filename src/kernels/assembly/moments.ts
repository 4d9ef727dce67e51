/**
 * @file Linear models of feature cells (compiled to dist/kernels/moments.wasm), one thread: box means, sums of outer
 * products, scores, ridge regression.
 *
 * Descriptors are planes `[dims][stride]` float32; dims and stride are multiples of four.
 */
import { PANEL } from "../constants/moments";

/** The four lanes of a vector together. */
@inline function lanes(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** Copies listed cells, from `first` on at most `PANEL`, into a panel `[dims][PANEL]`; zeros where the list ends. */
function gather(planes: usize, stride: i32, dims: i32, list: usize, first: i32, count: i32, panel: usize): void {
  const here = min(PANEL, count - first);
  for (let d = 0; d < dims; d++) {
    const from = planes + (<usize>(d * stride) << 2);
    const to = panel + (<usize>(d * PANEL) << 2);
    for (let i = 0; i < here; i++) {
      const cell = load<i32>(list + (<usize>(first + i) << 2));
      store<f32>(to + (<usize>i << 2), load<f32>(from + (<usize>cell << 2)));
    }
    for (let i = here; i < PANEL; i++) store<f32>(to + (<usize>i << 2), 0);
  }
}

/** Adds the products of four rows with four others, summed over the panel, to `out` `[dims][dims]` float64. */
function addTile(panel: usize, a: i32, b: i32, dims: i32, out: usize): void {
  const row = <usize>PANEL << 2;
  const rowsA = panel + <usize>a * row;
  const rowsB = panel + <usize>b * row;
  for (let half = 0; half < 4; half += 2) {
    const a0 = rowsA + <usize>half * row;
    const a1 = a0 + row;
    let s00 = f32x4.splat(0), s01 = f32x4.splat(0), s02 = f32x4.splat(0), s03 = f32x4.splat(0);
    let s10 = f32x4.splat(0), s11 = f32x4.splat(0), s12 = f32x4.splat(0), s13 = f32x4.splat(0);
    for (let at: usize = 0; at < row; at += 16) {
      const x0 = v128.load(a0 + at);
      const x1 = v128.load(a1 + at);
      const y0 = v128.load(rowsB + at);
      const y1 = v128.load(rowsB + row + at);
      const y2 = v128.load(rowsB + 2 * row + at);
      const y3 = v128.load(rowsB + 3 * row + at);
      s00 = f32x4.add(s00, f32x4.mul(x0, y0));
      s01 = f32x4.add(s01, f32x4.mul(x0, y1));
      s02 = f32x4.add(s02, f32x4.mul(x0, y2));
      s03 = f32x4.add(s03, f32x4.mul(x0, y3));
      s10 = f32x4.add(s10, f32x4.mul(x1, y0));
      s11 = f32x4.add(s11, f32x4.mul(x1, y1));
      s12 = f32x4.add(s12, f32x4.mul(x1, y2));
      s13 = f32x4.add(s13, f32x4.mul(x1, y3));
    }
    const to = out + (<usize>((a + half) * dims + b) << 3);
    add4(to, s00, s01, s02, s03);
    add4(to + (<usize>dims << 3), s10, s11, s12, s13);
  }
}

@inline function add4(to: usize, s0: v128, s1: v128, s2: v128, s3: v128): void {
  store<f64>(to, load<f64>(to) + <f64>lanes(s0));
  store<f64>(to + 8, load<f64>(to + 8) + <f64>lanes(s1));
  store<f64>(to + 16, load<f64>(to + 16) + <f64>lanes(s2));
  store<f64>(to + 24, load<f64>(to + 24) + <f64>lanes(s3));
}

/**
 * Σ φ φᵀ over the listed cells (i32 indices) into `out` `[dims][dims]` float64: the lower triangle and the tiles on the
 * diagonal; the rest stays as it was. `panel` is scratch, `[dims][PANEL]` float32.
 */
export function outer(planes: usize, stride: i32, dims: i32, list: usize, count: i32, panel: usize, out: usize): void {
  memory.fill(out, 0, <usize>(dims * dims) << 3);
  for (let first = 0; first < count; first += PANEL) {
    gather(planes, stride, dims, list, first, count, panel);
    for (let a = 0; a < dims; a += 4) for (let b = 0; b <= a; b += 4) addTile(panel, a, b, dims, out);
  }
}

/** to += factor · from, `count` float32. */
@inline function addRow(to: usize, from: usize, count: i32, factor: f32): void {
  let i = 0;
  const factors = f32x4.splat(factor);
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2;
    v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.mul(factors, v128.load(from + at))));
  }
  for (; i < count; i++) {
    const at = <usize>i << 2;
    store<f32>(to + at, load<f32>(to + at) + factor * load<f32>(from + at));
  }
}

/**
 * Means of a plane `[height][width]` float32 over the cells at most `radius` columns and rows away, of those inside.
 * @param sums scratch, `[3 · width + 4]` float32: of the columns, with zeros on both sides.
 */
export function boxMeans(plane: usize, width: i32, height: i32, radius: i32, sums: usize, out: usize): void {
  const row = <usize>width << 2;
  const across = min(radius, width);
  const columns = sums + (<usize>across << 2);
  memory.fill(sums, 0, <usize>(width + 2 * across + 4) << 2);
  for (let y = 0; y < min(radius, height); y++) addRow(columns, plane + <usize>y * row, width, 1);
  for (let y = 0; y < height; y++) {
    if (y + radius < height) addRow(columns, plane + <usize>(y + radius) * row, width, 1);
    if (y > radius) addRow(columns, plane + <usize>(y - radius - 1) * row, width, -1);
    const rows = min(height - 1, y + radius) - max(0, y - radius) + 1;
    meansAcross(sums, width, across, <f32>rows, out + <usize>y * row);
  }
}

/** Means of `rows` rows from the sums of their columns, the first of which is that `radius` before the first cell. */
function meansAcross(sums: usize, width: i32, radius: i32, rows: f32, out: usize): void {
  const span = 2 * radius + 1;
  const whole: f32 = 1.0 / (rows * <f32>span);
  let x = 0;
  for (; x + 4 <= width; x += 4) {
    const first = sums + (<usize>x << 2);
    let sum = v128.load(first);
    for (let k = 1; k < span; k++) sum = f32x4.add(sum, v128.load(first + (<usize>k << 2)));
    v128.store(out + (<usize>x << 2), f32x4.mul(sum, f32x4.splat(whole)));
  }
  for (; x < width; x++) {
    let sum: f32 = 0;
    for (let k = 0; k < span; k++) sum += load<f32>(sums + (<usize>(x + k) << 2));
    store<f32>(out + (<usize>x << 2), sum * whole);
  }
  // At the sides there are fewer columns.
  for (let side = 0; side < min(radius, width); side++) {
    fewer(out, side, width, radius);
    if (width - 1 - side >= radius) fewer(out, width - 1 - side, width, radius);
  }
}

/** A mean over all of a box's columns becomes that over those inside. */
@inline function fewer(out: usize, x: i32, width: i32, radius: i32): void {
  const at = out + (<usize>x << 2);
  const span = 2 * radius + 1;
  const columns = min(width - 1, x + radius) - max(0, x - radius) + 1;
  store<f32>(at, load<f32>(at) * (<f32>span / <f32>columns));
}

/** w · φ of every cell into `out` `[stride]` float32. @param weights `[dims]` float32. */
export function scores(planes: usize, stride: i32, dims: i32, weights: usize, out: usize): void {
  memory.fill(out, 0, <usize>stride << 2);
  for (let d = 0; d < dims; d++) {
    const weight = v128.load_splat<f32>(weights + (<usize>d << 2));
    const from = planes + (<usize>(d * stride) << 2);
    for (let i = 0; i < stride; i += 4) {
      const at = <usize>i << 2;
      v128.store(out + at, f32x4.add(v128.load(out + at), f32x4.mul(weight, v128.load(from + at))));
    }
  }
}

/**
 * Solves M x = b by Cholesky's decomposition. `matrix` `[dims][dims]` float64, symmetric and positive definite, of
 * which the lower triangle is read and overwritten; `vector` `[dims]` float64 becomes x.
 */
export function solve(matrix: usize, vector: usize, dims: i32): void {
  for (let j = 0; j < dims; j++) {
    const rowJ = matrix + (<usize>(j * dims) << 3);
    const pivot = sqrt(max(load<f64>(rowJ + (<usize>j << 3)) - dot(rowJ, rowJ, j), 1e-12));
    store<f64>(rowJ + (<usize>j << 3), pivot);
    for (let i = j + 1; i < dims; i++) {
      const rowI = matrix + (<usize>(i * dims) << 3);
      const at = rowI + (<usize>j << 3);
      store<f64>(at, (load<f64>(at) - dot(rowI, rowJ, j)) / pivot);
    }
  }
  for (let i = 0; i < dims; i++) {
    const row = matrix + (<usize>(i * dims) << 3);
    const at = vector + (<usize>i << 3);
    store<f64>(at, (load<f64>(at) - dot(row, vector, i)) / load<f64>(row + (<usize>i << 3)));
  }
  for (let i = dims - 1; i >= 0; i--) {
    let sum = load<f64>(vector + (<usize>i << 3));
    for (let k = i + 1; k < dims; k++)
      sum -= load<f64>(matrix + (<usize>(k * dims + i) << 3)) * load<f64>(vector + (<usize>k << 3));
    store<f64>(vector + (<usize>i << 3), sum / load<f64>(matrix + (<usize>(i * dims + i) << 3)));
  }
}

/** Of the first `count` float64. */
function dot(a: usize, b: usize, count: i32): f64 {
  let pair = f64x2.splat(0);
  let i = 0;
  for (; i + 2 <= count; i += 2) {
    const at = <usize>i << 3;
    pair = f64x2.add(pair, f64x2.mul(v128.load(a + at), v128.load(b + at)));
  }
  let sum = f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
  if (i < count) sum += load<f64>(a + (<usize>i << 3)) * load<f64>(b + (<usize>i << 3));
  return sum;
}
