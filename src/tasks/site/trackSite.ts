/**
 * @file Tracks the labelled passages of a site with everything that is compared. Every passage is a session of the task
 * `track`: what was stopped or killed resumes, what is done is not done again unless its labels changed.
 */
import { isThere } from "../../core/files.ts";
import { rm } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { counted } from "../../core/counted.ts";
import { duration } from "../../core/duration.ts";
import { Interrupted, messageOf, UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import { untrainedWeights } from "../../method/encoderWeights.ts";
import { DEFAULT_WEIGHTS } from "../../method/node/weightsFile.ts";
import { presentClips } from "../../site/footage.ts";
import { type SiteLabel, siteLabels, SiteMasks } from "../../site/labels.ts";
import { modelInUse, modelNumbered, sha256, wholeWeights } from "../../site/models.ts";
import { plannedSplit } from "../../site/plan/planSite.ts";
import { readRun, type RunFile, writeRun } from "../../site/runFile.ts";
import {
  correctionOrder,
  labelledPassages,
  plannedRuns,
  runFolder,
  runnerKey,
  type SiteRun,
} from "../../site/runPlan.ts";
import type { Site } from "../../site/siteFile.ts";
import { SiteFolder } from "../../site/siteFolder.ts";
import { writeMaskPng } from "../../video/masks/maskPng.ts";
import { writeSafetensors } from "../../weights/safetensors.ts";
import type { RunContext } from "../task.ts";
import { trackTask } from "../track.ts";

/** What was tracked. */
export interface TrackSiteResult {
  /** Passages with a label to start from. */
  readonly passages: number;
  /** Runs of the passages with all that is compared: tracked now, and there before. */
  readonly tracked: number;
  readonly kept: number;
  /** Runs that could not be tracked, and why. */
  readonly failed: readonly { readonly passage: string; readonly why: string }[];
  readonly frames: number;
  readonly seconds: number;
}

interface Setting {
  readonly folder: SiteFolder;
  readonly site: Site;
  readonly masks: SiteMasks;
  readonly context: RunContext;
}

/**
 * @param most corrections that are tried in a passage
 * @throws UserError `site/missing`, `site/no-plan`, `site/no-labels`, `site/label`, `lock/busy`, those of `track`; the
 * signal's reason
 */
export async function trackSite(root: string, most: number, context: RunContext): Promise<TrackSiteResult> {
  const folder = new SiteFolder(root);
  const site = await folder.read();
  await using _ = await folder.lock();
  const { runs, passages, masks } = await runsOf(folder, site, most, context.logger);
  const setting = { folder, site, masks, context };
  const failed: { passage: string; why: string }[] = [];
  let [tracked, kept, frames, seconds] = [0, 0, 0, 0];
  const begin = performance.now();
  for (const [i, run] of runs.entries()) {
    context.signal.throwIfAborted();
    const rate = (performance.now() - begin) / 1000 / Math.max(1, tracked);
    const left = tracked === 0 ? "" : `, about ${duration(rate * (runs.length - i))} left`;
    const where = `${i + 1} of ${counted(runs.length, "run")}${left}: ${runnerKey(run)}, ${run.labelled.passage.key}`;
    try {
      const cost = await trackRun(setting, run, where);
      if (cost === undefined) kept++;
      else tracked++;
      frames += cost?.frames ?? 0;
      seconds += cost?.seconds ?? 0;
    } catch (error) {
      if (!(error instanceof UserError) || error.code === "file/write" || error.code === "disk/full") throw error;
      context.logger.warn(`${run.labelled.passage.key} could not be tracked: ${messageOf(error)}`);
      failed.push({ passage: run.labelled.passage.key, why: messageOf(error) });
    }
  }
  const result = { passages, tracked, kept, failed, frames, seconds };
  await folder.note("track", {
    ...result,
    model: runnerKey({ model: await modelInUse(folder, site), preset: site.preset }),
    corrections: most,
  });
  return result;
}

/** @throws UserError `site/no-plan`, `site/no-labels`, `site/footage`, `site/label` */
async function runsOf(folder: SiteFolder, site: Site, most: number, logger: Logger) {
  const split = await plannedSplit(folder);
  const labels = await siteLabels(folder, site, split, logger);
  const masks = new SiteMasks(labels);
  const present = new Set((await presentClips(site.footage, logger)).map(({ key }) => key));
  // All masks are read before anything is tracked: a wrong one is found at once.
  const all = await labelledPassages(labels, split.passages, masks);
  for (const { verdict } of all) for (const label of verdict) if (label.kind === "mask") await masks.read(label);
  const passages = all.filter(({ passage, given }) => present.has(passage.clip) && given.length > 0);
  if (passages.length === 0) throw noLabels(folder);
  return {
    runs: plannedRuns(passages, { model: await modelInUse(folder, site), preset: site.preset }, most),
    passages: passages.length,
    masks,
  };
}

function noLabels(folder: SiteFolder): UserError {
  return new UserError("site/no-labels", {
    what: "no passage has a label to start from",
    expected: `masks such as ${folder.at("labels", "CLIP", "00000.png")}, as ${folder.at("plan", "plan.html")} lists them`,
    todo: "draw the first masks of the plan; verdict frames are only measured, never given",
  });
}

/** @returns what it cost; undefined where it was done before */
async function trackRun(setting: Setting, run: SiteRun, where: string): Promise<RunFile["cost"] | undefined> {
  const { folder, site, context } = setting;
  const { given, passage } = run.labelled;
  const out = folder.at(...runFolder(run));
  const labels = correctionOrder(given, passage.end).slice(0, run.corrections + 1);
  const weights = await weightsOf(folder, run);
  const tracker = { ...site.tracker, ...run.preset?.tracker };
  const identity = await identityOf(run, labels, weights, tracker);
  const before = await readRun(folder, run);
  const isSame = before !== undefined && isDeepStrictEqual(before.identity, identity);
  if (isSame && before.cost !== null) return undefined;
  if (!isSame) {
    await rm(out, { recursive: true, force: true });
    await writeRun(folder, run, { format: 1, identity, cost: null });
  }
  const begin = performance.now();
  const task = { ...tracker, ...(weights !== DEFAULT_WEIGHTS && { weights }), ...taskOf(run, out) };
  const outcome = await trackTask.run(
    { ...task, labels: await givenFiles(setting, out, labels) } as unknown as Parameters<typeof trackTask.run>[0],
    { ...context, logger: within(context.logger, where) },
  );
  if (outcome.kind !== "session" || !outcome.result.summary.complete)
    throw context.signal.reason ?? new Interrupted("interrupted");
  const { frameCount, peakRssMb } = outcome.result.summary;
  const cost = { frames: frameCount, seconds: (performance.now() - begin) / 1000, peakRssMb };
  await writeRun(folder, run, { format: 1, identity, cost });
  return cost;
}

function taskOf({ labelled: { given, passage } }: SiteRun, out: string) {
  const range = { start: passage.start, end: passage.end };
  return { video: given[0].clip.path, out, direction: "both", range, overlay: false, pictures: false } as const;
}

async function identityOf(
  { labelled: { passage } }: SiteRun,
  labels: readonly SiteLabel[],
  weights: string,
  tracker: RunFile["identity"]["tracker"],
): Promise<RunFile["identity"]> {
  const hashed = labels.map(async ({ frame, path }) => ({ frame, sha256: await sha256(path) }));
  const { clip, start, end } = passage;
  return { clip, start, end, labels: await Promise.all(hashed), weights: await sha256(weights), tracker };
}

/** Masks with the values that all masks of the clip have, whatever they were drawn with; files of points as they are. */
async function givenFiles({ masks }: Setting, out: string, labels: readonly SiteLabel[]) {
  const files: { path: string; frame: number }[] = [];
  for (const label of labels) {
    const { frame, name, kind } = label;
    const path = kind === "points" ? label.path : join(out, "given", `${name}.png`);
    if (kind === "mask") await writeMaskPng(path, await masks.read(label));
    files.push({ path, frame });
  }
  return files;
}

/** @throws UserError `site/weights` */
async function weightsOf(folder: SiteFolder, { model }: SiteRun): Promise<string> {
  if (model === "untrained") return untrained(folder);
  return wholeWeights(folder, await modelNumbered(folder, model.number));
}

/** An encoder that has learned nothing: what the verdict's numbers have to beat. */
async function untrained(folder: SiteFolder): Promise<string> {
  const path = folder.at("models", "untrained.safetensors");
  if (!(await isThere(path)))
    await writeSafetensors(path, new Map(untrainedWeights("small").values), { metadata: { variant: "small" } });
  return path;
}

/** What a run says, with where it is; its small talk is left out. */
function within(logger: Logger, where: string): Logger {
  return {
    info() {},
    warn: (line) => logger.warn(line),
    progress: (line) => logger.progress(`${where}: ${line}`),
  };
}
