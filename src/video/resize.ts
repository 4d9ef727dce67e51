/**
 * @file Resampling of raw arrays: pictures with antialiasing, float planes as PyTorch's F.interpolate does it, labels
 * by the nearest pixel. All but the last are separable: one list of taps per output column, one per output row.
 */
import { linearTap } from "../core/linearTap.ts";
import type { LabelMap } from "./labelMap.ts";
import type { RgbPicture } from "./picture.ts";

/** For every output position: where its inputs begin, how many there are, and their weights (which sum to 1). */
export interface Taps {
  readonly start: Int32Array;
  readonly count: Int32Array;
  /** `[outputs, stride]`, the first `count` of each row are used. */
  readonly weights: Float32Array;
  readonly stride: number;
}

function makeTaps(output: number, stride: number, fill: (i: number) => { start: number; weights: number[] }): Taps {
  const start = new Int32Array(output);
  const count = new Int32Array(output);
  const weights = new Float32Array(output * stride);
  for (let i = 0; i < output; i++) {
    const tap = fill(i);
    const sum = tap.weights.reduce((a, b) => a + b, 0);
    start[i] = tap.start;
    count[i] = tap.weights.length;
    tap.weights.forEach((w, k) => (weights[i * stride + k] = w / sum));
  }
  return { start, count, weights, stride };
}

/**
 * Triangle filter, widened by the scale when shrinking, so that nothing aliases (Pillow's and torch's antialias=True).
 */
export function triangleTaps(input: number, output: number): Taps {
  const scale = input / output;
  const support = Math.max(1, scale);
  return makeTaps(output, 2 * Math.ceil(support) + 1, (i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - support + 0.5));
    const last = Math.min(input, Math.floor(centre + support + 0.5));
    const at = (x: number): number => Math.max(0, 1 - Math.abs((x + 0.5 - centre) / support));
    return { start: first, weights: Array.from({ length: last - first }, (_, k) => at(first + k)) };
  });
}

/** Two taps per position, half-pixel centres, clamped at the border (align_corners=false, no antialiasing). */
function bilinearTaps(input: number, output: number): Taps {
  return makeTaps(output, 2, (i) => {
    const { low, high, weight } = linearTap(((i + 0.5) * input) / output, input);
    return { start: low, weights: high > low ? [1 - weight, weight] : [1] };
  });
}

/** The mean over floor(i·in/out) .. ceil((i+1)·in/out) (adaptive_avg_pool). */
function areaTaps(input: number, output: number): Taps {
  return makeTaps(output, Math.ceil(input / output) + 1, (i) => {
    const start = Math.floor((i * input) / output);
    const end = Math.ceil(((i + 1) * input) / output);
    return { start, weights: Array.from({ length: end - start }, () => 1) };
  });
}

/** Rows of `channels` interleaved samples: `[rows, inW, channels]` to `[rows, outW, channels]`. */
function filterAlongRow(
  source: Uint8Array | Float32Array,
  size: { rows: number; inputWidth: number; channels: number },
  taps: Taps,
): Float32Array {
  const { rows, inputWidth, channels } = size;
  const outputWidth = taps.start.length;
  const out = new Float32Array(rows * outputWidth * channels);
  let o = 0;
  for (let y = 0; y < rows; y++) {
    const row = y * inputWidth * channels;
    for (let x = 0; x < outputWidth; x++) {
      const from = row + taps.start[x] * channels;
      const count = taps.count[x];
      const w = x * taps.stride;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0, s = from + c; k < count; k++, s += channels) sum += taps.weights[w + k] * source[s];
        out[o++] = sum;
      }
    }
  }
  return out;
}

/** Mixes whole rows: `[inH, rowLength]` at `offset` to `[outH, rowLength]` in `out` at `outOffset`. */
function filterAlongColumn(
  source: Float32Array,
  offset: number,
  rowLength: number,
  taps: Taps,
  out: Float32Array,
  outOffset: number,
): void {
  for (let y = 0; y < taps.start.length; y++) {
    const to = outOffset + y * rowLength;
    for (let k = 0; k < taps.count[y]; k++) {
      const weight = taps.weights[y * taps.stride + k];
      const from = offset + (taps.start[y] + k) * rowLength;
      for (let x = 0; x < rowLength; x++) out[to + x] += weight * source[from + x];
    }
  }
}

/** Mixes whole rows of bytes: `[inH, rowLength]` to `[outH, rowLength]`. */
function filterRows(source: Uint8Array, rowLength: number, taps: Taps): Float32Array {
  const out = new Float32Array(taps.start.length * rowLength);
  for (let y = 0; y < taps.start.length; y++) {
    const row = out.subarray(y * rowLength, (y + 1) * rowLength);
    for (let k = 0; k < taps.count[y]; k++) {
      const weight = taps.weights[y * taps.stride + k];
      const from = source.subarray((taps.start[y] + k) * rowLength, (taps.start[y] + k + 1) * rowLength);
      for (let x = 0; x < rowLength; x++) row[x] += weight * from[x];
    }
  }
  return out;
}

/** The size, in the same proportions, whose shorter side is at most so many pixels: the given one if that is no larger. */
export function sizeWithin(
  { width, height }: Pick<RgbPicture, "width" | "height">,
  shortSide: number,
): { width: number; height: number } {
  const scale = Math.min(1, shortSide / Math.min(width, height));
  return { width: Math.round(scale * width), height: Math.round(scale * height) };
}

/** A picture at the size of `sizeWithin`; the same one if that is its own. */
export function shrunk(picture: RgbPicture, shortSide: number): RgbPicture {
  return Math.min(picture.width, picture.height) <= shortSide ? picture : atShortSide(picture, shortSide);
}

/** A picture with this shorter side, px, in the same proportions; smaller ones are enlarged. */
export function atShortSide(picture: RgbPicture, shortSide: number): RgbPicture {
  const scale = shortSide / Math.min(picture.width, picture.height);
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  return { width, height, data: resizeRgb(picture, width, height) };
}

/**
 * Resizes a picture with a triangle filter that is widened when shrinking (antialiased).
 * @param picture `[H, W, 3]` uint8
 * @returns `[height, width, 3]` uint8, rounded to the nearest value; a copy when the size does not change
 */
export function resizeRgb(picture: RgbPicture, width: number, height: number): Uint8Array {
  if (width === picture.width && height === picture.height) return picture.data.slice();
  const taps = triangleTaps(picture.width, width);
  // Rows first: mixing whole rows is the cheaper pass, and it leaves fewer rows for the other one.
  const rows = filterRows(picture.data, picture.width * 3, triangleTaps(picture.height, height));
  // The clamped array rounds to the nearest value (halves to even).
  const out = new Uint8ClampedArray(width * height * 3);
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o += 3) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (let k = 0, s = (y * picture.width + taps.start[x]) * 3; k < taps.count[x]; k++, s += 3) {
        const weight = taps.weights[x * taps.stride + k];
        r += weight * rows[s];
        g += weight * rows[s + 1];
        b += weight * rows[s + 2];
      }
      out[o] = r;
      out[o + 1] = g;
      out[o + 2] = b;
    }
  }
  return new Uint8Array(out.buffer);
}

function resizePlanes(
  planes: Float32Array,
  [channels, height, width]: readonly [number, number, number],
  columns: Taps,
  rows: Taps,
): Float32Array {
  const outWidth = columns.start.length;
  const outHeight = rows.start.length;
  const across = filterAlongRow(planes, { rows: channels * height, inputWidth: width, channels: 1 }, columns);
  const out = new Float32Array(channels * outHeight * outWidth);
  for (let c = 0; c < channels; c++)
    filterAlongColumn(across, c * height * outWidth, outWidth, rows, out, c * outHeight * outWidth);
  return out;
}

/**
 * Bilinear resize of float planes: F.interpolate(mode="bilinear", align_corners=False), without antialiasing.
 * @param planes `[C, H, W]` float32
 * @param shape [C, H, W] of `planes`
 * @returns `[C, height, width]` float32
 */
export function resizeFloat(
  planes: Float32Array,
  shape: readonly [number, number, number],
  width: number,
  height: number,
): Float32Array {
  return resizePlanes(planes, shape, bilinearTaps(shape[2], width), bilinearTaps(shape[1], height));
}

/**
 * Area resize of float planes: F.interpolate(mode="area"), that is adaptive average pooling, for any sizes.
 * @param planes `[C, H, W]` float32
 * @param shape [C, H, W] of `planes`
 * @returns `[C, height, width]` float32
 */
export function resizeArea(
  planes: Float32Array,
  shape: readonly [number, number, number],
  width: number,
  height: number,
): Float32Array {
  return resizePlanes(planes, shape, areaTaps(shape[2], width), areaTaps(shape[1], height));
}

/** Resizes labels by the pixel whose centre is nearest; no new value appears. */
export function resizeLabels(labels: LabelMap, width: number, height: number): LabelMap {
  const data = new Uint8Array(width * height);
  const columns = Int32Array.from({ length: width }, (_, x) => Math.floor(((x + 0.5) * labels.width) / width));
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * labels.height) / height) * labels.width;
    for (let x = 0; x < width; x++) data[y * width + x] = labels.data[row + columns[x]];
  }
  return { width, height, data };
}
