/** @file A sample of a frame's feature cells, of unit length, and how well one sample matches another. */
import type { FeatureMap } from "../../method/features.ts";

/** Unit features of some cells. */
export interface CellSample {
  readonly count: number;
  readonly channels: number;
  /** `[count, channels]`, each row of length 1; 64 bits, so that nothing is converted in the loop over all pairs. */
  readonly data: Float64Array;
}

/** Keeps division by the length of a zero vector finite. */
const TINY = 1e-12;

/** At most `most` places of a list of this length, spread evenly over it, ascending. */
export function spreadEvenly(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.floor(((i + 0.5) * length) / most));
}

/** At most `most` of the cells, spread evenly over the list. */
export function thinOut(cells: readonly number[], most: number): number[] {
  return spreadEvenly(cells.length, most).map((i) => cells[i]);
}

/** The features of these cells. @param cells indices, row by row. */
export function sampleCells({ channels, height, width, data }: FeatureMap, cells: readonly number[]): CellSample {
  const out = new Float64Array(cells.length * channels);
  for (const [i, cell] of cells.entries()) {
    let square = 0;
    for (let c = 0, from = cell; c < channels; c++, from += height * width) {
      out[i * channels + c] = data[from];
      square += data[from] * data[from];
    }
    const scale = 1 / Math.sqrt(Math.max(square, TINY));
    for (let c = i * channels; c < (i + 1) * channels; c++) out[c] *= scale;
  }
  return { count: cells.length, channels, data: out };
}

/** Keys that a query is compared with at once. */
const BLOCK = 4;

/** For every cell of `queries` the highest cosine similarity with a cell of `keys`; −1 without any. */
export function bestSimilarities(queries: CellSample, keys: CellSample): Float32Array {
  const best = new Float32Array(queries.count).fill(-1);
  for (let q = 0; q < queries.count; q++)
    for (let k = 0; k < keys.count; k += BLOCK) best[q] = Math.max(best[q], bestOfBlock(queries, q, keys, k));
  return best;
}

/**
 * The highest similarity of a query with `BLOCK` keys from `first` on (the last key again where there are fewer). Four
 * sums side by side: one alone would wait for itself at every step, and the query's values are read once for four keys.
 */
function bestOfBlock(
  { channels, data: a }: CellSample,
  query: number,
  { count, data: b }: CellSample,
  first: number,
): number {
  const last = count - 1;
  const k0 = first * channels;
  const k1 = Math.min(first + 1, last) * channels;
  const k2 = Math.min(first + 2, last) * channels;
  const k3 = Math.min(first + 3, last) * channels;
  const from = query * channels;
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let c = 0; c < channels; c++) {
    const value = a[from + c];
    s0 += value * b[k0 + c];
    s1 += value * b[k1 + c];
    s2 += value * b[k2 + c];
    s3 += value * b[k3 + c];
  }
  return Math.max(s0, s1, s2, s3);
}

/** Softmax temperature of similarities, as in label propagation. */
const TEMPERATURE = 0.05;

/** How well cells match the object rather than anything else. */
export interface Leading {
  /** Mean probability that a cell matches the object rather than anything else, 0..1. */
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
