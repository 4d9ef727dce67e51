/** @file The clips of a site: found under the given paths, looked at without decoding them, known by a short name. */
import { isThere } from "../core/files.ts";
import { basename, dirname, extname, resolve } from "node:path";
import { counted } from "../core/counted.ts";
import { messageOf, UserError } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";
import { findClips } from "../training/clipCache.ts";
import type { FrameSource } from "../video/frame.ts";
import { openFrameSource } from "../video/frameSource.ts";
import type { SiteClip } from "./siteFile.ts";

/** What was found. */
export interface FoundFootage {
  /** Those of before first, in their order. */
  readonly clips: readonly SiteClip[];
  /** Clips that cannot be read, and why. */
  readonly refused: readonly { readonly path: string; readonly why: string }[];
}

/** How footage is looked at. */
export interface FootageOptions {
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** What is found in a clip. Default: it is opened here. @throws UserError those of opening it */
  readonly look?: ((path: string) => Promise<LookedAt>) | undefined;
}

/** What a site keeps of a clip. */
export type LookedAt = Pick<FrameSource, "width" | "height" | "frameCount"> & {
  /** Of every frame. */
  readonly timesSec: ArrayLike<number>;
};

/**
 * All clips under the paths, after those that are known already. A known clip that is found elsewhere keeps its name,
 * and with it its labels.
 * @throws UserError `training/no-clips`, and `site/footage` where no clip can be read
 */
export async function findFootage(
  paths: readonly string[],
  known: readonly SiteClip[],
  { logger, signal, look }: FootageOptions,
): Promise<FoundFootage> {
  const found = paths.length === 0 ? [] : await findClips(paths);
  let clips: readonly SiteClip[] = known;
  const refused: { path: string; why: string }[] = [];
  for (const [i, path] of found.map((one) => resolve(one)).entries()) {
    signal.throwIfAborted();
    if (clips.some((clip) => clip.path === path)) continue;
    logger.progress(`looking at ${i + 1} of ${counted(found.length, "clip")}`);
    try {
      clips = await withClip(path, clips, look);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      logger.warn(`left out ${path}: ${messageOf(error)}`);
      refused.push({ path, why: messageOf(error) });
    }
  }
  if (clips.length > 0) return { clips, refused };
  if (paths.length === 0)
    throw new UserError("site/footage", {
      what: "a new site needs footage",
      expected: "video files or folders of images",
      todo: "name it with --footage",
    });
  throw new UserError("site/footage", {
    what: `none of ${counted(refused.length, "clip")} can be read`,
    got: refused[0].why,
    expected: "video files or folders of images",
  });
}

/**
 * The clips with one that was not among them, at its end; one that was moved keeps its place and name.
 * @throws UserError those of opening it
 */
export async function withClip(
  path: string,
  clips: readonly SiteClip[],
  look: FootageOptions["look"] = opened,
): Promise<SiteClip[]> {
  const clip = described(path, await look(path), clips);
  const moved = await movedFrom(clip, clips);
  if (moved === undefined) return [...clips, clip];
  return clips.map((one) => (one === moved ? { ...moved, path } : one));
}

async function opened(path: string): Promise<LookedAt> {
  await using source = await openFrameSource(path);
  const { width, height, frameCount, timesSec } = source;
  return { width, height, frameCount, timesSec };
}

function described(
  path: string,
  { width, height, frameCount, timesSec }: LookedAt,
  others: readonly SiteClip[],
): SiteClip {
  const camera = basename(dirname(path));
  const seconds = timesSec[frameCount - 1] - timesSec[0];
  return { key: freeKey(path, camera, others), camera, path, frames: frameCount, width, height, seconds };
}

/** The known clip that this one was: gone from its place, and of the same file name, length and size. */
async function movedFrom(clip: SiteClip, known: readonly SiteClip[]): Promise<SiteClip | undefined> {
  for (const other of known) {
    const isAlike = (["frames", "width", "height", "seconds"] as const).every((key) => other[key] === clip[key]);
    const isSameName = basename(other.path) === basename(clip.path);
    if (isAlike && isSameName && !(await isThere(other.path))) return other;
  }
  return undefined;
}

/** The file's name; with the camera's before it, or a number after it, where another clip has it already. */
function freeKey(path: string, camera: string, others: readonly SiteClip[]): string {
  const used = new Set(others.map(({ key }) => key.toLowerCase()));
  const name = basename(path, extname(path));
  const candidates = [name, `${camera}-${name}`];
  for (let i = 2; ; i++) {
    const free = candidates.find((key) => !used.has(key.toLowerCase()));
    if (free !== undefined) return free;
    candidates.push(`${camera}-${name}-${i}`);
  }
}

/** Clips that are gone and are named one by one: recorders remove what is old. */
const MOST_TOLD = 5;

/** The clips that are where they were; the others are told. */
export async function presentClips(clips: readonly SiteClip[], logger: Logger): Promise<SiteClip[]> {
  const present: SiteClip[] = [];
  const gone: SiteClip[] = [];
  for (const clip of clips) ((await isThere(clip.path)) ? present : gone).push(clip);
  const todo = "left out. Put it back, or run site init with --footage for where it is now";
  for (const { path } of gone.slice(0, MOST_TOLD)) logger.warn(`${path} is gone: ${todo}`);
  if (gone.length > MOST_TOLD) logger.warn(`${counted(gone.length - MOST_TOLD, "further clip")} gone, left out`);
  if (present.length > 0) return present;
  throw new UserError("site/footage", {
    what: "none of the site's clips is where it was",
    got: `no ${clips[0].path}`,
    todo: "put the footage back",
  });
}
