/** @file Everything that a report rests on, read from the site's folder: labels, tracked passages, plan, footage check. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { isThere } from "../../core/files.ts";
import { grouped } from "../../core/grouped.ts";
import type { Logger } from "../../core/log.ts";
import { type Check, checkSchema } from "../../footage/checkFile.ts";
import { readJson } from "../../formats/json.ts";
import { meanOf } from "../../metrics/statistics.ts";
import { showedResults, type SiteEvent, targetsSet } from "../history.ts";
import { siteLabels, type SiteLabel, SiteMasks } from "../labels.ts";
import { modelInUse, type SiteModel } from "../models.ts";
import { copyFirst, objectsIn, type Observation, observePassage, trackedIn } from "../observations.ts";
import type { Plan } from "../plan/plan.ts";
import type { Split } from "../plan/planFile.ts";
import { readPlan, readSplit } from "../plan/planSite.ts";
import { type RunFile, readRun } from "../runFile.ts";
import {
  type LabelledPassage,
  labelledPassages,
  plannedRuns,
  runFolder,
  type RunMethod,
  type Runner,
  type SiteRun,
} from "../runPlan.ts";
import type { Site } from "../siteFile.ts";
import type { SiteFolder } from "../siteFolder.ts";

/** A way to make masks, and how it did. */
export interface MethodEvidence {
  /** `copy-first`, or see `RunMethod`. */
  readonly method: "copy-first" | RunMethod;
  /** Labels given beyond the first. */
  readonly corrections: number;
  readonly observations: readonly Observation[];
  /** Of its finished runs; empty for a copy. */
  readonly costs: readonly NonNullable<RunFile["cost"]>[];
}

/** See the file comment. */
export interface Evidence {
  readonly site: Site;
  readonly model: SiteModel;
  readonly split: Split;
  readonly plan: Plan | null;
  readonly labels: readonly SiteLabel[];
  readonly passages: readonly LabelledPassage[];
  readonly masks: SiteMasks;
  /** In the order of a table: copy, untrained, default, untuned, then the model with ever more corrections. */
  readonly methods: readonly MethodEvidence[];
  /** Objects or points in a labelled frame, on average; null without labels. */
  readonly thingsPerFrame: number | null;
  /** Keys of clips that are not where they were. */
  readonly gone: readonly string[];
  /** Null where footage was not checked. */
  readonly check: Check | null;
  /** SHA-256 of the split and of all labels. */
  readonly hashes: { readonly split: string; readonly labels: string };
  /** How often results were seen before with other labels. */
  readonly looks: number;
  /** The targets are not those that the history has: somebody changed `site.json` by hand. */
  readonly targetsEdited: boolean;
}

/** @throws UserError `site/label`, `site/model`, `json/invalid`, those of masks */
export async function readEvidence(folder: SiteFolder, site: Site, logger: Logger): Promise<Evidence> {
  const split = await readSplit(folder);
  const labels = await siteLabels(folder, site, split, logger);
  const masks = new SiteMasks(labels);
  const passages = await labelledPassages(labels, split.passages, masks);
  const model = await modelInUse(folder, site);
  const gone: string[] = [];
  for (const { key, path } of site.footage) if (!(await isThere(path))) gone.push(key);
  const history = await folder.history();
  const labelsHash = hashOf(...(await bytesOf(labels)));
  return {
    site,
    model,
    split,
    plan: (await readPlan(folder)) ?? null,
    labels,
    passages,
    masks,
    methods: await methodsOf(folder, passages, { model, preset: site.preset }, masks),
    thingsPerFrame: await thingsPerFrame(passages, masks),
    gone,
    check: await readCheck(folder),
    hashes: { split: hashOf(JSON.stringify(split)), labels: labelsHash },
    looks: looksBefore(history, labelsHash),
    targetsEdited: !isDeepStrictEqual(targetsSet(history), site.targets),
  };
}

/** Reports of the same labels are one look. */
function looksBefore(history: readonly SiteEvent[], labels: string): number {
  return new Set(
    history
      .filter(showedResults)
      .map((event) => event["labels"])
      .filter((hash) => hash !== labels),
  ).size;
}

/** Null where footage was not checked. @throws UserError `json/invalid` */
export async function readCheck(folder: SiteFolder): Promise<Check | null> {
  const path = folder.at("check", "check.json");
  return (await isThere(path)) ? readJson(path, checkSchema, "check") : null;
}

/** Rows of a table before those of the model in use. */
const ORDER: readonly MethodEvidence["method"][] = ["untrained", "default", "untuned"];

/** The most corrections that are looked for. */
const MOST_CORRECTIONS = 20;

async function methodsOf(
  folder: SiteFolder,
  passages: readonly LabelledPassage[],
  inUse: Runner,
  masks: SiteMasks,
): Promise<MethodEvidence[]> {
  const started = passages.filter(({ given }) => given.length > 0);
  const copied: Observation[] = [];
  for (const labelled of started) {
    const [{ frame }] = labelled.given;
    copied.push(...(await observePassage(labelled, copyFirst(labelled, masks), [frame], masks)));
  }
  const copy: MethodEvidence = { method: "copy-first", corrections: 0, observations: copied, costs: [] };
  const tracked = grouped(plannedRuns(passages, inUse, MOST_CORRECTIONS), ({ method, corrections }) =>
    [method, corrections].join(" "),
  );
  const methods: MethodEvidence[] = [];
  for (const runs of tracked.values()) {
    const [{ method, corrections }] = runs;
    methods.push({ method, corrections, ...(await observeRuns(folder, runs, masks)) });
  }
  const order = ({ method, corrections }: MethodEvidence): number =>
    method === "model" ? corrections : ORDER.indexOf(method) - ORDER.length;
  return [copy, ...methods.filter(({ costs }) => costs.length > 0).sort((a, b) => order(a) - order(b))];
}

/** Finished runs; others count as not tracked. */
async function observeRuns(folder: SiteFolder, runs: readonly SiteRun[], masks: SiteMasks) {
  const observations: Observation[] = [];
  const costs: NonNullable<RunFile["cost"]>[] = [];
  for (const run of runs) {
    const file = await readRun(folder, run);
    if (file === undefined || file.cost === null) continue;
    costs.push(file.cost);
    const frames = file.identity.labels.map(({ frame }) => frame);
    const predict = trackedIn(folder.at(...runFolder(run)));
    observations.push(...(await observePassage(run.labelled, predict, frames, masks)));
  }
  return { observations, costs };
}

/** Of the first labels, which are what a person draws. */
async function thingsPerFrame(passages: readonly LabelledPassage[], masks: SiteMasks): Promise<number | null> {
  const counts: number[] = [];
  for (const { given } of passages)
    if (given.length > 0 && given[0].kind === "mask") {
      counts.push(objectsIn(await masks.read(given[0])).length);
    }
  return counts.length === 0 ? null : meanOf(counts);
}

function bytesOf(labels: readonly SiteLabel[]): Promise<Uint8Array[]> {
  return Promise.all(labels.map(({ path }) => readFile(path)));
}

function hashOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
