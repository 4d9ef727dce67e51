/** @file A handful of a frame's feature cells, of unit length, and how well one handful finds itself again in another. */
import type { FeatureMap } from "../../method/features.ts";

/** Unit features of some cells. */
export interface CellSample {
  readonly count: number;
  readonly channels: number;
  /** `[count, channels]` float32, each row of length 1. */
  readonly data: Float32Array;
}

/** Keeps division by the length of a zero vector finite. */
const TINY = 1e-12;

/** At most `most` of the cells, spread evenly over the list. */
export function thinOut(cells: readonly number[], most: number): number[] {
  if (cells.length <= most) return [...cells];
  return Array.from({ length: most }, (_, i) => cells[Math.floor(((i + 0.5) * cells.length) / most)]);
}

/** The features of these cells. @param cells indices, row by row. */
export function sampleCells({ channels, height, width, data }: FeatureMap, cells: readonly number[]): CellSample {
  const out = new Float32Array(cells.length * channels);
  for (const [i, cell] of cells.entries()) {
    let square = TINY;
    for (let c = 0, from = cell; c < channels; c++, from += height * width) {
      out[i * channels + c] = data[from];
      square += data[from] * data[from];
    }
    const scale = 1 / Math.sqrt(square);
    for (let c = i * channels; c < (i + 1) * channels; c++) out[c] *= scale;
  }
  return { count: cells.length, channels, data: out };
}

/** For every cell of `queries` the highest cosine similarity with a cell of `keys`; −1 without any. */
export function bestSimilarities(queries: CellSample, keys: CellSample): Float32Array {
  const { channels } = queries;
  const best = new Float32Array(queries.count).fill(-1);
  for (let q = 0; q < queries.count; q++) {
    for (let k = 0; k < keys.count; k++) {
      const sum = dot(queries.data, q * channels, keys.data, k * channels, channels);
      if (sum > best[q]) best[q] = sum;
    }
  }
  return best;
}

/** Four sums side by side: one alone would wait for itself at every step. */
function dot(a: Float32Array, i: number, b: Float32Array, k: number, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = length - (length % 4);
  let c = 0;
  for (; c < whole; c += 4) {
    s0 += a[i + c] * b[k + c];
    s1 += a[i + c + 1] * b[k + c + 1];
    s2 += a[i + c + 2] * b[k + c + 2];
    s3 += a[i + c + 3] * b[k + c + 3];
  }
  for (; c < length; c++) s0 += a[i + c] * b[k + c];
  return s0 + s1 + s2 + s3;
}

/** Similarities whose difference is this are told apart at odds of e, as in label propagation. */
const TEMPERATURE = 0.05;

/** Where cells lead, whether to the object or elsewhere. */
export interface Leading {
  /** Mean probability that a cell leads to the object rather than elsewhere, 0..1. */
  readonly share: number;
  /** Mean of the best similarities with the object, −1..1. */
  readonly similarity: number;
}

/** Compares the best similarity of every query with the object to that with everything else; zeros without queries. */
export function leading(queries: CellSample, object: CellSample, other: CellSample): Leading {
  if (queries.count === 0) return { share: 0, similarity: 0 };
  const [own, rest] = [bestSimilarities(queries, object), bestSimilarities(queries, other)];
  let [share, similarity] = [0, 0];
  for (let q = 0; q < queries.count; q++) {
    share += 1 / (1 + Math.exp((rest[q] - own[q]) / TEMPERATURE));
    similarity += own[q];
  }
  return { share: share / queries.count, similarity: similarity / queries.count };
}
