/**
 * @file The cluster bootstrap (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, ch. 8 and 13): whole
 * clusters are drawn with replacement, for statistics that have no formula for their error. With few clusters its
 * percentiles cover less than they say; means have better intervals in `clusterMean.ts`.
 */
import { Random } from "../core/random.ts";
import { LEVEL } from "./clusterMean.ts";
import { meanOf } from "./statistics.ts";

/** How often clusters are drawn, and from which seed. */
export interface BootstrapOptions {
  /** Default 2000. */
  readonly draws?: number;
  /** Default 1. */
  readonly seed?: number;
}

/** The statistic of every draw of as many clusters as there are; draws in which it is no number are left out. */
export function bootstrap<Cluster>(
  clusters: readonly Cluster[],
  statistic: (drawn: readonly Cluster[]) => number,
  { draws = 2000, seed = 1 }: BootstrapOptions = {},
): number[] {
  const random = new Random(seed);
  const values: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const value = statistic(clusters.map(() => random.choose(clusters)));
    if (!Number.isNaN(value)) values.push(value);
  }
  return values;
}

/** The percentiles between which the middle `level` of the values lies; NaN without values. */
export function percentileRange(values: readonly number[], level = LEVEL): { low: number; high: number } {
  const sorted = values.toSorted((a, b) => a - b);
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) };
}

/** Linear between the order statistics (Hyndman & Fan 1996, type 7). @param sorted ascending; NaN if empty */
export function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/**
 * Paired bootstrap: in which share of the draws the mean of the differences is above 0 (0: half).
 * @param differences of two methods on the same frames, by cluster
 */
export function shareAbove(differences: readonly (readonly number[])[], options: BootstrapOptions = {}): number {
  const means = bootstrap(
    differences.filter(({ length }) => length > 0),
    (drawn) => meanOf(drawn.flat()),
    options,
  );
  return meanOf(means.map((mean) => (mean > 0 ? 1 : mean === 0 ? 0.5 : 0)));
}
