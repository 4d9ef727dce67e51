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
import { parseJson, readJson } from "../../formats/json.ts";
import type { Spread } from "../../metrics/clusterMean.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { presentClips } from "../footage.ts";
import type { Site, SiteClip } from "../siteFile.ts";
import { SiteFolder } from "../siteFolder.ts";
import { coverTuning, drawVerdict } from "./choose.ts";
import { type ClipLook, lookAt, lookSchema } from "./look.ts";
import { drawnOrder, passagesOf } from "./passages.ts";
import { EMPTY_SPLIT, plannedFrames, type Split, splitSchema } from "./planFile.ts";
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
  const asked: PlanWishes = { ...USUAL_WISHES, ...before?.asked, ...options.wishes };
  const split = await chosen(folder, site, clips, looks, asked, seen.spread);
  await folder.writeJson(["labels", "split.json"], split.file);
  const frames = await listFrames(folder, site, plannedFrames(split.file), options);
  const left = frames.filter(({ labelled }) => !labelled).length;
  const { maskSec, objectsPerFrame: assumed } = site.prices;
  const objectsPerFrame = seen.objectsPerFrame ?? assumed;
  const plan: Plan = { ...split.plan, labelSec: left * objectsPerFrame * maskSec, objectsPerFrame, frames };
  await folder.writeJson(["plan", "plan.json"], plan);
  const page = folder.at("plan", "plan.html");
  await writeFileAtomic(page, planHtml(site, plan));
  const { passages, perPassage, reach } = plan;
  await folder.note("plan", { passages, perPassage, reach, asked, frames: frames.length });
  return { plan, page };
}

type Sized = Omit<Plan, "labelSec" | "objectsPerFrame" | "frames">;

async function chosen(
  folder: SiteFolder,
  site: Site,
  clips: readonly SiteClip[],
  looks: ReadonlyMap<string, ClipLook>,
  asked: PlanWishes,
  seen: Spread | undefined,
): Promise<{ readonly file: Split; readonly plan: Sized }> {
  const all = clips.flatMap((clip) =>
    passagesOf(clip, looks.get(clip.key)?.cuts ?? [], framesIn(clip, asked.passageSec)),
  );
  if (all.length === 0) throw tooShort(clips);
  const spread = seen ?? PRIOR_SPREAD;
  const size = planSize(spread, asked.reach, all.length);
  const passages = Math.min(asked.passages ?? size.passages, all.length);
  const before = await readSplit(folder);
  const drawn = drawVerdict(before, drawnOrder(all, site.seed), { ...size, passages }, site.seed);
  const count = drawn.passages.length;
  const file = coverTuning(drawn, looks, asked.tuning ?? Math.max(5, Math.ceil(count / 2)), site.seed);
  const reach = reachOf(spread, count, size.perPassage);
  const plan = { passages: count, perPassage: size.perPassage, asked, available: all.length, reach };
  return { file, plan: { ...plan, spread: { ...spread, assumed: seen === undefined } } };
}

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
