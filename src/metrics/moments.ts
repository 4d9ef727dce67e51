/** @file How well moments that were found agree with the true ones. */

/** Counts; F1 = 2 hits / (found + true ones). */
export interface MomentScore {
  readonly hits: number;
  readonly found: number;
  readonly truths: number;
}

/**
 * Pairs every true moment with at most one that was found, as many as possible, no farther apart than a tolerance.
 * @param found ascending @param truths ascending, in the same unit as `tolerance`
 */
export function matchMoments(found: readonly number[], truths: readonly number[], tolerance: number): MomentScore {
  let hits = 0;
  // The earliest that still fits is never a worse choice than a later one.
  for (let i = 0, j = 0; i < found.length && j < truths.length;)
    if (found[i] < truths[j] - tolerance) i++;
    else if (found[i] > truths[j] + tolerance) j++;
    else [i, j, hits] = [i + 1, j + 1, hits + 1];
  return { hits, found: found.length, truths: truths.length };
}

/** The sums of several clips. */
export function momentSums(scores: readonly MomentScore[]): MomentScore {
  const sum = (key: keyof MomentScore): number => scores.reduce((total, score) => total + score[key], 0);
  return { hits: sum("hits"), found: sum("found"), truths: sum("truths") };
}

/** Shares; 1 where nothing was to be found and nothing was. */
export function momentRates({ hits, found, truths }: MomentScore): { precision: number; recall: number; f1: number } {
  const share = (of: number): number => (of === 0 ? 1 : hits / of);
  return {
    precision: share(found),
    recall: share(truths),
    f1: found + truths === 0 ? 1 : (2 * hits) / (found + truths),
  };
}
