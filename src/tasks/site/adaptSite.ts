/**
 * @file Continues learning on a site's own footage, and accepts what was learned only if it is better. What is under way
 * lies in `models/next`: stopped or killed at any moment, the same command resumes.
 */
import { resolve } from "node:path";
import { counted } from "../../core/counted.ts";
import { duration } from "../../core/duration.ts";
import { UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import { type AdaptFile, forgetAdapt, readAdapt, writeAdapt } from "../../site/adapt/adaptFile.ts";
import { chooseMaterial, type LeftOut, refusedByCheck, replayed, type Stretch } from "../../site/adapt/material.ts";
import { adaptRecipe, mostFrames, withLength } from "../../site/adapt/recipe.ts";
import { presentClips } from "../../site/footage.ts";
import { nextNumber, readModels, type SiteModel } from "../../site/models.ts";
import { useModel } from "../../site/modelUse.ts";
import { readCheck } from "../../site/report/evidence.ts";
import type { Site } from "../../site/siteFile.ts";
import { SiteFolder } from "../../site/siteFolder.ts";
import { findClips } from "../../training/clipCache.ts";
import { RANDOM_INIT, trainingConfig } from "../../training/config.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import type { RunContext } from "../task.ts";
import { Adaptation } from "./adaptation.ts";

/** How it is learned; an adaptation that is under way keeps what it was begun with. */
export interface LearningWishes {
  /** For everything: learning and comparing. */
  readonly minutes: number;
  /** Begin anew, whatever is under way. */
  readonly anew: boolean;
  /** Keys of the training configuration that are not as usual. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Of decoded footage. */
  readonly cache?: string | undefined;
}

/** What is wanted. */
export interface AdaptWishes extends LearningWishes {
  /** Other clips that are learned from beside the site's, so that what they taught is not forgotten. */
  readonly replay: readonly string[];
  /** Also learn from clips that the footage check refused. */
  readonly includePoor: boolean;
}

/** What is learned from, and what it is judged by. */
export type AdaptMaterial = Pick<AdaptFile, "by" | "learn" | "replay" | "aside" | "older" | "leftOut">;

/** What became of it. */
export interface AdaptSiteResult {
  readonly model: SiteModel;
  /** Number of the model in use now. */
  readonly inUse: number;
  readonly learn: readonly Stretch[];
  readonly replay: readonly Stretch[];
  readonly aside: readonly Stretch[];
  readonly leftOut: readonly LeftOut[];
  readonly seconds: number;
}

/** Of the footage that is learned from, where other clips are given. */
const REPLAY_SHARE = 0.3;

/**
 * @throws UserError `site/missing`, `site/footage`, `site/refused`, `site/too-little`, `site/weights`, `lock/busy`,
 * those of training and tracking; the signal's reason
 */
export async function adaptSite(root: string, wishes: AdaptWishes, context: RunContext): Promise<AdaptSiteResult> {
  const folder = new SiteFolder(root);
  await folder.read();
  await using _ = await folder.lock();
  return adaptLocked(folder, wishes, context, (site) => footageMaterial(folder, site, wishes, context.logger));
}

/**
 * Adapts a site whose lock is held. What is under way is finished first, with the material that it was begun with.
 * @param choose what to learn from, and to judge by, where nothing is under way
 * @throws UserError as `adaptSite`
 */
export async function adaptLocked(
  folder: SiteFolder,
  wishes: LearningWishes,
  context: RunContext,
  choose: (site: Site) => Promise<AdaptMaterial>,
): Promise<AdaptSiteResult> {
  const begin = performance.now();
  const site = await folder.read();
  const file =
    (await underWay(folder, site, wishes, context.logger)) ??
    (await begun(folder, site, { wishes, choose }, context.logger));
  const model =
    (await readModels(folder)).find(({ number }) => number === file.number) ??
    (await new Adaptation(folder, site, file, wishes.cache, context).run());
  const after = await finished(folder, site, file, model);
  const { learn, replay, aside, leftOut } = file;
  const seconds = (performance.now() - begin) / 1000;
  return { model, inUse: after.model, learn, replay, aside, leftOut, seconds };
}

/** What a model that is there still needs: to be used, to be noted, and its leftovers to go. */
async function finished(folder: SiteFolder, site: Site, file: AdaptFile, model: SiteModel): Promise<Site> {
  const { number, accepted, reason, scores } = model;
  const history = await folder.history();
  if (!history.some((event) => event.what === "adapt" && event["model"] === number)) {
    const { learn, replay, leftOut, minutes } = file;
    const clips = { learn: learn.length, replay: replay.length, leftOut };
    await folder.note("adapt", { model: number, parent: file.parent, accepted, reason, scores, minutes, clips });
  }
  const after = accepted && site.model === file.parent ? await useModel(folder, site, number, "accepted") : site;
  await forgetAdapt(folder);
  return after;
}

/** What was begun and still makes sense; undefined: nothing. */
async function underWay(
  folder: SiteFolder,
  site: Site,
  wishes: LearningWishes,
  logger: Logger,
): Promise<AdaptFile | undefined> {
  const file = await readAdapt(folder);
  if (file === undefined) return undefined;
  const isDone = (await readModels(folder)).some(({ number }) => number === file.number);
  const why = wishes.anew
    ? "as asked"
    : file.parent === site.model
      ? undefined
      : `it learned from model ${file.parent}, and model ${site.model} is used by now`;
  if (why !== undefined && !isDone) {
    logger.info(`what was under way is thrown away: ${why}`);
    await forgetAdapt(folder);
    return undefined;
  }
  logger.info(`resuming what was begun on ${file.begun.slice(0, 16).replace("T", " ")} UTC`);
  if (file.minutes !== wishes.minutes)
    logger.warn(`it goes on with ${file.minutes} minutes, as it was begun (--anew begins anew)`);
  return file;
}

async function begun(
  folder: SiteFolder,
  site: Site,
  { wishes, choose }: { wishes: LearningWishes; choose: (site: Site) => Promise<AdaptMaterial> },
  logger: Logger,
): Promise<AdaptFile> {
  // A wrong key is named before anything is begun.
  trainingConfig(withLength(adaptRecipe(wishes.config, { seed: site.seed, init: RANDOM_INIT }), 1));
  const file: AdaptFile = {
    format: 1,
    number: nextNumber(await readModels(folder)),
    parent: site.model,
    begun: new Date().toISOString(),
    minutes: wishes.minutes,
    trainMinutes: null,
    trained: false,
    ...(await choose(site)),
    config: wishes.config,
  };
  announce(file, logger);
  await forgetAdapt(folder);
  await writeAdapt(folder, file);
  return file;
}

/**
 * All footage that the check found good enough, a fifth of it set aside.
 * @throws UserError `site/footage`, `site/refused`, `site/too-little`
 */
async function footageMaterial(
  folder: SiteFolder,
  site: Site,
  wishes: AdaptWishes,
  logger: Logger,
): Promise<AdaptMaterial> {
  const present = await presentClips(site.footage, logger);
  const check = await readCheck(folder);
  if (check === null) logger.warn("the footage was not checked (site check): bad clips are learned from as well");
  const { kept, leftOut } = refusedByCheck(present, wishes.includePoor ? null : check);
  for (const { clip, why } of leftOut) logger.warn(`${clip} is left out, the check refused it: ${why}`);
  if (kept.length === 0) throw allRefused(leftOut);
  const { learn, aside } = chooseMaterial(kept, site.seed);
  const replay = await replayOf(wishes, learn, kept);
  return { by: "adapted", learn: [...learn], replay, aside: [...aside], older: [], leftOut: [...leftOut] };
}

function announce({ learn, aside, older, replay, minutes }: AdaptFile, logger: Logger): void {
  const frames = learn.reduce((sum, { start, end }) => sum + end - start, 0);
  const old =
    replay.length === 0 ? "no other clips to replay (--replay)" : `${counted(replay.length, "clip")} replayed`;
  logger.info(
    `learning from ${counted(learn.length, "clip")} (${counted(frames, "frame")}), ${old}; judged by ` +
      `${aside.length} stretches set aside${older.length === 0 ? "" : ` and ${older.length} older ones`}; ${duration(60 * minutes)} in all`,
  );
}

function allRefused(leftOut: readonly LeftOut[]): UserError {
  return new UserError("site/refused", {
    what: "the footage check refused all clips of the site",
    got: leftOut[0]?.why,
    todo: "record again as the check advises, or learn from poor clips all the same with --include-poor",
  });
}

/** @throws UserError `training/no-clips` and those of the sources */
async function replayOf(
  { replay, config }: AdaptWishes,
  learn: readonly Stretch[],
  own: readonly { readonly path: string }[],
): Promise<Stretch[]> {
  if (replay.length === 0) return [];
  const isOwn = new Set(own.map(({ path }) => path));
  const paths = (await findClips(replay)).map((path) => resolve(path)).filter((path) => !isOwn.has(path));
  const others: { path: string; frames: number }[] = [];
  for (const path of paths) {
    await using source = await openFrameSource(path);
    others.push({ path, frames: source.frameCount });
  }
  return replayed(learn, others, { share: REPLAY_SHARE, most: mostFrames(config) });
}
