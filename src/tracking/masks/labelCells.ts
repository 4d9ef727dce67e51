/** @file Labels between pixels and feature cells: encoding a mask down to cells, decoding cell weights up to a mask. */
import { linearTap } from "../../core/linearTap.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import type { RgbPicture } from "../../video/picture.ts";
import type { CellGrid } from "../matching/cellGrid.ts";
import { EdgeGuide } from "./guidedLabels.ts";

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

/** Neighbouring pixels of a row between the same two cell centres. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
  /** Sum of the weights of the second cell. */
  readonly weight: number;
}

function spansOf({ low, high, weight }: ReturnType<typeof taps>): Span[] {
  const spans: Span[] = [];
  for (let from = 0, to = 0; from < low.length; from = to) {
    let sum = 0;
    for (; to < low.length && low[to] === low[from] && high[to] === high[from]; to++) sum += weight[to];
    spans.push({ from, to, low: low[from], high: high[from], weight: sum });
  }
  return spans;
}

/** How far the strongest label of a cell must lead to be certain. */
export const LEAD = 1e-4;
const UNCERTAIN = 255;

/** The strongest label of every cell, `UNCERTAIN` where another is about as strong. */
function certainLabels(weights: Float32Array, labels: number): Uint8Array {
  const out = new Uint8Array(weights.length / labels);
  for (let cell = 0, at = 0; cell < out.length; cell++, at += labels) {
    let best = 0;
    for (let l = 1; l < labels; l++) if (weights[at + l] > weights[at + best]) best = l;
    let certain = best;
    for (let l = 0; l < labels; l++) if (l !== best && weights[at + l] > weights[at + best] - LEAD) certain = UNCERTAIN;
    out[cell] = certain;
  }
  return out;
}

/** Size of the mask to make; `cellsPerPixel` are its cells over its pixels (1 / stride at the encoder's input size). */
export interface MaskSize {
  readonly width: number;
  readonly height: number;
  readonly cellsPerPixel: { readonly x: number; readonly y: number };
}

/**
 * Bilinear upsampling of cell weights to pixels, then the strongest label of each pixel (the first of equals). Between
 * four cells with the same strongest label there is no need to look at every pixel.
 * @param weights `[height, width, labels]`.
 * @param picture makes borders follow its edges, see `EdgeGuide`; of the mask's size.
 */
export function decodeLabels(
  weights: Float32Array,
  ids: readonly number[],
  grid: CellGrid,
  size: MaskSize,
  picture?: RgbPicture,
): DecodedLabels {
  const { width, height, cellsPerPixel } = size;
  const labels = ids.length;
  const across = taps(width, grid.width, cellsPerPixel.x);
  const down = taps(height, grid.height, cellsPerPixel.y);
  const spans = spansOf(across);
  const certain = certainLabels(weights, labels);
  const guide = picture && new EdgeGuide({ picture, grid, cellsPerPixel });
  const tally = new Tally(ids, width, height);
  const row = new Float32Array(grid.width * labels);
  const votes = new Float32Array(labels);
  for (let y = 0; y < height; y++) {
    const upper = down.low[y] * grid.width;
    const lower = down.high[y] * grid.width;
    mixRows(weights, upper * labels, lower * labels, down.weight[y], row);
    for (const span of spans) {
      const { from, to, low, high } = span;
      const label = certain[upper + low];
      const same = label === certain[upper + high] && label === certain[lower + low] && label === certain[lower + high];
      if (same && label !== UNCERTAIN) {
        const first = row[low * labels + label];
        tally.fill(y, span, label, (to - from) * first + span.weight * (row[high * labels + label] - first));
        continue;
      }
      for (let x = from; x < to; x++) {
        if (guide === undefined) mixCells(row, low * labels, high * labels, across.weight[x], votes);
        else guide.vote(x, y, weights, votes);
        tally.decide(y * width + x, votes);
      }
    }
  }
  return tally.decoded();
}

/** The mask in the making and the sums of its winners' weights. */
class Tally {
  private readonly ids: readonly number[];
  private readonly labels: LabelMap;
  private readonly sums: Float64Array;
  private readonly counts: Float64Array;

  constructor(ids: readonly number[], width: number, height: number) {
    this.ids = ids;
    this.labels = { width, height, data: new Uint8Array(width * height) };
    this.sums = new Float64Array(ids.length);
    this.counts = new Float64Array(ids.length);
  }

  /** The strongest vote takes the pixel. */
  decide(pixel: number, votes: Float32Array): void {
    let best = 0;
    for (let l = 1; l < votes.length; l++) if (votes[l] > votes[best]) best = l;
    this.labels.data[pixel] = this.ids[best];
    this.sums[best] += votes[best];
    this.counts[best]++;
  }

  /** All pixels of a span in row y; `sum` of the label's weights. */
  fill(y: number, { from, to }: Span, label: number, sum: number): void {
    const { data, width } = this.labels;
    if (this.ids[label] !== 0) data.fill(this.ids[label], y * width + from, y * width + to);
    this.sums[label] += sum;
    this.counts[label] += to - from;
  }

  decoded(): DecodedLabels {
    const { labels, counts } = this;
    return { labels, confidence: this.sums.map((sum, l) => (counts[l] > 0 ? sum / counts[l] : 0)) };
  }
}

function mixCells(row: Float32Array, a: number, b: number, t: number, votes: Float32Array): void {
  for (let l = 0; l < votes.length; l++) votes[l] = row[a + l] + t * (row[b + l] - row[a + l]);
}

function mixRows(weights: Float32Array, low: number, high: number, t: number, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = weights[low + i] + t * (weights[high + i] - weights[low + i]);
}
