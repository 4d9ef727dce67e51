/**
 * @file The verdict: by where the whole interval lies against the target. Above: go; below: no-go; else, and from too
 * few passages, there is not enough evidence, and it is said how much more would settle it.
 */
import { type ClusterMean, clustersFor, type Spread } from "../../metrics/clusterMean.ts";
import { LEAST_PASSAGES } from "../plan/size.ts";

export type Decision = "go" | "no-go" | "not-enough";

/** Of one target. */
export interface TargetVerdict {
  readonly metric: string;
  readonly target: number;
  readonly decision: Decision;
  /** Why there is not enough evidence: too few passages for any verdict, or an interval that holds the target. */
  readonly why: "too-few" | "unclear" | null;
  /**
   * Passages that would settle it in all, if the mean stays where it is; null if that is more than anyone labels, or
   * settled already.
   */
  readonly passagesNeeded: number | null;
}

/** More passages than this to settle a verdict is a target that is met by a hair: no number is given. */
const MOST_NEEDED = 2000;

/**
 * @param spread seen in the scores, for what is needed
 * @param perPassage verdict frames of a passage
 */
export function targetVerdict(
  { metric, value }: { readonly metric: string; readonly value: number },
  { mean, low, high, clusters }: Pick<ClusterMean, "mean" | "low" | "high" | "clusters">,
  spread: Spread,
  perPassage: number,
): TargetVerdict {
  const tooFew = clusters < LEAST_PASSAGES;
  const decision = tooFew ? "not-enough" : low >= value ? "go" : high < value ? "no-go" : "not-enough";
  if (decision !== "not-enough") return { metric, target: value, decision, why: null, passagesNeeded: null };
  const wanted = Number.isNaN(mean) ? LEAST_PASSAGES : clustersFor(spread, perPassage, Math.abs(mean - value));
  const needed = Math.max(LEAST_PASSAGES, wanted ?? Infinity, clusters + 1);
  const passagesNeeded = needed > MOST_NEEDED ? null : needed;
  return { metric, target: value, decision, why: tooFew ? "too-few" : "unclear", passagesNeeded };
}

/** Of all targets: go if all are met, no-go if one is missed; null without targets. */
export function decisionOf(verdicts: readonly Pick<TargetVerdict, "decision">[]): Decision | null {
  if (verdicts.length === 0) return null;
  if (verdicts.some(({ decision }) => decision === "no-go")) return "no-go";
  return verdicts.every(({ decision }) => decision === "go") ? "go" : "not-enough";
}
