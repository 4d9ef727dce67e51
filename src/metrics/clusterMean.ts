/**
 * @file The mean of scores that come in clusters, and how sure it is. Frames of one clip resemble each other, so it is
 * the clips that count: variances are those between clusters (the cluster-robust variance of a ratio mean: Cochran,
 * Sampling Techniques, 3rd ed., eq. 2.39 and 6.4), and the t distribution has one degree of freedom less than there are
 * clusters. Scores lie in 0..1 and are skewed near 1, so the interval is made on the logit scale and lies in 0..1.
 */
import { meanOf } from "./statistics.ts";
import { studentQuantile } from "./studentT.ts";

/** Values by cluster; clusters without values do not count. */
export type Clusters = readonly (readonly number[])[];

/** A mean and where the true one lies. */
export interface Interval {
  /** Over all values. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** The mean of clustered values. */
export interface ClusterMean extends Interval {
  /** Of the mean, by the differences between clusters; NaN of fewer than two clusters. */
  readonly standardError: number;
  readonly clusters: number;
  readonly values: number;
}

/** How sure intervals are. */
export const LEVEL = 0.95;

/**
 * The mean of scores in 0..1 with its interval. Of fewer than two clusters nothing is known: the interval is 0..1. If
 * all clusters are alike, the interval holds what a share of clusters that was not met by chance could change.
 */
export function scoreInterval(given: Clusters, level = LEVEL): ClusterMean {
  const estimate = clusterEstimate(given);
  const { mean, standardError, clusters } = estimate;
  if (clusters < 2) return { ...estimate, low: 0, high: 1 };
  if (standardError === 0 || mean <= 0 || mean >= 1) {
    const unseen = unseenShare(clusters, (1 + level) / 2);
    return { ...estimate, low: mean * (1 - unseen), high: mean + (1 - mean) * unseen };
  }
  const centre = Math.log(mean / (1 - mean));
  const reach = (studentQuantile((1 + level) / 2, clusters - 1) * standardError) / (mean * (1 - mean));
  return { ...estimate, low: logistic(centre - reach), high: logistic(centre + reach) };
}

/** The mean of differences (any values) with its t interval; of fewer than two clusters it is infinite. */
export function differenceInterval(given: Clusters, level = LEVEL): ClusterMean {
  const estimate = clusterEstimate(given);
  const { mean, standardError, clusters } = estimate;
  const reach = clusters < 2 ? Infinity : studentQuantile((1 + level) / 2, clusters - 1) * standardError;
  return { ...estimate, low: mean - reach, high: mean + reach };
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Equal values leave rounding errors, which are no variance. */
const NOTHING = 1e-12;

function clusterEstimate(given: Clusters): Omit<ClusterMean, "low" | "high"> {
  const clusters = given.filter(({ length }) => length > 0);
  const values = clusters.flat();
  const mean = meanOf(values);
  const residuals = clusters.map((own) => own.reduce((sum, value) => sum + value - mean, 0));
  const count = clusters.length;
  const squares = squaresAround(0, residuals);
  const error = count < 2 ? Number.NaN : Math.sqrt((squares * count) / (count - 1)) / values.length;
  return { mean, standardError: error < NOTHING ? 0 : error, clusters: count, values: values.length };
}

/** The largest share of clusters of some kind such that meeting none among `clusters` is still likely to 1 − `sure`. */
export function unseenShare(clusters: number, sure = LEVEL): number {
  return 1 - (1 - sure) ** (1 / clusters);
}

/** How much scores vary: standard deviations of the clusters' true means, and of values within a cluster. */
export interface Spread {
  readonly between: number;
  readonly within: number;
}

/**
 * The spread by analysis of variance (one-way, random effects, unequal sizes: Searle, Casella & McCulloch, Variance
 * Components, eq. 3.35 f.); undefined of fewer than two clusters, or of none with two values.
 */
export function spreadOf(given: Clusters): Spread | undefined {
  const clusters = given.filter(({ length }) => length > 0);
  const values = clusters.flat();
  const inner = values.length - clusters.length;
  if (clusters.length < 2 || inner < 1) return undefined;
  const mean = meanOf(values);
  const means = clusters.map(meanOf);
  const within = clusters.reduce((sum, own, i) => sum + squaresAround(means[i], own), 0) / inner;
  const between =
    clusters.reduce((sum, { length }, i) => sum + length * (means[i] - mean) ** 2, 0) / (clusters.length - 1);
  const size =
    (values.length - clusters.reduce((sum, { length }) => sum + length ** 2, 0) / values.length) /
    (clusters.length - 1);
  return { between: Math.sqrt(Math.max(0, (between - within) / size)), within: Math.sqrt(within) };
}

function squaresAround(mean: number, values: readonly number[]): number {
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/** More clusters than this are never asked for. */
export const MOST_CLUSTERS = 100_000;

/**
 * How many clusters of `perCluster` values each make an interval that reaches no further than `reach` to each side of
 * the mean; undefined if more than `MOST_CLUSTERS`.
 */
export function clustersFor({ between, within }: Spread, perCluster: number, reach: number): number | undefined {
  const variance = between ** 2 + within ** 2 / perCluster;
  const isEnough = (count: number): boolean =>
    studentQuantile((1 + LEVEL) / 2, count - 1) * Math.sqrt(variance / count) <= reach;
  if (!isEnough(MOST_CLUSTERS)) return undefined;
  let [low, high] = [1, MOST_CLUSTERS];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
