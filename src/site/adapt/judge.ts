/**
 * @file Whether a model that was learned here is better than the one it was learned from, without labels: by trials that
 * both were put to, more than their noise; and no worse on tuning labels, where there are any.
 */
import { grouped } from "../../core/grouped.ts";
import { shareAbove } from "../../metrics/bootstrap.ts";
import { type Clusters, differenceInterval, type Interval } from "../../metrics/clusterMean.ts";
import { meanOf } from "../../metrics/statistics.ts";

/**
 * `cycle`: labels carried forward and back; `made`: J late in a clip that is made of the stretch, whose truth is known.
 */
export type TrialKind = "cycle" | "made";

/** A test without labels on a stretch of footage that was set aside. */
export interface Trial {
  /** Index of the stretch; trials of one are one piece of evidence. */
  readonly stretch: number;
  readonly kind: TrialKind;
}

/** What a trial gave, 0..1; higher is better. */
export interface TrialScore extends Trial {
  readonly score: number;
}

/** The key of a trial in files. */
export function trialKey({ stretch, kind }: Trial): string {
  return `${kind} ${stretch}`;
}

/** How sure one must be that the gain is above 0: both sides of the interval together. */
const LEVEL = 0.9;
/** What one kind of trial may lose while both together gain, and what may be lost on older footage. */
export const TOLERANCE = 0.005;

/** By how much a model is better than another one in the trials that both were put to; by stretch. */
export function trialGains(before: readonly TrialScore[], after: readonly TrialScore[], kind?: TrialKind): Clusters {
  const then = new Map(before.map((one) => [trialKey(one), one.score]));
  const gains = after
    .filter((one) => kind === undefined || one.kind === kind)
    .flatMap((one) => {
      const score = then.get(trialKey(one));
      // A trial in which there is nothing to score says nothing.
      return score === undefined || Number.isNaN(one.score - score) ? [] : [{ ...one, gain: one.score - score }];
    });
  return [...grouped(gains, ({ stretch }) => stretch).values()].map((own) => own.map(({ gain }) => gain));
}

/** What the decision rests on. */
export interface Judgement {
  readonly accepted: boolean;
  readonly reason: string;
  readonly scores: Readonly<Record<string, number>>;
}

/** What is compared. */
export interface Compared {
  readonly before: readonly TrialScore[];
  readonly after: readonly TrialScore[];
  /** Trials on older footage: nothing is to be gained there, and nothing to be lost. Default: none is. */
  readonly isOlder?: (trial: Trial) => boolean;
  /** IoU of the tuning labels' frames, new minus old, by passage; none without labels. */
  readonly tuning: Clusters;
}

/** Accepts or refuses. */
export function judge({ before, after: all, tuning, isOlder = () => false }: Compared): Judgement {
  const after = all.filter((one) => !isOlder(one));
  const gain = differenceInterval(trialGains(before, after), LEVEL);
  const kinds = (["made", "cycle"] as const).map((kind) => meanOf(trialGains(before, after, kind).flat()));
  const old = trialGains(before, all.filter(isOlder)).flat();
  const [made, cycle] = kinds;
  const labelled = tuning.flat();
  const share = shareAbove(tuning);
  const scores = {
    gain: gain.mean,
    gainLow: gain.low,
    gainMade: made,
    gainCycle: cycle,
    trials: gain.values,
    stretches: gain.clusters,
    ...(old.length > 0 && { gainOlder: meanOf(old), olderTrials: old.length }),
    ...(labelled.length > 0 && { tuningGain: meanOf(labelled), tuningShare: share, tuningFrames: labelled.length }),
  };
  const known = Object.fromEntries(Object.entries(scores).filter(([, value]) => Number.isFinite(value)));
  const labels = { mean: meanOf(labelled), share, frames: labelled.length };
  const refusal = refusalOf(gain, kinds, labels) ?? forgettingOf(old);
  const reason = refusal ?? acceptance(gain, labelled, old);
  return { accepted: refusal === undefined, reason, scores: known };
}

interface TuningGain {
  readonly mean: number;
  /** Of the draws of a paired bootstrap in which it is above 0. */
  readonly share: number;
  readonly frames: number;
}

/** Undefined: nothing speaks against it. */
function refusalOf(
  gain: Interval & { readonly clusters: number },
  kinds: readonly number[],
  tuning: TuningGain,
): string | undefined {
  if (!(gain.mean > 0))
    return `not better: ${points(gain.mean)} points without labels, on ${gain.clusters} stretches set aside`;
  if (!(gain.low > 0))
    return `not better by more than noise: ${points(gain.mean)} points without labels, at least ${points(gain.low)} with 95 % certainty`;
  const worst = Math.min(...kinds.filter((value) => !Number.isNaN(value)));
  if (worst < -TOLERANCE) return `one of the two measures without labels fell by ${points(-worst, false)} points`;
  if (tuning.frames > 0 && tuning.share < 0.5)
    return `worse on the tuning labels: ${points(tuning.mean)} points in ${tuning.frames} frames`;
  return undefined;
}

/** Undefined: it has lost no more on older footage than is tolerated. */
function forgettingOf(old: readonly number[]): string | undefined {
  if (old.length === 0 || meanOf(old) >= -TOLERANCE) return undefined;
  return `it forgets: ${points(meanOf(old))} points without labels on older footage, in ${old.length} trials`;
}

function acceptance(gain: Interval, labelled: readonly number[], old: readonly number[]): string {
  const labels =
    labelled.length === 0
      ? "; there are no tuning labels"
      : `; ${points(meanOf(labelled))} on ${labelled.length} tuning labels`;
  const older = old.length === 0 ? "" : `; ${points(meanOf(old))} on older footage`;
  return `better by ${points(gain.mean)} points without labels, at least ${points(gain.low)} with 95 % certainty${older}${labels}`;
}

/** Hundredths of a score, as people say it. */
export function points(value: number, signed = true): string {
  const text = Math.abs(100 * value).toFixed(1);
  if (!signed) return text;
  return value < 0 ? `−${text}` : `+${text}`;
}

/** The candidate with the highest mean score over the trials that all were put to. */
export function bestCandidate<Candidate extends { readonly scores: readonly TrialScore[] }>(
  candidates: readonly Candidate[],
): Candidate {
  const mean = ({ scores }: Candidate): number =>
    meanOf(scores.map(({ score }) => score).filter((score) => !Number.isNaN(score)));
  return candidates.reduce((best, one) => (mean(one) > mean(best) ? one : best));
}
