/** @file Opening footage: a folder of images, one image, or a video file through whichever backend is there. */
import type { Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { messageOf, UserError } from "../core/errors.ts";
import { silent, type Logger } from "../core/log.ts";
import { isAnimatedPng, openAnimatedImage, pictureCount } from "./sources/animatedImage.ts";
import { findProgram, noBackend, nodeAvFor, type VideoBackend } from "./backends/backend.ts";
import { openFfmpegSource } from "./sources/ffmpegCli.ts";
import type { FrameSource } from "./frame.ts";
import { openImageFile, openImageFolder } from "./sources/imageFolder.ts";
import { isImagePath } from "./sources/imageNames.ts";
import { openNodeAvSource } from "./sources/nodeAv.ts";

/** How a clip is opened. */
export interface FrameSourceOptions {
  /** Default `auto`: node-av if it loads, else ffmpeg. */
  readonly backend?: VideoBackend;
  /** Told when a file is damaged or cut off but some frames decode. Default: silent. */
  readonly logger?: Logger;
  /** Decoding threads; default: as many as processors, at most 4. */
  readonly threads?: number;
  /** Paths that are no frames although they may lie in an image folder, for example the labels. */
  readonly notFrames?: readonly string[];
}

/**
 * Opens a folder of images (jpg, jpeg, png, webp, tiff, avif, in natural order), a single image, or a video file (mp4, mov, avi,
 * mkv, webm, gif, animated WebP and PNG, and whatever else the backend decodes; its contents count, not its extension).
 * @throws UserError `video/missing`, `video/empty`, `video/unreadable`, `video/no-video`, `video/no-frames`,
 * `video/no-backend`, and those of `openImageFolder`
 */
export async function openFrameSource(path: string, options: FrameSourceOptions = {}): Promise<FrameSource> {
  if (await isFootageFolder(path)) return openImageFolder(path, options);
  return isImagePath(path) ? openImage(path, options) : openVideo(path, options);
}

/**
 * Whether footage is a folder of images, without opening it: what is wrong with a path is found at once.
 * @throws UserError `video/missing`, `video/empty`, `video/unreadable`
 */
export async function isFootageFolder(path: string): Promise<boolean> {
  const stats = await statOf(path);
  if (stats.isDirectory()) return true;
  // Opening a named pipe would wait for its other end, for ever.
  if (!stats.isFile())
    throw new UserError("video/unreadable", {
      what: `${path} is neither a file nor a folder`,
      got: stats.isFIFO() ? "a pipe" : "a device or socket",
      todo: "save the video to a file; tsumugi track reads a stream on stdin (-)",
    });
  if (stats.size === 0)
    throw new UserError("video/empty", {
      what: `${path} is an empty file (0 bytes)`,
      todo: "copy or download it again",
    });
  return false;
}

/** A still picture, or an animated one as the clip that it is. */
async function openImage(path: string, options: FrameSourceOptions): Promise<FrameSource> {
  if ((await pictureCount(path)) > 1) return openAnimatedImage(path);
  const isPng = path.toLowerCase().endsWith(".png");
  return isPng && isAnimatedPng(await readFile(path)) ? openVideo(path, options) : openImageFile(path, options);
}

async function statOf(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const what = missing ? `no such file or folder: ${path}` : `cannot open ${path}: ${messageOf(error)}`;
    throw new UserError("video/missing", { what, todo: "check the path" }, error);
  }
}

async function openVideo(path: string, options: FrameSourceOptions): Promise<FrameSource> {
  const { logger = silent, threads = Math.min(4, availableParallelism()) } = options;
  const av = await nodeAvFor(options.backend ?? "auto");
  if (av !== undefined) return openNodeAvSource(path, av, { logger, threads });
  const [ffmpeg, ffprobe] = await Promise.all([findProgram("ffmpeg"), findProgram("ffprobe")]);
  if (ffmpeg === undefined || ffprobe === undefined) throw noBackend();
  return openFfmpegSource(path, { ffmpeg, ffprobe }, logger);
}
