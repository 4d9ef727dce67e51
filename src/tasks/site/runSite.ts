/**
 * @file Everything of a site that is not done yet, in order: check, plan, adapt, tune, track, report. Each step resumes by
 * itself, so the whole does too.
 */
import { counted } from "../../core/counted.ts";
import { duration } from "../../core/duration.ts";
import { UserError } from "../../core/errors.ts";
import { isThere } from "../../core/files.ts";
import type { Language } from "../../footage/texts/languages.ts";
import { checkSchema } from "../../footage/checkFile.ts";
import { readJson } from "../../formats/json.ts";
import { NEXT } from "../../site/adapt/adaptFile.ts";
import { checkSite } from "../../site/checkSite.ts";
import type { SiteEvent } from "../../site/history.ts";
import { planSite } from "../../site/plan/planSite.ts";
import { reportSite, type ReportSiteResult } from "../../site/report/reportSite.ts";
import { seenSoFar } from "../../site/report/seenSoFar.ts";
import type { Site } from "../../site/siteFile.ts";
import { SiteFolder } from "../../site/siteFolder.ts";
import type { RunContext } from "../task.ts";
import { adaptSite } from "./adaptSite.ts";
import { trackSite } from "./trackSite.ts";
import { tuneSite } from "./tuneSite.ts";

/** What is wanted. */
export interface RunWishes {
  /** For adapting; 0: that step is left out. */
  readonly adaptMinutes: number;
  /** For tuning; 0: that step is left out. */
  readonly tuneMinutes: number;
  readonly corrections: number;
  readonly language: Language;
  /** Keys of the training configuration that are not as usual. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Of decoded footage. */
  readonly cache?: string | undefined;
}

/** The steps in their order. */
export const RUN_STEPS = ["check", "plan", "adapt", "tune", "track", "report"] as const;
export type RunStep = (typeof RUN_STEPS)[number];

/** What became of a step. */
export interface RanStep {
  readonly step: RunStep;
  /** `kept`: it was done before; `failed`: what comes after it goes on without it. */
  readonly state: "done" | "kept" | "left out" | "failed";
  /** In a sentence. */
  readonly said: string;
}

/** What became of all. */
export interface RunSiteResult {
  readonly steps: readonly RanStep[];
  /** Null where labels have to be drawn first. */
  readonly report: ReportSiteResult | null;
  readonly seconds: number;
}

/**
 * @throws UserError those of the steps; of adapting and tuning only what is wrong with the site, since a site can do
 * without them. The signal's reason.
 */
export async function runSite(root: string, wishes: RunWishes, context: RunContext): Promise<RunSiteResult> {
  const begin = performance.now();
  const folder = new SiteFolder(root);
  const site = await folder.read();
  const steps: RanStep[] = [];
  const add = (step: RunStep, state: RanStep["state"], said: string): void => {
    steps.push({ step, state, said });
    context.logger.info(`${step}: ${said}`);
  };
  context.logger.info(await estimate(folder, site, wishes));
  add("check", ...(await checked(folder, site, wishes, context)));
  const plan = await planSite({ folder: root, wishes: {}, ...context }, await seenSoFar(root, context.logger));
  const missing = plan.plan.frames.filter(({ labelled }) => !labelled).length;
  add(
    "plan",
    "done",
    `${counted(plan.plan.frames.length, "frame")} to label, ${missing} without a label: ${plan.page}`,
  );
  add("adapt", ...(await adapted(folder, site.footage.length, wishes, context)));
  add("tune", ...(await tuned(folder, site.footage.length, wishes, context)));
  const isLabelled = plan.plan.frames.some(({ labelled, role }) => labelled && role !== "verdict");
  if (!isLabelled) {
    add("track", "left out", "no passage has a label to start from: draw the masks of the plan, then run this again");
    return { steps, report: null, seconds: (performance.now() - begin) / 1000 };
  }
  const tracked = await trackSite(root, wishes.corrections, context);
  const failed = tracked.failed.length === 0 ? "" : `, ${tracked.failed.length} failed`;
  add("track", "done", `${counted(tracked.tracked, "run")} tracked now, ${tracked.kept} kept from before${failed}`);
  const report = await reportSite({ folder: root, language: wishes.language, ...context });
  add("report", "done", report.page);
  return { steps, report, seconds: (performance.now() - begin) / 1000 };
}

type Outcome = readonly [state: RanStep["state"], said: string];

/** Frames that are checked a second, about (docs/check.md). */
const CHECKED_PER_SECOND = 100;
/** Frames that are tracked a second where nothing was tracked yet, about. */
const TRACKED_PER_SECOND = 5;

/** About how long it will take, before anything is done; what is known to be done does not count. */
async function estimate(folder: SiteFolder, site: Site, wishes: RunWishes): Promise<string> {
  const history = await folder.history();
  const frames = site.footage.reduce((sum, clip) => sum + clip.frames, 0);
  const looks = (await isThere(folder.at("plan", "plan.json"))) ? 0 : frames / CHECKED_PER_SECOND;
  const check = (await isCheckedAlready(folder, site)) ? 0 : frames / CHECKED_PER_SECOND;
  const adapt = isStillOpen(history, "adapt", site.footage.length) ? 60 * wishes.adaptMinutes : 0;
  const tune = isStillOpen(history, "tune", site.footage.length) ? 60 * wishes.tuneMinutes : 0;
  const last = history.findLast(({ what, ...more }) => what === "track" && Number(more["seconds"]) > 0);
  const rate = last === undefined ? TRACKED_PER_SECOND : Number(last["frames"]) / Number(last["seconds"]);
  // Of labelled passages each is tracked with what is in use, with a correction, and with what it is compared with.
  const track = (await isThere(folder.at("labels"))) ? (3 * frames) / rate : 0;
  const total = looks + check + adapt + tune + track;
  return `about ${duration(total)}, more on a busy machine: check ${duration(check)}, plan ${duration(looks)}, adapt ${duration(adapt)}, tune ${duration(tune)}, track ${duration(track)} if all footage is labelled`;
}

/** A step that is done once for the footage that there is: not with as many clips as there are now. */
export function isStillOpen(history: readonly SiteEvent[], step: "adapt" | "tune", clips: number): boolean {
  const done = history.findLastIndex(({ what }) => what === step);
  if (done < 0) return true;
  const then = history.slice(0, done).findLast(({ what }) => what === "init" || what === "changed");
  return then?.["clips"] !== clips;
}

/** Whether all footage was checked. @throws UserError `json/invalid` */
export async function isCheckedAlready(folder: SiteFolder, { footage }: Site): Promise<boolean> {
  const path = folder.at("check", "check.json");
  if (!(await isThere(path))) return false;
  const { clips } = await readJson(path, checkSchema, "check");
  const known = new Set(clips.map((clip) => clip.path));
  return footage.every(({ path: clip }) => known.has(clip));
}

async function checked(folder: SiteFolder, site: Site, { language }: RunWishes, context: RunContext): Promise<Outcome> {
  if (await isCheckedAlready(folder, site)) return ["kept", "all clips were checked before"];
  const { logger, signal, machine } = context;
  const { check, page } = await checkSite({ folder: folder.root, language, threads: machine.threads, logger, signal });
  const bad = check.clips.filter(({ verdict }) => verdict === "poor" || verdict === "unreadable").length;
  return ["done", `${counted(check.clips.length, "clip")}, ${bad} poor or unreadable: ${page}`];
}

async function adapted(folder: SiteFolder, clips: number, wishes: RunWishes, context: RunContext): Promise<Outcome> {
  const { adaptMinutes: minutes, config, cache } = wishes;
  if (minutes === 0) return ["left out", "not wanted"];
  const isUnderWay = await isThere(folder.at(...NEXT, "adapt.json"));
  if (!isUnderWay && !isStillOpen(await folder.history(), "adapt", clips))
    return ["kept", "it was done before on this footage (site adapt does it again)"];
  const asked = { minutes, config, cache, replay: [], includePoor: false, anew: false };
  return withoutIt(folder, "adapt", async () => {
    const { model } = await adaptSite(folder.root, asked, context);
    return ["done", `${model.accepted ? "accepted" : "refused"}: ${model.reason}`];
  });
}

async function tuned(
  folder: SiteFolder,
  clips: number,
  { tuneMinutes: minutes }: RunWishes,
  context: RunContext,
): Promise<Outcome> {
  if (minutes === 0) return ["left out", "not wanted"];
  if (!isStillOpen(await folder.history(), "tune", clips))
    return ["kept", "it was done before on this footage (site tune does it again)"];
  return withoutIt(folder, "tune", async () => {
    const { reason } = await tuneSite(folder.root, { minutes, usual: false }, context);
    return ["done", reason];
  });
}

/** What is wrong with the footage stops neither tracking nor the report. */
const WITHOUT = new Set(["site/too-little", "site/refused"]);

async function withoutIt(folder: SiteFolder, step: RunStep, work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserError) || !WITHOUT.has(error.code)) throw error;
    await folder.note("without", { step, why: error.message });
    return ["failed", `the site does without ${step}: ${error.message}`];
  }
}
