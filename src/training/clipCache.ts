/**
 * @file Footage decoded once into a compact cache: a file of JPEGs and an index per clip, small enough to keep and fast
 * to read at random. A clip that cannot be read is named and left out.
 */
import { createHash } from "node:crypto";
import type { Dirent } from "node:fs";
import { type FileHandle, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import sharp from "sharp";
import { counted } from "../core/counted.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { makeFolders, temporaryPath, writeError, writeFileAtomic } from "../core/files.ts";
import type { Logger } from "../core/log.ts";
import { openFrameSource } from "../video/frameSource.ts";
import { isImagePath } from "../video/sources/imageNames.ts";
import type { RgbPicture } from "../video/picture.ts";
import { sizeWithin } from "../video/resize.ts";

/** What decides how a clip is kept. */
export interface CacheOptions {
  /** Folder of the cache. */
  readonly folder: string;
  /** Shorter side in pixels; smaller frames stay as they are. */
  readonly side: number;
  /** Most frames kept of a clip, in evenly spaced runs. */
  readonly maxFrames: number;
  /** Only these frames of a clip, by its path; default all. */
  readonly ranges?: ClipRanges | undefined;
  readonly logger: Logger;
  readonly signal?: AbortSignal | undefined;
}

/** Frames `start` (inclusive) to `end` (exclusive) of clips, by their paths. */
export type ClipRanges = Readonly<Record<string, { readonly start: number; readonly end: number }>>;

/** A run of consecutive frames. */
export interface ClipSegment {
  readonly source: string;
  readonly file: string;
  readonly width: number;
  readonly height: number;
  /** Where each frame's JPEG begins in the file, and where the last one ends: `frames + 1` numbers. */
  readonly offsets: readonly number[];
}

/** How many frames a segment has. */
export function framesOf(segment: ClipSegment): number {
  return segment.offsets.length - 1;
}

const VIDEO = new Set([".mp4", ".mov", ".avi", ".mkv", ".webm", ".gif", ".m4v"]);

/** Whether a file is a video by its name; any other is found only where it is named. */
export function isVideoPath(path: string): boolean {
  return VIDEO.has(extname(path).toLowerCase());
}

/** Consecutive frames kept together when a long clip is thinned out. */
const RUN = 50;

/** High enough that block edges do not show, small enough that an hour of 480p footage takes a few GB. */
const JPEG = { quality: 92, chromaSubsampling: "4:4:4" } as const;

/**
 * Clips under the given files and folders: video files, and folders of images. Folders are searched with all they hold;
 * links to files count, links to folders are not followed (they may lead in circles).
 * @throws UserError when a path is missing or nothing is found.
 */
export async function findClips(paths: readonly string[]): Promise<string[]> {
  const found = (await Promise.all(paths.map(clipsUnder))).flat();
  if (found.length === 0) {
    throw new UserError("training/no-clips", {
      what: `no clips under ${paths.join(", ")}`,
      expected: "video files or folders of images",
    });
  }
  return [...new Set(found)];
}

async function clipsUnder(path: string): Promise<string[]> {
  const info = await stat(path).catch(() => {
    throw new UserError("training/no-clips", { what: `${path} does not exist`, expected: "a video file or a folder" });
  });
  if (!info.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => clipsUnder(join(path, entry.name)));
  // Hidden files are no footage: `openImageFolder` passes over them too.
  const shown = entries.filter((entry) => !entry.name.startsWith("."));
  const files = await Promise.all(shown.map((entry) => isFileOrLink(entry, path)));
  const names = shown.filter((_, i) => files[i]).map(({ name }) => name);
  const videos = names.filter(isVideoPath).map((name) => join(path, name));
  const images = names.some(isImagePath) ? [path] : [];
  return [...videos, ...images, ...(await Promise.all(below)).flat()].sort();
}

async function isFileOrLink(entry: Dirent, folder: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  const target = await stat(join(folder, entry.name)).catch(() => undefined);
  return target?.isFile() === true;
}

/**
 * Every clip's segments, decoding only what is not in the cache yet.
 * @throws UserError when no clip can be read, or the cache cannot be written.
 */
export async function cacheClips(clips: readonly string[], options: CacheOptions): Promise<ClipSegment[]> {
  await makeFolders(options.folder).catch((error: unknown) => {
    throw writeError(options.folder, error);
  });
  const segments: ClipSegment[] = [];
  let skipped = 0;
  for (const [i, clip] of clips.entries()) {
    options.signal?.throwIfAborted();
    try {
      segments.push(...(await cacheClip(clip, options)));
    } catch (error) {
      if (error instanceof UserError && error.code === "file/write") throw error;
      options.signal?.throwIfAborted();
      options.logger.warn(`skipped ${clip}: ${messageOf(error)}`);
      skipped++;
    }
    options.logger.progress(`footage ${i + 1}/${clips.length} clips`);
  }
  if (segments.length === 0)
    throw new UserError("training/no-clips", {
      what: clips.length === 1 ? "the clip cannot be read" : `none of the ${clips.length} clips can be read`,
      todo: "see the warnings above",
    });
  const frames = segments.reduce((total, segment) => total + framesOf(segment), 0);
  options.logger.info(
    `footage: ${counted(frames, "frame")} in ${counted(clips.length - skipped, "clip")}${skipped > 0 ? `, ${skipped} skipped` : ""}`,
  );
  return segments;
}

async function cacheClip(clip: string, options: CacheOptions): Promise<ClipSegment[]> {
  const info = await stat(clip);
  const range = options.ranges?.[clip];
  const rangeKey = range === undefined ? [] : [range.start, range.end];
  const key = createHash("sha256")
    .update(JSON.stringify([clip, info.size, info.mtimeMs, options.side, options.maxFrames, RUN, JPEG, ...rangeKey]))
    .digest("hex")
    .slice(0, 24);
  const file = join(options.folder, `${key}.jpegs`);
  const index = join(options.folder, `${key}.json`);
  const known = await readIndex(index, file);
  if (known !== undefined) return known;
  const segments = await decodeClip(clip, options, file);
  await writeFileAtomic(index, JSON.stringify(segments.map((segment) => ({ ...segment, file: basename(file) }))));
  return segments;
}

/** The segments of a clip decoded before; undefined when there are none, or not all of their JPEGs. */
async function readIndex(index: string, file: string): Promise<ClipSegment[] | undefined> {
  try {
    const segments = JSON.parse(await readFile(index, "utf8")) as ClipSegment[];
    const { size } = await stat(file);
    // The folder may have been moved since, so where it is now counts.
    return segments.at(-1)?.offsets.at(-1) === size ? segments.map((segment) => ({ ...segment, file })) : undefined;
  } catch {
    return undefined;
  }
}

async function decodeClip(clip: string, options: CacheOptions, file: string): Promise<ClipSegment[]> {
  await using source = await openFrameSource(clip, { logger: options.logger });
  const { width, height } = sizeWithin(source, options.side);
  const { start = 0, end = source.frameCount } = options.ranges?.[clip] ?? {};
  const runs = keptRuns(Math.min(end, source.frameCount) - start, options.maxFrames).map((run) => ({
    start: start + run.start,
    end: start + run.end,
  }));
  const segments: ClipSegment[] = [];
  let position = 0;
  async function* jpegs(): AsyncGenerator<Buffer> {
    for (const run of runs) {
      const offsets = [position];
      for await (const frame of source.frames(run)) {
        options.signal?.throwIfAborted();
        const jpeg = await toJpeg(frame, width, height);
        position += jpeg.length;
        offsets.push(position);
        yield jpeg;
      }
      segments.push({ source: clip, file, width, height, offsets });
    }
  }
  await writeChunks(file, jpegs());
  return segments;
}

/**
 * Beside its place, then renamed. Only what goes wrong in writing is a `file/write`: chunks that fail fail as they are.
 */
async function writeChunks(file: string, chunks: AsyncIterable<Buffer>): Promise<void> {
  const temporary = temporaryPath(file);
  const writing = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw writeError(file, error);
    });
  try {
    const handle = await writing(open(temporary, "w"));
    try {
      for await (const chunk of chunks) await writing(handle.appendFile(chunk));
    } finally {
      await handle.close();
    }
    await writing(rename(temporary, file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function toJpeg(picture: RgbPicture, width: number, height: number): Promise<Buffer> {
  const raw = { width: picture.width, height: picture.height, channels: 3 as const };
  return sharp(picture.data, { raw }).resize(width, height, { fit: "fill" }).jpeg(JPEG).toBuffer();
}

/** All frames of a short clip; evenly spaced runs of a long one. */
function keptRuns(count: number, most: number): { start: number; end: number }[] {
  if (count <= most) return [{ start: 0, end: count }];
  const length = Math.min(RUN, most);
  const runs = Math.floor(most / length);
  const apart = (count - length) / Math.max(1, runs - 1);
  return Array.from({ length: runs }, (_, i) => ({
    start: Math.round(i * apart),
    end: Math.round(i * apart) + length,
  }));
}

/**
 * Frames of a segment by index, decoded.
 * @throws UserError `training/cache` when the cache was removed or changed since `cacheClips`.
 */
export async function readFrames(segment: ClipSegment, indices: readonly number[]): Promise<RgbPicture[]> {
  try {
    const handle = await open(segment.file);
    try {
      return await Promise.all(indices.map((i) => readFrame(handle, segment, i)));
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new UserError(
      "training/cache",
      {
        what: `cannot read ${segment.file}, the decoded frames of ${segment.source}: ${messageOf(error)}`,
        todo: "leave the cache alone while a run uses it; resume with --resume, which decodes what is missing",
      },
      error,
    );
  }
}

async function readFrame(handle: FileHandle, { offsets, width, height }: ClipSegment, i: number): Promise<RgbPicture> {
  const length = offsets[i + 1] - offsets[i];
  const { buffer } = await handle.read(Buffer.alloc(length), 0, length, offsets[i]);
  return { width, height, data: await sharp(buffer).raw().toBuffer() };
}
