/** @file The footage check: reads clips, judges them, and writes `check.json` and `check.html`. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { duration } from "../core/duration.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { requireWritable, writeFileAtomic } from "../core/files.ts";
import { jpegUri } from "../core/html.ts";
import { type Logger, silent } from "../core/log.ts";
import { versionsInUse } from "../core/versions.ts";
import type { FrameSource } from "../video/frame.ts";
import { isFootageFolder, openFrameSource } from "../video/frameSource.ts";
import type { Check, CheckedClip, UnreadableClip } from "./checkFile.ts";
import { readFootage } from "./checkFrames.ts";
import { type CheckPictures, checkHtml } from "./checkPage.ts";
import { worstOf } from "./judge.ts";
import { keptReadings } from "./keptReadings.ts";
import { checkedReading } from "./sentences.ts";
import type { Language } from "./texts/languages.ts";

/** What to check. */
export interface CheckOptions {
  /** Video files and image folders. */
  readonly clips: readonly string[];
  /** Gets `check.json`, `check.html`, and what was read of each clip in `readings`. */
  readonly out: string;
  readonly language: Language;
  /** Threads of the flow; default all cores. */
  readonly threads?: number | undefined;
  readonly logger?: Logger | undefined;
  /** Aborting ends it with the signal's reason; the clips read until then need not be read again. */
  readonly signal?: AbortSignal | undefined;
}

/** What was found, and where it was written. */
export interface CheckOutcome {
  readonly check: Check;
  readonly json: string;
  readonly page: string;
}

/**
 * Checks clips one after the other. A clip that cannot be read is told as such beside the others. What is read of a clip
 * is kept in `readings`, so that the same check goes on where it was stopped.
 * @throws UserError `file/write`, and what is wrong with the first clip if none can be read
 */
export async function checkFootage(options: CheckOptions): Promise<CheckOutcome> {
  const { out, language } = options;
  await requireWritable(out);
  const shown: Shown[] = [];
  for (const [index] of options.clips.entries()) shown.push(await checkOrReport(options, index));
  const clips = shown.map(({ clip }) => clip);
  const readable = clips.filter((clip) => clip.verdict !== "unreadable");
  const { tsumugi } = await versionsInUse();
  const verdict = worstOf(readable.map((clip) => clip.verdict));
  const check: Check = { format: "tsumugi-check/1", tsumugi, language, verdict, clips };
  const [json, page] = [join(out, "check.json"), join(out, "check.html")];
  await writeFileAtomic(json, `${JSON.stringify(check, undefined, 1)}\n`);
  await writeFileAtomic(
    page,
    checkHtml(
      check,
      shown.map(({ pictures }) => pictures),
    ),
  );
  return { check, json, page };
}

/** A clip with the pictures of what is not good in it. */
interface Shown {
  readonly clip: CheckedClip | UnreadableClip;
  readonly pictures: CheckPictures;
}

/** Only what is wrong with a clip is reported; a single one's is thrown, and so is what cannot be written. */
async function checkOrReport(options: CheckOptions, index: number): Promise<Shown> {
  const { clips, logger = silent } = options;
  const path = clips[index];
  try {
    return await checkClip(options, index);
  } catch (error) {
    if (!(error instanceof UserError) || error.code === "file/write" || clips.length === 1) throw error;
    logger.warn(`${path}: ${messageOf(error)}`);
    const { code, message } = error;
    return { clip: { path, verdict: "unreadable", error: { code, message } }, pictures: new Map() };
  }
}

async function checkClip(options: CheckOptions, index: number): Promise<Shown> {
  const path = options.clips[index];
  await using source = await openFrameSource(path, { logger: options.logger ?? silent });
  const clip = await checkSource(source, options, `${index + 1} of ${options.clips.length}`);
  return { clip, pictures: await picturesOf(source, clip, options.signal) };
}

/**
 * Checks one clip that is open. What is read of it is kept in `readings` below `out`, where `checkFootage` finds it.
 * @param place among others, for the progress @throws UserError `file/write` and those of the source
 */
export async function checkSource(
  source: FrameSource,
  { out, language, threads, logger = silent, signal }: Omit<CheckOptions, "clips">,
  place: string,
): Promise<CheckedClip> {
  const { path } = source;
  const fileBytes = (await isFootageFolder(path)) ? undefined : (await stat(path)).size;
  const begin = performance.now();
  const onFrame = (seen: number): void => {
    const seconds = (performance.now() - begin) / 1000;
    const left = duration((seconds / seen) * (source.frameCount - seen));
    logger.progress(
      `${path} (${place}): ${seen}/${source.frameCount} frames, ${(seen / seconds).toFixed(0)} frames/s, ${left} left`,
    );
  };
  const kept = await keptReadings(out, source, () => readFootage(source, { fileBytes, threads, onFrame, signal }));
  const readings = kept.map((reading) => checkedReading(reading, language));
  const { width, height, frameCount, timesSec } = source;
  return {
    path,
    width,
    height,
    frames: frameCount,
    seconds: (timesSec.at(-1) ?? 0) - timesSec[0],
    verdict: worstOf(readings.map(({ verdict }) => verdict)),
    readings,
  };
}

/** Width of a picture, pixels. */
const PICTURE_WIDTH = 480;
/** The most pictures of a clip, so that a page of many clips stays small. */
const MOST_PICTURES = 6;

/** The frames where something is worst, and a first look at the clip. */
async function picturesOf(
  source: FrameSource,
  { readings, frames }: CheckedClip,
  signal: AbortSignal | undefined,
): Promise<CheckPictures> {
  const bad = readings.filter(({ verdict }) => verdict !== "good").flatMap(({ at }) => at?.frame ?? []);
  const pictures = new Map<number, string>();
  for (const frame of new Set([frames >> 1, ...bad.slice(0, MOST_PICTURES)])) {
    signal?.throwIfAborted();
    const { width, height, data } = await source.frame(frame);
    const jpeg = sharp(data, { raw: { width, height, channels: 3 } })
      .resize({ width: PICTURE_WIDTH, withoutEnlargement: true })
      .jpeg({ quality: 75 });
    pictures.set(frame, jpegUri(await jpeg.toBuffer()));
  }
  return pictures;
}
