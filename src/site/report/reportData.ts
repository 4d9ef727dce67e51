/** @file `report.json`: every number and decision of a report; the page only puts words around it. */
import { cpus } from "node:os";
import { grouped } from "../../core/grouped.ts";
import { bootstrap, percentileRange, shareAbove } from "../../metrics/bootstrap.ts";
import {
  type ClusterMean,
  differenceInterval,
  type Interval,
  scoreInterval,
  spreadOf,
  unseenShare,
} from "../../metrics/clusterMean.ts";
import { auroc, type Judged } from "../../metrics/reliability.ts";
import { meanOf } from "../../metrics/statistics.ts";
import { modelFolder } from "../models.ts";
import type { Observation } from "../observations.ts";
import { plannedFrames } from "../plan/planFile.ts";
import { PRIOR_SPREAD } from "../plan/size.ts";
import { differences, metricsIn, scoreClusters, scoreOf } from "../scores.ts";
import { type CurrentTarget, currentTargets, type Metric, metricOf } from "../targets.ts";
import { checkSummary, type CheckSummary } from "./checkSummary.ts";
import type { Evidence, MethodEvidence } from "./evidence.ts";
import { type FailureShare, failuresOf } from "./failures.ts";
import { type Labour, labour, SENSITIVITY_EVERY, SENSITIVITY_SEC } from "./labour.ts";
import { type ShownFrame, shownFrames } from "./shownFrames.ts";
import { type Decision, decisionOf, type TargetVerdict, targetVerdict } from "./verdict.ts";

/** A mean with its interval, without what is not a number in JSON. */
export type ReportedMean = Pick<ClusterMean, "mean" | "low" | "high" | "clusters" | "values">;

/** One row of the table of methods. */
export interface MethodScore {
  readonly method: MethodEvidence["method"];
  readonly corrections: number;
  readonly score: ReportedMean;
  /**
   * By how much it is better than the model without corrections, in the same frames, and in which share of the draws of
   * a paired bootstrap it is; null for that model itself.
   */
  readonly difference: (Interval & { readonly shareAbove: number }) | null;
}

/** Scores of a part of the verdict frames. */
export interface GroupScore {
  readonly name: string;
  readonly score: ReportedMean;
}

/** All of one metric. */
export interface MetricReport {
  readonly metric: string;
  readonly methods: readonly MethodScore[];
  readonly cameras: readonly GroupScore[];
  readonly things: readonly GroupScore[];
  /** Of masks: things that are not to be seen in a verdict frame, of how many, and those whose mask is empty there. */
  readonly absent: { readonly count: number; readonly things: number; readonly right: number };
  /** Passages whose mean is below one half, and of how many. */
  readonly failedPassages: number;
  readonly passages: number;
  /** Where none failed: the share of all passages that may fail without one having been met (95 %). */
  readonly unseenFailures: number | null;
}

/** See the file comment. */
export interface SiteReport {
  readonly format: 1;
  readonly site: string;
  readonly made: string;
  /** Null without targets. */
  readonly decision: Decision | null;
  readonly verdicts: readonly (TargetVerdict & Omit<CurrentTarget, "value"> & { readonly score: ReportedMean })[];
  /** The targets judged with ever more corrections: what each buys. */
  readonly corrected: readonly { readonly corrections: number; readonly decision: Decision | null }[];
  readonly metrics: readonly MetricReport[];
  readonly failures: readonly FailureShare[];
  /** Verdict frames to look at; files of earlier versions have none. */
  readonly frames: readonly ShownFrame[];
  readonly confidence: (Interval & { readonly count: number; readonly right: number }) | null;
  readonly labour: {
    readonly rows: readonly Labour[];
    readonly frames: number;
    readonly passages: number;
    readonly objectsPerFrame: number;
    readonly objectsMeasured: boolean;
    readonly framesPerSecond: number | null;
    readonly bySeconds: readonly { readonly maskSec: number; readonly labour: Labour }[];
    readonly byEvery: readonly { readonly every: number; readonly labour: Labour }[];
  } | null;
  readonly labels: {
    readonly verdictPlanned: number;
    readonly verdict: number;
    readonly given: number;
    readonly passages: number;
    /** Passages of the plan. */
    readonly planned: number;
    /** Passages that the footage has when it is cut as in the plan. */
    readonly available: number;
    /** Mean verdict frames of a labelled passage. */
    readonly perPassage: number;
    readonly reach: number | null;
    /** Verdict frames without a label that come in the plan before the last one with a label. */
    readonly skipped: number;
    /** Labelled verdict frames that have no score: not tracked, or not started from a label. */
    readonly unmeasured: number;
  };
  readonly footage: {
    readonly clips: number;
    readonly cameras: number;
    readonly frames: number;
    readonly seconds: number;
    readonly gone: readonly string[];
  };
  readonly check: CheckSummary | null;
  readonly prices: Evidence["site"]["prices"];
  readonly machine: {
    readonly framesPerSecond: number | null;
    readonly peakRssMb: number | null;
    readonly cpu: string;
    readonly cores: number;
  };
  readonly targetsEdited: boolean;
  readonly provenance: {
    readonly seed: number;
    readonly model: string;
    /** The model was learned on the site's footage. */
    readonly learned: boolean;
    /** Name of the settings that were found for the site; null where the usual ones are used. */
    readonly preset: string | null;
    readonly weightsSha256: string;
    readonly splitSha256: string;
    readonly labelsSha256: string;
    readonly tracker: Readonly<Record<string, unknown>>;
    readonly versions: Readonly<Record<string, string>>;
    /** How often results were seen before with other labels. */
    readonly looks: number;
  };
}

/** @param versions see `versionsInUse` */
export function reportOf(
  evidence: Evidence,
  { made, versions }: { readonly made: string; readonly versions: Readonly<Record<string, string>> },
): SiteReport {
  const { site, methods, hashes, model, looks } = evidence;
  const base = methods.find(isBase);
  const observed = base?.observations ?? [];
  const targets = currentTargets(site.targets);
  const verdicts = targets.map((target) => verdictOf(target, observed, perPassageOf(evidence)));
  return {
    format: 1,
    site: site.name,
    made,
    decision: decisionOf(verdicts),
    verdicts,
    corrected: methods
      .filter(({ method }) => method === "model")
      .map(({ corrections, observations }) => ({
        corrections,
        decision: decisionOf(targets.map((target) => verdictOf(target, observations, perPassageOf(evidence)))),
      })),
    metrics: metricsIn(
      methods.flatMap(({ observations }) => observations),
      targets.map(({ metric }) => metric),
    ).map((metric) => metricReport(metric, evidence, base)),
    failures: failuresOf(observed),
    frames: shownFrames(observed),
    confidence: confidenceOf(observed),
    labour: labourOf(evidence),
    labels: labelCounts(evidence, observed),
    footage: footageOf(evidence),
    check: evidence.check === null ? null : checkSummary(evidence.check),
    prices: site.prices,
    machine: { ...costOf(base), cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length },
    targetsEdited: evidence.targetsEdited,
    provenance: {
      seed: site.seed,
      model: model.number === 0 ? model.name : modelFolder(model),
      learned: model.number !== 0,
      preset: site.preset?.name ?? null,
      weightsSha256: model.sha256,
      splitSha256: hashes.split,
      labelsSha256: hashes.labels,
      tracker: { ...site.tracker, ...site.preset?.tracker },
      versions,
      looks,
    },
  };
}

const isBase = ({ method, corrections }: MethodEvidence): boolean => method === "model" && corrections === 0;

function reported({ mean, low, high, clusters, values }: ClusterMean): ReportedMean {
  return { mean, low, high, clusters, values };
}

function verdictOf(target: CurrentTarget, observations: readonly Observation[], perPassage: number) {
  const metric = metricOf(target.metric);
  const clusters = metric === undefined ? [] : scoreClusters(observations, metric);
  const score = scoreInterval(clusters);
  const verdict = targetVerdict(target, score, spreadOf(clusters) ?? PRIOR_SPREAD, Math.max(1, perPassage));
  const { set, afterResults, before } = target;
  return { ...verdict, set, afterResults, before, score: reported(score) };
}

function metricReport(name: string, { methods, site }: Evidence, base: MethodEvidence | undefined): MetricReport {
  const metric = metricOf(name) ?? { kind: "iou" };
  const observed = base?.observations ?? [];
  const clusters = scoreClusters(observed, metric);
  const failedPassages = clusters.filter((own) => meanOf(own) < 0.5).length;
  return {
    metric: name,
    methods: methods.map((one) => methodScore(one, base, metric)),
    cameras: groupScores(observed, metric, ({ camera }) => camera),
    things: groupScores(observed, metric, ({ thing }) => site.objects[thing] ?? thing),
    absent: absentThings(observed),
    failedPassages,
    passages: clusters.length,
    unseenFailures: failedPassages > 0 || clusters.length === 0 ? null : unseenShare(clusters.length),
  };
}

function absentThings(observations: readonly Observation[]): MetricReport["absent"] {
  const masks = observations.flatMap(({ found }) => (found.kind === "mask" ? [found] : []));
  const absent = masks.filter(({ trueArea }) => trueArea === 0);
  return { count: absent.length, things: masks.length, right: absent.filter(({ area }) => area === 0).length };
}

function methodScore(one: MethodEvidence, base: MethodEvidence | undefined, metric: Metric): MethodScore {
  const { method, corrections, observations } = one;
  const score = reported(scoreInterval(scoreClusters(observations, metric)));
  if (base === undefined || one === base) return { method, corrections, score, difference: null };
  const gained = differences(observations, base.observations, metric);
  const { mean, low, high } = differenceInterval(gained);
  return { method, corrections, score, difference: { mean, low, high, shareAbove: shareAbove(gained) } };
}

function groupScores(
  observations: readonly Observation[],
  metric: Metric,
  nameOf: (one: Observation) => string,
): GroupScore[] {
  const groups = grouped(
    observations.filter((one) => scoreOf(one, metric) !== undefined),
    nameOf,
  );
  const scores = [...groups].map(([name, own]) => ({
    name,
    score: reported(scoreInterval(scoreClusters(own, metric))),
  }));
  return scores.sort((a, b) => a.score.mean - b.score.mean);
}

/** Right masks, and wrong ones, without which nothing is said of confidence. */
export const LEAST_JUDGED = 5;

/** Whether confidence tells right masks (IoU ≥ 0.5) from wrong ones; passages are drawn anew for its interval. */
function confidenceOf(observations: readonly Observation[]): SiteReport["confidence"] {
  const passages = [...grouped(observations, ({ passage }) => passage).values()].map((own) => own.flatMap(judged));
  const all = passages.flat();
  const right = all.filter((one) => one.right).length;
  if (Math.min(right, all.length - right) < LEAST_JUDGED) return null;
  const drawn = bootstrap(passages, (some) => auroc(some.flat()), { draws: 500 });
  return {
    mean: auroc(all),
    ...percentileRange(drawn),
    count: all.length,
    right: right / all.length,
  };
}

function judged({ confidence, found }: Observation): Judged[] {
  return confidence === null || found.kind !== "mask" ? [] : [{ confidence, right: found.iou >= 0.5 }];
}

function costOf(base: MethodEvidence | undefined) {
  const costs = base?.costs ?? [];
  const seconds = costs.reduce((sum, cost) => sum + cost.seconds, 0);
  if (seconds === 0) return { framesPerSecond: null, peakRssMb: null };
  const framesPerSecond = costs.reduce((sum, cost) => sum + cost.frames, 0) / seconds;
  return { framesPerSecond, peakRssMb: Math.max(...costs.map(({ peakRssMb }) => peakRssMb)) };
}

/** Null before anything was tracked: hours without a speed would be a guess. */
function labourOf({ site, methods, plan, thingsPerFrame, split }: Evidence): SiteReport["labour"] {
  const { framesPerSecond } = costOf(methods.find(isBase));
  if (framesPerSecond === null) return null;
  const frames = site.footage.reduce((sum, clip) => sum + clip.frames, 0);
  const passages = plan?.available ?? split.passages.length;
  const objectsPerFrame = thingsPerFrame ?? site.prices.objectsPerFrame;
  const base = { frames, passages, objectsPerFrame, framesPerSecond, prices: site.prices, corrections: 0 };
  const models = methods.filter(({ method }) => method === "model");
  return {
    rows: models.map(({ corrections }) => labour({ ...base, corrections })),
    frames,
    passages,
    objectsPerFrame,
    objectsMeasured: thingsPerFrame !== null,
    framesPerSecond,
    bySeconds: SENSITIVITY_SEC.map((maskSec) => ({ maskSec, labour: labour(base, maskSec) })),
    byEvery: SENSITIVITY_EVERY.map((every) => ({ every, labour: labour({ ...base, frames: frames / every }) })),
  };
}

function perPassageOf({ passages }: Evidence): number {
  const counts = passages.map(({ verdict }) => verdict.length).filter((count) => count > 0);
  return counts.length === 0 ? 1 : meanOf(counts);
}

function labelCounts(evidence: Evidence, observed: readonly Observation[]): SiteReport["labels"] {
  const { split, passages, labels, plan } = evidence;
  const verdict = labels.filter(({ role }) => role === "verdict").length;
  return {
    verdictPlanned: split.passages.reduce((sum, passage) => sum + passage.verdict.length, 0),
    verdict,
    given: labels.length - verdict,
    passages: passages.filter(({ given, verdict: own }) => given.length > 0 && own.length > 0).length,
    planned: split.passages.length,
    available: plan?.available ?? split.passages.length,
    perPassage: perPassageOf(evidence),
    reach: plan?.reach ?? null,
    skipped: skippedFrames(evidence),
    unmeasured: verdict - new Set(observed.map(({ passage, frame }) => `${passage} ${frame}`)).size,
  };
}

/** Verdict frames without a label that come in the plan before the last one with a label. */
function skippedFrames({ split, labels }: Evidence): number {
  const has = new Set(labels.map(({ passage, frame }) => `${passage.key} ${frame}`));
  const planned = plannedFrames(split)
    .filter(({ role }) => role === "verdict")
    .map(({ passage, frame }) => has.has(`${passage} ${frame}`));
  return planned.slice(0, planned.lastIndexOf(true) + 1).filter((isLabelled) => !isLabelled).length;
}

function footageOf({ site, gone }: Evidence): SiteReport["footage"] {
  const { footage } = site;
  return {
    clips: footage.length,
    cameras: new Set(footage.map(({ camera }) => camera)).size,
    frames: footage.reduce((sum, { frames }) => sum + frames, 0),
    seconds: footage.reduce((sum, { seconds }) => sum + seconds, 0),
    gone,
  };
}
