/** @file What scores of several tracked things compare: who is where in each frame, and how far they overlap. */

/** A frame; the things and tracks in it, by their indices in the sequence. */
export interface MotFrame {
  /** Of the true things here, each once; 0 to `truthCount` − 1. */
  readonly truth: readonly number[];
  /** Of the tracks here, each once; 0 to `trackCount` − 1. */
  readonly tracks: readonly number[];
  /** `[truth, tracks]`: the overlap (IoU) of each pair, 0..1. */
  readonly similarity: Float64Array;
}

/** A clip. */
export interface MotSequence {
  /** Different true things in the clip. */
  readonly truthCount: number;
  /** Different tracks in the clip. */
  readonly trackCount: number;
  readonly frames: readonly MotFrame[];
}

/** The official code compares with this much tolerance. */
export const EPSILON = Number.EPSILON;

/** The overlap from which on a pair counts, where a score has one limit: as in TrackEval's `clear.py`, `identity.py`. */
export const LIMIT = 0.5;

/** In how many of some frames each index occurs. */
export function occurrences(count: number, frames: Iterable<readonly number[]>): Float64Array {
  const counts = new Float64Array(count);
  for (const indices of frames) for (const index of indices) counts[index]++;
  return counts;
}

/** Sums of several clips, number by number. */
export function addedUp<Sums extends Readonly<Record<keyof Sums, number>>>([first, ...others]: readonly Sums[]): Sums {
  const keys = Object.keys(first) as (keyof Sums)[];
  return Object.fromEntries(keys.map((key) => [key, first[key] + sum(others.map((one) => one[key]))])) as Sums;
}

export const sum = (values: Iterable<number>): number => {
  let all = 0;
  for (const value of values) all += value;
  return all;
};
