/** @file Labels between pixels and feature cells: encoding a mask down to cells, decoding cell weights up to a mask. */
import { linearTap } from "../core/linearTap.ts";
import type { LabelMap } from "../video/labelMap.ts";

/** The grid of feature cells over a frame. */
export interface CellGrid {
  /** Cells. */
  readonly height: number;
  /** Cells. */
  readonly width: number;
  /** Pixels of the encoder's input per cell. */
  readonly stride: number;
}

/**
 * Label vectors of a mask: `[height, width, labels]` float32, one weight per label in `ids`' order, summing to 1.
 * Cells that reach beyond the frame see its border pixels repeated.
 * @param encoding `area`: the share of the cell's pixels; `nearest`: the cell's first (top left) pixel.
 * @param mask at the size of the encoder's input.
 */
export function encodeLabels(
  mask: LabelMap,
  ids: readonly number[],
  grid: CellGrid,
  encoding: "area" | "nearest",
): Float32Array {
  const index = new Uint8Array(256);
  ids.forEach((id, l) => (index[id] = l));
  const out = new Float32Array(grid.height * grid.width * ids.length);
  const span = encoding === "area" ? grid.stride : 1;
  const share = 1 / (span * span);
  for (let y = 0; y < grid.height * grid.stride; y++) {
    if (y % grid.stride >= span) continue;
    const row = Math.min(y, mask.height - 1) * mask.width;
    const cells = Math.floor(y / grid.stride) * grid.width;
    for (let cell = 0; cell < grid.width; cell++) {
      const to = (cells + cell) * ids.length;
      for (let x = cell * grid.stride, n = 0; n < span; n++, x++) {
        out[to + index[mask.data[row + Math.min(x, mask.width - 1)]]] += share;
      }
    }
  }
  return out;
}

/** A mask with how sure its pixels are. */
export interface DecodedLabels {
  readonly labels: LabelMap;
  /** Per label: the mean weight of the winning label over the pixels that it won, 0..1; 0 without pixels. */
  readonly confidence: Float64Array;
}

/** Bilinear taps of one axis: two cells and the weight of the second, per pixel (align_corners = false). */
function taps(
  pixels: number,
  cells: number,
  cellsPerPixel: number,
): { low: Int32Array; high: Int32Array; weight: Float32Array } {
  const low = new Int32Array(pixels);
  const high = new Int32Array(pixels);
  const weight = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const tap = linearTap((i + 0.5) * cellsPerPixel, cells);
    low[i] = tap.low;
    high[i] = tap.high;
    weight[i] = tap.weight;
  }
  return { low, high, weight };
}

/**
 * Bilinear upsampling of cell weights to pixels, then the strongest label of each pixel (the first of equals).
 * @param weights `[height, width, labels]`.
 * @param size of the mask to make; `cellsPerPixel` are its cells over its pixels (1 / stride at the encoder's input size).
 */
export function decodeLabels(
  weights: Float32Array,
  ids: readonly number[],
  grid: CellGrid,
  size: {
    readonly width: number;
    readonly height: number;
    readonly cellsPerPixel: { readonly x: number; readonly y: number };
  },
): DecodedLabels {
  const { width, height, cellsPerPixel } = size;
  const labels = ids.length;
  const across = taps(width, grid.width, cellsPerPixel.x);
  const down = taps(height, grid.height, cellsPerPixel.y);
  const data = new Uint8Array(width * height);
  const sums = new Float64Array(labels);
  const counts = new Float64Array(labels);
  const row = new Float32Array(grid.width * labels);
  for (let y = 0; y < height; y++) {
    mixRows(weights, down.low[y] * row.length, down.high[y] * row.length, down.weight[y], row);
    for (let x = 0; x < width; x++) {
      const a = across.low[x] * labels;
      const b = across.high[x] * labels;
      const t = across.weight[x];
      let best = 0;
      let most = -1;
      for (let l = 0; l < labels; l++) {
        const value = row[a + l] + t * (row[b + l] - row[a + l]);
        if (value > most) {
          most = value;
          best = l;
        }
      }
      data[y * width + x] = ids[best];
      sums[best] += most;
      counts[best]++;
    }
  }
  return { labels: { width, height, data }, confidence: sums.map((sum, l) => (counts[l] > 0 ? sum / counts[l] : 0)) };
}

function mixRows(weights: Float32Array, low: number, high: number, t: number, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = weights[low + i] + t * (weights[high + i] - weights[low + i]);
}
