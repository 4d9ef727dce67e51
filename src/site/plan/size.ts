/** @file How many labels a verdict needs. */
import { clustersFor, LEVEL, type Spread } from "../../metrics/clusterMean.ts";
import { studentQuantile } from "../../metrics/studentT.ts";

/**
 * Fewer passages give no verdict: where one clip in seven fails, an interval from ten clips covers the truth in only
 * four of five sites, one from twenty in nineteen of twenty (`bench/siteIntervals.ts`).
 */
export const LEAST_PASSAGES = 20;

/** The spread of IoU that is assumed before anything is labelled: clips of a site differ by 0.12, frames of a clip by 0.10. */
export const PRIOR_SPREAD: Spread = { between: 0.12, within: 0.1 };

/** Verdict frames of a passage that are considered. */
const MOST_PER_PASSAGE = 5;
/** Where no number of frames is enough, the interval may be wider by this than with the most of them. */
const NEARLY = 1.05;

/** How much to label. */
export interface PlanSize {
  readonly passages: number;
  /** Verdict frames of each. */
  readonly perPassage: number;
  /** How far the interval will reach to each side of the mean, as far as the spread is as assumed. */
  readonly reach: number;
}

/**
 * The least labels (each passage also needs one to start from) that give an interval no wider than wanted; with fewer
 * passages than that takes, all there are.
 * @param reach to each side of the mean
 * @param available passages that there are
 */
export function planSize(spread: Spread, reach: number, available: number): PlanSize {
  const sizes = Array.from({ length: MOST_PER_PASSAGE }, (_, i) => sizeWith(spread, reach, available, i + 1));
  const enough = sizes.filter((size) => size.reach <= reach);
  const labels = ({ passages, perPassage }: PlanSize): number => passages * (1 + perPassage);
  if (enough.length > 0) return enough.reduce((best, size) => (labels(size) < labels(best) ? size : best));
  const best = sizes[sizes.length - 1];
  return sizes.find((size) => size.reach <= NEARLY * best.reach) ?? best;
}

function sizeWith(spread: Spread, reach: number, available: number, perPassage: number): PlanSize {
  const wanted = clustersFor(spread, perPassage, reach) ?? available;
  const passages = Math.min(available, Math.max(LEAST_PASSAGES, wanted));
  return { passages, perPassage, reach: reachOf(spread, passages, perPassage) };
}

/** How far the interval of a mean reaches to each side; 1 of a single passage. */
export function reachOf({ between, within }: Spread, passages: number, perPassage: number): number {
  if (passages < 2) return 1;
  const error = Math.sqrt((between ** 2 + within ** 2 / perPassage) / passages);
  return Math.min(1, studentQuantile((1 + LEVEL) / 2, passages - 1) * error);
}
