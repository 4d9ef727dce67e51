/**
 * @file A recording becomes part of a site: it must open, show something that the site has not seen yet, and pass the
 * footage check. Some stretches of it are copied, small, for learning and judging.
 */
import { createHash } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UserError } from "../../core/errors.ts";
import { isThere, makeFolders, temporaryPath, writeError, writeFileAtomic } from "../../core/files.ts";
import type { Logger } from "../../core/log.ts";
import { checkSource } from "../../footage/checkFootage.ts";
import { CutDetector } from "../../motion/cutDetector.ts";
import { fingerprintOf } from "../../video/fingerprint.ts";
import type { FrameSource } from "../../video/frame.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { shrunk } from "../../video/resize.ts";
import { encodeJpeg } from "../../video/writing/jpeg.ts";
import { drawnClips, LEAST_FRAMES, spread, whyRefused } from "../adapt/material.ts";
import { withClip } from "../footage.ts";
import { passageKey } from "../plan/passages.ts";
import type { Site, SiteClip } from "../siteFile.ts";
import type { SiteFolder } from "../siteFolder.ts";
import { type Featurer, lookOfStretch } from "./stretchLook.ts";
import { stretchesFolder, type WatchedStretch } from "./watchFile.ts";

/** What recordings are taken in with. */
export interface IntakeOptions {
  readonly folder: SiteFolder;
  readonly encode: Featurer;
  /** Take what the footage check finds poor as well. */
  readonly includePoor: boolean;
  readonly threads?: number | undefined;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** What became of a recording. */
export type Intake =
  | { readonly state: "refused"; readonly why: string; readonly content: string | null }
  | {
      readonly state: "taken";
      readonly content: string;
      readonly clip: SiteClip;
      /** The site's footage with it. */
      readonly footage: readonly SiteClip[];
      readonly stretches: readonly WatchedStretch[];
    };

/** Pictures of a stretch; fewer teach little. */
const SIZE = { least: 24, most: 48 };
/** One stretch for so many seconds of a recording, within limits. */
const EVERY_SEC = 20;
const STRETCHES = { least: 2, most: 12 };
/** One stretch in so many is set aside to judge by. */
const JUDGE_EVERY = 3;
/** Shorter side of kept pictures, px: nothing that learns or judges uses larger ones. */
const KEPT_SIDE = 256;

/** What is known when a recording comes. */
export interface KnownBefore {
  readonly site: Site;
  /** How many recordings were taken before. */
  readonly nth: number;
  /** Paths of those that were taken, by the hash of what they show. */
  readonly known: ReadonlyMap<string, string>;
  /** What this path showed when it was taken; null: it was not. */
  readonly before: string | null;
}

/**
 * Takes in a recording that is whole.
 * @throws UserError `file/write`; the signal's reason
 */
export async function takeIn(
  path: string,
  { site, nth, known, before }: KnownBefore,
  options: IntakeOptions,
): Promise<Intake> {
  let content: string | null = null;
  try {
    await using source = await openFrameSource(path, { logger: options.logger });
    content = await contentOf(source);
    // Its clip's name stands for what it was: labels and stretches of the two would be mixed up.
    if (before !== null && before !== content)
      return { state: "refused", why: "another recording had this name before: give each a name of its own", content };
    const twin = known.get(content);
    if (twin !== undefined) return await moved(path, twin, site, content);
    const why = await refusal(source, options);
    if (why !== undefined) return { state: "refused", why, content };
    const footage = site.footage.some((one) => one.path === path) ? site.footage : await withClip(path, site.footage);
    const clip = footage.find((one) => one.path === path) as SiteClip;
    const count = Math.round(clip.seconds / EVERY_SEC);
    const most = Math.min(STRETCHES.most, Math.max(STRETCHES.least, count));
    const stretches = await stretchesOf(source, clip, { most, roleOf: (i) => roleOf(i + nth) }, options);
    return { state: "taken", content, clip, footage, stretches };
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof UserError) || error.code === "file/write") throw error;
    return { state: "refused", why: messageOf(error), content };
  }
}

/** What was taken already: at its new place if it was moved, else it is a copy. */
async function moved(path: string, twin: string, site: Site, content: string): Promise<Intake> {
  const footage = (await isThere(twin)) ? [] : await withClip(path, site.footage);
  const clip = footage.find((one) => one.path === path);
  const isKnown = clip !== undefined && site.footage.some(({ key }) => key === clip.key);
  if (isKnown) return { state: "taken", content, clip, footage, stretches: [] };
  return { state: "refused", why: `it shows the same as ${twin}`, content };
}

const roleOf = (i: number): WatchedStretch["role"] => (i % JUDGE_EVERY === 0 ? "judge" : "learn");

/** Hash of what a clip shows: of two exact copies it is the same. */
async function contentOf(source: FrameSource): Promise<string> {
  const shown = [source.frameCount, source.width, source.height, await fingerprintOf(source)];
  return createHash("sha256").update(JSON.stringify(shown)).digest("hex").slice(0, 32);
}

/** Undefined: it is good enough. */
async function refusal(source: FrameSource, options: IntakeOptions): Promise<string | undefined> {
  if (source.frameCount < LEAST_FRAMES) return `too short to learn from: ${source.frameCount} frames`;
  const { folder, threads, logger, signal, includePoor } = options;
  if (includePoor) return undefined;
  const check = { out: folder.at("check"), language: "en", threads, logger, signal } as const;
  const why = whyRefused(await checkSource(source, check, "new"));
  return why === undefined ? undefined : `the footage check finds it poor: ${why}`;
}

interface Choice {
  readonly most: number;
  readonly roleOf: (index: number, count: number) => WatchedStretch["role"];
}

/** Copies stretches that are spread over a clip; those that hold a camera cut are left out. */
async function stretchesOf(
  source: FrameSource,
  { key: clip, path, frames }: SiteClip,
  { most, roleOf: role }: Choice,
  { folder, encode, signal }: IntakeOptions,
): Promise<WatchedStretch[]> {
  const kept: WatchedStretch[] = [];
  const places = spread({ clip, path, start: 0, end: frames }, most, SIZE);
  for (const [i, { start, end }] of places.entries()) {
    const detector = new CutDetector();
    const pictures: RgbPicture[] = [];
    let isCut = false;
    for await (const frame of source.frames({ start, end })) {
      signal.throwIfAborted();
      isCut ||= detector.next(frame).cut;
      pictures.push(shrunk(frame, KEPT_SIDE));
    }
    if (isCut || pictures.length < LEAST_FRAMES) continue;
    const key = passageKey(clip, start);
    await keep(join(stretchesFolder(folder), key), pictures);
    kept.push({
      key,
      clip,
      frames: pictures.length,
      role: role(i, places.length),
      look: await lookOfStretch(pictures, encode),
    });
  }
  return kept;
}

/** Writes pictures as a folder that is there whole or not at all. @throws UserError `file/write` */
async function keep(place: string, pictures: readonly RgbPicture[]): Promise<void> {
  const temporary = temporaryPath(place);
  try {
    await rm(temporary, { recursive: true, force: true });
    await makeFolders(temporary);
    for (const [i, picture] of pictures.entries())
      await writeFileAtomic(join(temporary, `${String(i).padStart(5, "0")}.jpg`), await encodeJpeg(picture, "4:4:4"));
    // What a crash left of an earlier try.
    await rm(place, { recursive: true, force: true });
    await rename(temporary, place);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw error instanceof UserError ? error : writeError(place, error);
  }
}

/** Clips of a site that stretches are copied of when watching begins. */
const FIRST_CLIPS = 16;
/** Stretches of them, about, and those that are set aside for good. */
const FIRST_STRETCHES = 16;
const FIXED = 4;

/**
 * Stretches of the footage that a site has when watching begins: what the model in use is taken to have learned from, and
 * a few that are never learned from and never exchanged.
 * @param clips those that are there
 * @throws UserError `file/write`; the signal's reason
 */
export async function firstStretches(
  clips: readonly SiteClip[],
  seed: number,
  options: IntakeOptions,
): Promise<WatchedStretch[]> {
  const drawn = drawnClips(clips, seed).slice(0, FIRST_CLIPS);
  const most = Math.max(STRETCHES.least, Math.ceil(FIRST_STRETCHES / Math.max(1, drawn.length)));
  const all: WatchedStretch[] = [];
  let fixed = 0;
  for (const [i, clip] of drawn.entries()) {
    options.signal.throwIfAborted();
    options.logger.progress(`copying stretches of the site's footage: ${i + 1} of ${drawn.length} clips`);
    // The last of each clip, until there are enough; of clips that have one only, every other clip.
    const isFixed = (index: number, count: number): boolean =>
      fixed < FIXED && index === count - 1 && (count > 1 || i % 2 === 1);
    try {
      await using source = await openFrameSource(clip.path, { logger: options.logger });
      const choice: Choice = { most, roleOf: (index, count) => (isFixed(index, count) ? "judge" : "learn") };
      const own = await stretchesOf(source, clip, choice, options);
      fixed += own.filter(({ role }) => role === "judge").length;
      all.push(...own);
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof UserError) || error.code === "file/write") throw error;
      options.logger.warn(`left out ${clip.path}: ${messageOf(error)}`);
    }
  }
  return all;
}
