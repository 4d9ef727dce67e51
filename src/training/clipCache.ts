/**
 * @file Footage decoded once into a compact cache: a file of JPEGs and an index per clip, small enough to keep and fast to
 * read at random. A clip that cannot be read is named and left out.
 */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { access, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import sharp from "sharp";
import { messageOf, UserError } from "../core/errors.ts";
import { writeError, writeFileAtomic } from "../core/files.ts";
import type { Logger } from "../core/log.ts";
import type { FrameSource } from "../video/frame.ts";
import { openFrameSource } from "../video/frameSource.ts";
import type { RgbPicture } from "../video/picture.ts";

/** What decides how a clip is kept. */
export interface CacheOptions {
  /** Folder of the cache. */
  readonly folder: string;
  /** Shorter side in pixels; smaller frames stay as they are. */
  readonly side: number;
  /** At most so many frames of a clip, in evenly spaced runs. */
  readonly maxFrames: number;
  readonly logger: Logger;
  readonly signal?: AbortSignal;
}

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
const IMAGE = new Set([".jpg", ".jpeg", ".png", ".webp"]);

/** Consecutive frames kept together when a long clip is thinned out. */
const RUN = 50;

/** High enough that block edges do not show, small enough that an hour of 480p footage takes a few GB. */
const JPEG = { quality: 92, chromaSubsampling: "4:4:4" } as const;

/**
 * Clips under the given files and folders: video files, and folders of images. Folders are searched with all they hold.
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
  const extensions = entries
    .filter((entry) => entry.isFile())
    .map((entry) => [entry.name, extname(entry.name).toLowerCase()] as const);
  const videos = extensions.filter(([, extension]) => VIDEO.has(extension)).map(([name]) => join(path, name));
  const images = extensions.some(([, extension]) => IMAGE.has(extension)) ? [path] : [];
  return [...videos.sort(), ...images, ...(await Promise.all(below)).flat()].sort();
}

/**
 * Every clip's segments, decoding only what is not in the cache yet.
 * @throws UserError when no clip can be read, or the cache cannot be written.
 */
export async function cacheClips(clips: readonly string[], options: CacheOptions): Promise<ClipSegment[]> {
  await mkdir(options.folder, { recursive: true });
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
      what: `none of the ${clips.length} clips can be read`,
      todo: "see the warnings above",
    });
  const frames = segments.reduce((total, segment) => total + framesOf(segment), 0);
  options.logger.info(
    `footage: ${frames} frames in ${clips.length - skipped} clips${skipped > 0 ? `, ${skipped} skipped` : ""}`,
  );
  return segments;
}

async function cacheClip(clip: string, options: CacheOptions): Promise<ClipSegment[]> {
  const info = await stat(clip);
  const key = createHash("sha256")
    .update(JSON.stringify([clip, info.size, info.mtimeMs, options.side, options.maxFrames, RUN, JPEG]))
    .digest("hex")
    .slice(0, 24);
  const index = join(options.folder, `${key}.json`);
  const known = await access(index).then(
    () => true,
    () => false,
  );
  if (!known) await decodeClip(clip, options, join(options.folder, `${key}.jpegs`), index);
  return JSON.parse(await readFile(index, "utf8")) as ClipSegment[];
}

async function decodeClip(clip: string, options: CacheOptions, file: string, index: string): Promise<void> {
  await using source = await openFrameSource(clip, { logger: options.logger });
  const [width, height] = keptSize(source, options.side);
  const runs = keptRuns(source.frameCount, options.maxFrames);
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
  await writeStream(file, jpegs());
  await writeFileAtomic(index, JSON.stringify(segments));
}

async function writeStream(file: string, chunks: AsyncGenerator<Buffer>): Promise<void> {
  const temporary = `${file}.${process.pid}.part`;
  const stream = createWriteStream(temporary);
  let failed: unknown;
  stream.on("error", (error) => (failed = error));
  try {
    await pipeline(chunks, stream);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw failed === undefined ? error : writeError(file, failed);
  }
}

function toJpeg(picture: RgbPicture, width: number, height: number): Promise<Buffer> {
  const raw = { width: picture.width, height: picture.height, channels: 3 as const };
  return sharp(picture.data, { raw }).resize(width, height, { fit: "fill" }).jpeg(JPEG).toBuffer();
}

function keptSize({ width, height }: FrameSource, side: number): [number, number] {
  const scale = Math.min(1, side / Math.min(width, height));
  return [Math.round(width * scale), Math.round(height * scale)];
}

/** All frames of a short clip; evenly spaced runs of a long one. */
function keptRuns(count: number, most: number): { start: number; end: number }[] {
  if (count <= most) return [{ start: 0, end: count }];
  const runs = Math.max(1, Math.floor(most / RUN));
  const apart = (count - RUN) / Math.max(1, runs - 1);
  return Array.from({ length: runs }, (_, i) => ({ start: Math.round(i * apart), end: Math.round(i * apart) + RUN }));
}

/** Frames of a segment by index, decoded. */
export async function readFrames(segment: ClipSegment, indices: readonly number[]): Promise<RgbPicture[]> {
  const handle = await open(segment.file);
  try {
    return await Promise.all(
      indices.map(async (i) => {
        const length = segment.offsets[i + 1] - segment.offsets[i];
        const { buffer } = await handle.read(Buffer.alloc(length), 0, length, segment.offsets[i]);
        return { width: segment.width, height: segment.height, data: await sharp(buffer).raw().toBuffer() };
      }),
    );
  } finally {
    await handle.close();
  }
}
