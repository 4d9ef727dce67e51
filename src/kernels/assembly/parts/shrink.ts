/**
 * @file A frame shrunk by a triangle filter and turned into scaled CIE Lab row by row: the result of
 * `rgbToLab(resizeRgb(…))` of src/video, up to the rounding of the filter's weights (15 bits) and of its sums (1/64 of
 * a byte's step).
 */
import {
  SHRINK_COLUMNS, SHRINK_COLUMN_TAPS, SHRINK_COLUMN_TAP_BYTES, SHRINK_CURVE, SHRINK_LINEAR, SHRINK_MIXED, SHRINK_OUT,
  SHRINK_OUT_PLANE, SHRINK_OUT_ROW, SHRINK_PICTURE, SHRINK_ROWS, SHRINK_ROW_BYTES, SHRINK_ROW_TAPS,
  SHRINK_ROW_TAP_BYTES, TAP_COUNT, TAP_FIRST, TAP_WEIGHTS,
} from "../../constants/pixels";

/** White point and matrix as in src/video/lab.ts. */
const INVERSE_WHITE_X: f32 = 1 / 0.95047;
const INVERSE_WHITE_Z: f32 = 1 / 1.08883;
/** Samples of Lab's curve for each unit of its argument, as in src/video/lab.ts. */
const CURVE_STEPS: f32 = 16384;

// Addresses and sizes, as in the parameter block.
let picture: usize = 0;
let out: usize = 0;
/** u8 `[3 · width]` of the row being made, as i16 in 1/64 steps. */
let mixed: usize = 0;
/** i32 first input, i32 count, then weights, for every output: i16 in 1/32768 for rows, f32 for columns. */
let rowTaps: usize = 0;
let rowTapBytes: usize = 0;
let columnTaps: usize = 0;
let columnTapBytes: usize = 0;
/** f32 `[256]`, linear light of bytes. */
let linear: usize = 0;
/** f32, Lab's curve. */
let curve: usize = 0;
/** Bytes of an input row. */
let rowBytes: i32 = 0;
let columns: i32 = 0;
let rows: i32 = 0;
/** Bytes of a row and of a plane of the result. */
let outRow: usize = 0;
let outPlane: usize = 0;

export function shrink(params: usize): void {
  picture = load<u32>(params, SHRINK_PICTURE);
  out = load<u32>(params, SHRINK_OUT);
  mixed = load<u32>(params, SHRINK_MIXED);
  rowTaps = load<u32>(params, SHRINK_ROW_TAPS);
  rowTapBytes = load<u32>(params, SHRINK_ROW_TAP_BYTES);
  columnTaps = load<u32>(params, SHRINK_COLUMN_TAPS);
  columnTapBytes = load<u32>(params, SHRINK_COLUMN_TAP_BYTES);
  linear = load<u32>(params, SHRINK_LINEAR);
  curve = load<u32>(params, SHRINK_CURVE);
  rowBytes = load<i32>(params, SHRINK_ROW_BYTES);
  columns = load<i32>(params, SHRINK_COLUMNS);
  rows = load<i32>(params, SHRINK_ROWS);
  outRow = load<u32>(params, SHRINK_OUT_ROW);
  outPlane = load<u32>(params, SHRINK_OUT_PLANE);
  for (let y = 0; y < rows; y++) {
    mixRows(rowTaps + <usize>y * rowTapBytes);
    mixColumns(out + <usize>y * outRow);
  }
}

/**
 * The weighted sum of whole rows, sixteen samples at a time; the last sixteen read and write a little beyond the row's
 * end.
 */
function mixRows(taps: usize): void {
  const first = picture + <usize>(load<i32>(taps, TAP_FIRST) * rowBytes);
  const count = load<i32>(taps, TAP_COUNT);
  for (let x: i32 = 0; x < rowBytes; x += 16) {
    let low = i16x8.splat(0);
    let high = low;
    let from = first + <usize>x;
    for (let k: usize = 0; k < <usize>count << 1; k += 2) {
      const weight = v128.load_splat<i16>(taps + k, TAP_WEIGHTS);
      const bytes = v128.load(from);
      low = i16x8.add(low, i16x8.q15mulr_sat_s(i16x8.shl(i16x8.extend_low_i8x16_u(bytes), 6), weight));
      high = i16x8.add(high, i16x8.q15mulr_sat_s(i16x8.shl(i16x8.extend_high_i8x16_u(bytes), 6), weight));
      from += rowBytes;
    }
    const to = mixed + (<usize>x << 1);
    v128.store(to, low);
    v128.store(to, high, 16);
  }
}

/** Makes every output pixel of the row: red, green and blue are three lanes of one sum. */
function mixColumns(to: usize): void {
  for (let x: i32 = 0; x < columns; x++) {
    const taps = columnTaps + <usize>x * columnTapBytes;
    const count = load<i32>(taps, TAP_COUNT);
    let from = mixed + <usize>(load<i32>(taps, TAP_FIRST) * 6);
    let sum = f32x4.splat(0);
    for (let k: usize = 0; k < <usize>count << 2; k += 4) {
      const pixel = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(v128.load64_zero(from)));
      sum = f32x4.add(sum, f32x4.mul(pixel, v128.load_splat<f32>(taps + k, TAP_WEIGHTS)));
      from += 6;
    }
    const bytes = i32x4.min_s(i32x4.trunc_sat_f32x4_u(f32x4.nearest(f32x4.mul(sum, f32x4.splat(1 / 64)))), i32x4.splat(255));
    storeLab(light(i32x4.extract_lane(bytes, 0)), light(i32x4.extract_lane(bytes, 1)), light(i32x4.extract_lane(bytes, 2)), to);
    to += 4;
  }
}

@inline function light(byte: i32): f32 {
  return load<f32>(linear + (<usize>byte << 2));
}

@inline function curveAt(t: f32): f32 {
  const position = t * CURVE_STEPS;
  const i = <i32>position;
  const at = curve + (<usize>i << 2);
  const low = load<f32>(at);
  return low + (load<f32>(at, 4) - low) * (position - <f32>i);
}

/** [L/50 - 1, a/127, b/127] of linear red, green and blue. */
@inline function storeLab(r: f32, g: f32, b: f32, to: usize): void {
  const fx = curveAt((<f32>0.412453 * r + <f32>0.35758 * g + <f32>0.180423 * b) * INVERSE_WHITE_X);
  const fy = curveAt(<f32>0.212671 * r + <f32>0.71516 * g + <f32>0.072169 * b);
  const fz = curveAt((<f32>0.019334 * r + <f32>0.119193 * g + <f32>0.950227 * b) * INVERSE_WHITE_Z);
  store<f32>(to, (116 * fy - 16) / 50 - 1);
  store<f32>(to + outPlane, (500 * (fx - fy)) / 127);
  store<f32>(to + 2 * outPlane, (200 * (fy - fz)) / 127);
}
