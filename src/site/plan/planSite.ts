/**
 * @file Makes or extends a site's label plan: every clip is looked at once, passages and frames are drawn, the pictures
 * to draw on are written. Killed at any moment it resumes: looks and pictures that are there are kept, and draws depend
 * on the site's seed alone.
 */
import { readFile } from "node:fs/promises";
import { counted } from "../../core/counted.ts";
import { duration } from "../../core/duration.ts";
import { UserError } from "../../core/errors.ts";
import { isThere, writeFileAtomic } from "../../core/files.ts";
import type { Logger } from "../../core/log.ts";
import { commandLine } from "../../core/shell.ts";
import { parseJson, readJson } from "../../formats/json.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { presentClips } from "../footage.ts";
import type { Site, SiteClip } from "../siteFile.ts";
import { SiteFolder } from "../siteFolder.ts";
import { coverTuning, drawVerdict, freshPassages } from "./choose.ts";
import { type ClipLook, lookAt, lookSchema } from "./look.ts";
import { drawnOrder, type Passage, passagesOf } from "./passages.ts";
import { EMPTY_SPLIT, plannedFrames, type Split, splitSchema, withOrder } from "./planFile.ts";
import { type Plan, type PlanWishes, type SeenSoFar, USUAL_WISHES } from "./plan.ts";
import { planHtml } from "./planPage.ts";
import { listFrames } from "./planPictures.ts";
import { planSize, PRIOR_SPREAD, reachOf } from "./size.ts";

/** Which site, and what is wanted; what is left out is as in the plan before. */
export interface PlanSiteOptions {
  readonly folder: string;
  readonly wishes: Partial<PlanWishes>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** What is there now. */
export interface PlanSiteResult {
  readonly plan: Plan;
  readonly page: string;
}

/**
 * @throws UserError `site/missing`, `site/footage`, `lock/busy`, `file/write`; the signal's reason
 */
export async function planSite(options: PlanSiteOptions, seen: SeenSoFar): Promise<PlanSiteResult> {
  const folder = new SiteFolder(options.folder);
  const site = await folder.read();
  await using _ = await folder.lock();
  const clips = await presentClips(site.footage, options.logger);
  const looks = await looksAt(folder, clips, options);
  const before = await readPlan(folder);
  const choice = { site, clips, looks, wishes: options.wishes, seen, before };
  const { split, sized } = chosen(choice, await readSplit(folder));
  await folder.writeJson(["labels", "split.json"], split);
  const frames = await listFrames(folder, site, plannedFrames(split), options);
  const left = frames.filter(({ labelled }) => !labelled).length;
  const { maskSec, objectsPerFrame: assumed } = site.prices;
  const objectsPerFrame = seen.objectsPerFrame ?? assumed;
  const plan: Plan = { ...sized, labelSec: left * objectsPerFrame * maskSec, objectsPerFrame, frames };
  await folder.writeJson(["plan", "plan.json"], plan);
  const page = folder.at("plan", "plan.html");
  await writeFileAtomic(page, planHtml(site, plan));
  const { passages, perPassage, reach, asked } = plan;
  await folder.note("plan", { passages, perPassage, reach, asked, frames: frames.length });
  return { plan, page };
}

type Sized = Omit<Plan, "labelSec" | "objectsPerFrame" | "frames">;

/** All that frames are chosen by. */
interface Choice {
  readonly site: Site;
  readonly clips: readonly SiteClip[];
  readonly looks: ReadonlyMap<string, ClipLook>;
  readonly wishes: Partial<PlanWishes>;
  readonly seen: SeenSoFar;
  /** Undefined in a new plan. */
  readonly before: Plan | undefined;
}

/** A plan that is made again without any wish stays as it is: it grows only where that is asked for. */
function chosen(choice: Choice, split: Split): { readonly split: Split; readonly sized: Sized } {
  const { site, clips, looks, wishes, before } = choice;
  const asked = askedFor(choice);
  const all = clips.flatMap((clip) =>
    passagesOf(clip, looks.get(clip.key)?.cuts ?? [], framesIn(clip, asked.passageSec)),
  );
  if (all.length === 0) throw tooShort(clips);
  const spread = choice.seen.spread ?? PRIOR_SPREAD;
  const isNew = before === undefined || wishes.reach !== undefined;
  const wanted = isNew ? planSize(spread, asked.reach, all.length) : before;
  const grows = before === undefined || Object.keys(wishes).length > 0;
  const size = { perPassage: wanted.perPassage, passages: Math.min(asked.passages ?? wanted.passages, all.length) };
  const grown = grows ? grownSplit(choice, split, drawnOrder(all, site.seed), size, asked.tuning) : split;
  const { perPassage } = size;
  const passages = grown.passages.length;
  const available = passages + freshPassages(grown, all).length;
  const sized = { passages, perPassage, asked, available, reach: reachOf(spread, passages, perPassage) };
  return { split: grown, sized: { ...sized, spread: { ...spread, assumed: choice.seen.spread === undefined } } };
}

/** Another reach is a new question: how many passages were wanted before no longer counts. */
function askedFor({ before, wishes }: Choice): PlanWishes {
  const passages = wishes.reach === undefined ? (before?.asked.passages ?? null) : null;
  return { ...USUAL_WISHES, ...before?.asked, passages, ...wishes };
}

function grownSplit(
  { site: { seed }, looks }: Choice,
  split: Split,
  ordered: readonly Passage[],
  size: { readonly passages: number; readonly perPassage: number },
  tuning: number | null,
): Split {
  const drawn = drawVerdict(split, ordered, size, seed);
  const wanted = tuning ?? Math.max(LEAST_TUNING, Math.ceil(drawn.passages.length / 2));
  return withOrder(coverTuning(drawn, looks, wanted, seed));
}

/** Frames for tuning at least. */
const LEAST_TUNING = 5;

/** Undefined where nothing was planned; written by this program alone, whole or not at all. */
export async function readPlan(folder: SiteFolder): Promise<Plan | undefined> {
  const path = folder.at("plan", "plan.json");
  return (await isThere(path)) ? (parseJson(await readFile(path, "utf8"), path) as Plan) : undefined;
}

/** The split; empty where nothing was planned. @throws UserError `json/invalid` */
export async function readSplit(folder: SiteFolder): Promise<Split> {
  const path = folder.at("labels", "split.json");
  return (await isThere(path)) ? readJson(path, splitSchema, "split") : EMPTY_SPLIT;
}

/** The split of a site that has a plan. @throws UserError `site/no-plan`, `json/invalid` */
export async function plannedSplit(folder: SiteFolder): Promise<Split> {
  const split = await readSplit(folder);
  if (split.passages.length > 0) return split;
  throw new UserError("site/no-plan", {
    what: `${folder.root} has no label plan yet`,
    todo: `run ${commandLine(["tsumugi", "site", "plan", folder.root])}`,
  });
}

function framesIn({ frames, seconds }: SiteClip, passageSec: number): number {
  const fps = seconds > 0 ? (frames - 1) / seconds : 1;
  return Math.max(2, Math.round(passageSec * fps));
}

function tooShort(clips: readonly SiteClip[]): UserError {
  return new UserError("site/footage", {
    what: "no clip has three frames without a cut: nothing can be tracked",
    got: `${counted(clips.length, "clip")}, the longest of ${Math.max(...clips.map(({ frames }) => frames))} frames`,
  });
}

/** By clip. Kept in `plan/looks`, so that each clip is decoded once. */
async function looksAt(
  folder: SiteFolder,
  clips: readonly SiteClip[],
  { logger, signal }: PlanSiteOptions,
): Promise<Map<string, ClipLook>> {
  const looks = new Map<string, ClipLook>();
  const total = clips.reduce((sum, { frames }) => sum + frames, 0);
  const begin = performance.now();
  let [before, seen] = [0, 0];
  for (const clip of clips) {
    const known = await knownLook(folder, clip);
    const progress = (index: number): void => {
      const rate = (seen + index + 1) / ((performance.now() - begin) / 1000);
      const left = duration((total - before - seen - index) / rate);
      logger.progress(`looking at ${clip.key}: frame ${index + 1} of ${clip.frames}, ${left} left for all clips`);
    };
    looks.set(clip.key, known ?? (await freshLook(folder, clip, signal, progress)));
    if (known === undefined) seen += clip.frames;
    else before += clip.frames;
  }
  return looks;
}

const lookPath = (key: string): readonly string[] => ["plan", "looks", `${key}.json`];

async function knownLook(folder: SiteFolder, { key, frames }: SiteClip): Promise<ClipLook | undefined> {
  const path = folder.at(...lookPath(key));
  if (!(await isThere(path))) return undefined;
  const look = await readJson(path, lookSchema, "look");
  return look.frames === frames ? look : undefined;
}

async function freshLook(
  folder: SiteFolder,
  { key, path }: SiteClip,
  signal: AbortSignal,
  onFrame: (index: number) => void,
): Promise<ClipLook> {
  await using source = await openFrameSource(path);
  const look = await lookAt(source, signal, onFrame);
  await folder.writeJson(lookPath(key), look);
  return look;
}
