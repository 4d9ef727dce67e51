/** @file What is done in a site of the service, and what to do next. */
import { readPlan, readSplit } from "../../site/plan/planSite.ts";
import { plannedFrames, type PlannedFrame } from "../../site/plan/planFile.ts";
import type { Plan } from "../../site/plan/plan.ts";
import type { SiteEvent } from "../../site/history.ts";
import { readReport } from "../../site/report/reportSite.ts";
import type { SiteReport } from "../../site/report/reportData.ts";
import type { Site } from "../../site/siteFile.ts";
import type { SiteFolder } from "../../site/siteFolder.ts";
import { isCheckedAlready, isStillOpen, RUN_STEPS, type RunStep } from "../../tasks/site/runSite.ts";
import type { ServiceContext } from "../context.ts";
import { clipsOf, labelsOf, type ServedSiteClip } from "./siteClips.ts";
import { areLabelsNew } from "./takeLabels.ts";

/**
 * - run: everything that is not done yet.
 * - label: frames of the plan.
 * - more: every planned frame is labelled, and it is not enough: more footage, or a larger plan.
 * - decide: the report has a verdict.
 */
export const NEXT_STEPS = ["run", "label", "more", "decide"] as const;
export type NextStep = (typeof NEXT_STEPS)[number];

/** `failed`: the site does without it. */
export const STEP_STATES = ["open", "done", "failed"] as const;

/** A step of `RUN_STEPS`. */
export interface StepState {
  readonly step: RunStep;
  readonly state: (typeof STEP_STATES)[number];
  /** Why it failed. */
  readonly why: string | null;
}

/** A frame of the plan. */
export interface QueuedFrame extends PlannedFrame {
  /** Of the clip in the service; null where it is gone. */
  readonly clipId: string | null;
  /** The clip has a label of this frame. */
  readonly labelled: boolean;
}

/** See the file comment. */
export interface SiteState {
  readonly site: Site;
  readonly clips: readonly ServedSiteClip[];
  readonly plan: Plan | undefined;
  /** In the order in which to label. */
  readonly queue: readonly QueuedFrame[];
  readonly report: SiteReport | undefined;
  /** The report is of the labels, targets and models as they are now. */
  readonly isReported: boolean;
  readonly steps: readonly StepState[];
  readonly next: NextStep;
}

/** @throws UserError `json/invalid`, `site/newer` */
export async function siteState(
  folder: SiteFolder,
  { clips: list, labelsOf: storeOf }: Pick<ServiceContext, "clips" | "labelsOf">,
): Promise<SiteState> {
  const site = await folder.read();
  const [clips, plan, split] = [await clipsOf(site, list), await readPlan(folder), await readSplit(folder)];
  const labelled = new Set<string>();
  for (const { key, id } of clips)
    if (id !== null) for (const { frame } of await storeOf(id).frames()) labelled.add(`${frame} ${key}`);
  const ids = new Map(clips.map(({ key, id }) => [key, id]));
  const queue = plannedFrames(split).map((one) => ({
    ...one,
    clipId: ids.get(one.clip) ?? null,
    labelled: labelled.has(`${one.frame} ${one.clip}`),
  }));
  const history = await folder.history();
  const report = await readReport(folder);
  const areNew = await areLabelsNew(folder, labelsOf(clips, storeOf));
  const isReported = report !== undefined && !areNew && isReportLast(history);
  const isDone = {
    check: await isCheckedAlready(folder, site),
    plan: plan !== undefined,
    adapt: !isStillOpen(history, "adapt", clips.length),
    tune: !isStillOpen(history, "tune", clips.length),
    track: isReported,
    report: isReported,
  } satisfies Record<RunStep, boolean>;
  const steps = RUN_STEPS.map((step) => stepState(step, isDone[step], history));
  const next = nextOf({ isDone, queue, isReported, decision: report?.decision ?? null });
  return { site, clips, plan, queue, report, isReported, steps, next };
}

/** What a report depends on. */
const CHANGES: ReadonlySet<string> = new Set(["changed", "labels", "model", "tune"]);

function isReportLast(history: readonly SiteEvent[]): boolean {
  const last = history.findLastIndex(({ what }) => what === "report");
  return last >= 0 && !history.slice(last).some(({ what }) => CHANGES.has(what));
}

function stepState(step: RunStep, isDone: boolean, history: readonly SiteEvent[]): StepState {
  if (isDone) return { step, state: "done", why: null };
  const last = history.findLast(
    ({ what, ...more }) => what === "changed" || (what === "without" && more["step"] === step),
  );
  const isFailed = last?.what === "without";
  return { step, state: isFailed ? "failed" : "open", why: isFailed ? String(last["why"]) : null };
}

function nextOf({
  isDone,
  queue,
  isReported,
  decision,
}: {
  readonly isDone: Readonly<Record<RunStep, boolean>>;
  readonly queue: readonly QueuedFrame[];
  readonly isReported: boolean;
  readonly decision: SiteReport["decision"];
}): NextStep {
  if (!isDone.check || !isDone.plan) return "run";
  if (!queue.some(({ labelled, role }) => labelled && role !== "verdict")) return "label";
  if (!isReported) return "run";
  if (decision === "go" || decision === "no-go") return "decide";
  return queue.some(({ labelled }) => !labelled) ? "label" : "more";
}
