/** @file From a number to a verdict. */
import { ladder, type LadderStep } from "./ladder.ts";
import { type ReadingKey, type Threshold, thresholds } from "./thresholds.ts";

/** How good something is for tracking: the worst first. */
export const VERDICTS = ["poor", "usable", "good"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The verdict on a number. */
export function verdictOf(key: ReadingKey, value: number): Verdict {
  const { worse, usable, poor }: Threshold = thresholds[key];
  const isBeyond = (limit: number | undefined): boolean =>
    limit !== undefined && (worse === "higher" ? value >= limit : value <= limit);
  if (isBeyond(poor)) return "poor";
  return isBeyond(usable) ? "usable" : "good";
}

/** The worst of some verdicts; good without any. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return VERDICTS.find((verdict) => verdicts.includes(verdict)) ?? "good";
}

/**
 * J&F points that the tracker lost on our clips where this number was so bad (docs/measurements/2026-11-check.md), read
 * off between the steps of the ladder, at its end for what is worse; undefined where no ladder was climbed.
 */
export function lostPoints(key: ReadingKey, value: number): number | undefined {
  const steps: readonly LadderStep[] | undefined = ladder[key];
  if (steps === undefined) return undefined;
  const sign = thresholds[key].worse === "higher" ? 1 : -1;
  const next = steps.findIndex((step) => sign * step.value >= sign * value);
  if (next === 0) return steps[0].lost;
  if (next < 0) return steps[steps.length - 1].lost;
  const [from, to] = [steps[next - 1], steps[next]];
  return from.lost + ((to.lost - from.lost) * (value - from.value)) / (to.value - from.value);
}
