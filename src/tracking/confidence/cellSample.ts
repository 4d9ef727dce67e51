/** @file A sample of a frame's feature cells, of unit length, and how well one sample matches another. */
import type { FeatureMap } from "../../method/features.ts";

/** Unit features of some cells. */
export interface CellSample {
  readonly count: number;
  /** Their indices, row by row. */
  readonly cells: readonly number[];
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
  return { count: cells.length, cells, channels, data: out };
}

/** Keys that a query is compared with at once. */
const BLOCK = 4;

/** The best matches of some cells among others. */
export interface BestMatches {
  /** The highest cosine similarity of every query with a key; −1 without any. */
  readonly similarities: Float32Array;
  /** Which key has it, by its place among the keys; 0 without any. */
  readonly keys: readonly number[];
}

/** For every cell of `queries` the cell of `keys` that it is most similar to. */
export function bestMatches(queries: CellSample, keys: CellSample): BestMatches {
  const similarities = new Float32Array(queries.count).fill(-1);
  const found = Array.from({ length: queries.count }, () => 0);
  for (let q = 0; q < queries.count; q++) {
    let block = 0;
    for (let k = 0; k < keys.count; k += BLOCK) {
      const best = bestOfBlock(queries, q, keys, k);
      if (best <= similarities[q]) continue;
      similarities[q] = best;
      block = k;
    }
    found[q] = bestWithin(queries, q, keys, block);
  }
  return { similarities, keys: found };
}

/** Which key of a block a query is most similar to. */
function bestWithin(queries: CellSample, query: number, keys: CellSample, first: number): number {
  const { channels } = queries;
  let [best, at] = [Number.NEGATIVE_INFINITY, 0];
  for (let k = first; k < Math.min(first + BLOCK, keys.count); k++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += queries.data[query * channels + c] * keys.data[k * channels + c];
    if (sum > best) [best, at] = [sum, k];
  }
  return at;
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
  /** For every query the object's cell that it is most similar to, by its place in the sample. */
  readonly keys: readonly number[];
}

/** Compares the best similarity of every query with the object to that with everything else; zeros without queries. */
export function leading(queries: CellSample, object: CellSample, other: CellSample): Leading {
  if (queries.count === 0) return { share: 0, similarity: 0, keys: [] };
  const { similarities: own, keys } = bestMatches(queries, object);
  const { similarities: rest } = bestMatches(queries, other);
  let [share, similarity] = [0, 0];
  for (let q = 0; q < queries.count; q++) {
    share += 1 / (1 + Math.exp((rest[q] - own[q]) / TEMPERATURE));
    similarity += own[q];
  }
  return { share: share / queries.count, similarity: similarity / queries.count, keys };
}
