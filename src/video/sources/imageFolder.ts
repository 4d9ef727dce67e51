/**
 * @file Image folders (jpg, jpeg, png, webp, tiff, avif) and single images as frame sources, decoded by sharp.
 * Order is natural (2 before 10), see `frameOrder`. Images carry no time: frame i is at i / 25 s, a rate chosen only so that videos made
 * from a folder play at a usual speed. What is left out of a folder, or hardly belongs to it, is said.
 */
import { readdir } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { counted } from "../../core/counted.ts";
import { UserError } from "../../core/errors.ts";
import { type Logger, silent } from "../../core/log.ts";
import { decodeImage, imageSize, unreadableImage } from "./decodedImage.ts";
import type { Frame, FrameRange, FrameSource } from "../frame.ts";
import { checkFrameIndex, resolveRange } from "./frameRange.ts";
import { frameOrder, isImagePath, isOtherPicturePath, someOf, strangeNames } from "./imageNames.ts";
import { TimedSource } from "./timedSource.ts";

/** Frames a second that an image folder is taken to have. */
export const IMAGE_FOLDER_FPS = 25;

/** Settings of `openImageFolder`. */
export interface ImageFolderOptions {
  /** Told of files that are left out or look out of place. Default: silent. */
  readonly logger?: Logger | undefined;
  /** Paths of files that are no frames although they may lie in the folder, for example the labels. */
  readonly notFrames?: readonly string[] | undefined;
}

/**
 * Opens the images of a folder (its subfolders are not looked at) as a clip.
 * @throws UserError `video/no-images`, `image/size` (they differ in size), `image/name` (two would have one output name),
 * `image/unreadable`
 */
export async function openImageFolder(path: string, options: ImageFolderOptions = {}): Promise<FrameSource> {
  const { logger = silent, notFrames = [] } = options;
  const known = new Set(notFrames.map((file) => resolve(file)));
  const entries = (await readdir(path)).filter((name) => !name.startsWith("."));
  const images = entries.filter(isImagePath);
  const files = images.filter((name) => !known.has(resolve(path, name)));
  const others = entries.filter(isOtherPicturePath);
  if (files.length === 0) throw noImages(path, others);
  const names = files.map(nameOf);
  warnOfOthers(path, files.length, others, logger);
  warnOfStrange(path, strangeNames(names), logger);
  const ordered = frameOrder(names).map((i) => join(path, files[i]));
  return openImages(path, ordered, logger);
}

const nameOf = (file: string): string => basename(file, extname(file));

function noImages(path: string, others: readonly string[]): UserError {
  const found = others.length === 0 ? {} : { got: `pictures of other kinds: ${someOf(others)}` };
  return new UserError("video/no-images", {
    what: `the folder ${path} has no images`,
    ...found,
    expected: ".jpg, .jpeg, .png, .webp, .tif, .tiff or .avif files directly in it",
    todo: `name the folder that holds the frames, or one video file${others.length === 0 ? "" : "; or convert them to PNG"}`,
  });
}

function warnOfOthers(path: string, count: number, others: readonly string[], logger: Logger): void {
  if (others.length === 0) return;
  logger.warn(
    `${path}: left out ${counted(others.length, "picture")} of a kind that cannot be read (${someOf(others)}); ` +
      `the clip is made of the other ${count}. If they are frames, convert them to PNG`,
  );
}

function warnOfStrange(path: string, strange: readonly string[], logger: Logger): void {
  if (strange.length === 0) return;
  logger.warn(
    `${path} also holds ${counted(strange.length, "image")} named unlike the rest (${someOf(strange)}), taken as frames; ` +
      "move them elsewhere if they are none",
  );
}

/** Opens one image as a clip of one frame. Errors as `openImageFolder`. */
export async function openImageFile(path: string, { logger = silent }: ImageFolderOptions = {}): Promise<FrameSource> {
  return openImages(path, [path], logger);
}

async function openImages(path: string, files: readonly string[], logger: Logger): Promise<FrameSource> {
  const names = files.map(nameOf);
  refuseEqualNames(files, names);
  const first = await imageSize(files[0]);
  for (const file of files.slice(1)) {
    const size = await imageSize(file);
    if (size.width !== first.width || size.height !== first.height)
      throw new UserError("image/size", {
        what: `the images of a clip must have one size, but ${file} differs from ${files[0]}`,
        got: `${size.width}x${size.height}`,
        expected: `${first.width}x${first.height}`,
        todo: "resize it or move it elsewhere",
      });
  }
  return new ImageSource(path, files, names, first, logger);
}

function refuseEqualNames(files: readonly string[], names: readonly string[]): void {
  const seen = new Map<string, string>();
  names.forEach((name, i) => {
    const other = seen.get(name);
    if (other !== undefined)
      throw new UserError("image/name", {
        what: `${other} and ${files[i]} differ only in their extension, so their results would have one name`,
        todo: "move one of them elsewhere",
      });
    seen.set(name, files[i]);
  });
}

class ImageSource extends TimedSource {
  private readonly files: readonly string[];
  private readonly logger: Logger;

  constructor(
    path: string,
    files: readonly string[],
    names: readonly string[],
    size: { readonly width: number; readonly height: number },
    logger: Logger,
  ) {
    super({ path, ...size, timesSec: Float64Array.from(files, (_, i) => i / IMAGE_FOLDER_FPS), names });
    this.logger = logger;
    this.files = files;
  }

  async *frames(range?: FrameRange): AsyncGenerator<Frame> {
    const { start, end } = resolveRange(this, range);
    // The next image is decoded (on sharp's own threads) while the caller works on this one.
    let next = start < end ? this.frame(start) : undefined;
    for (let i = start; i < end && next !== undefined; i++) {
      const frame: Frame = await next;
      next = i + 1 < end ? this.frame(i + 1) : undefined;
      // A failure ahead of time is reported when its turn comes, not as an unhandled rejection.
      next?.catch(() => {});
      yield frame;
    }
  }

  async frame(index: number): Promise<Frame> {
    checkFrameIndex(this, index);
    const { width, height } = this;
    const data = await decodeImage(this.files[index], this.logger);
    if (data.length !== width * height * 3)
      throw unreadableImage(this.files[index], new Error("its size changed while it was being read"));
    return this.framed(index, { width, height, data });
  }

  async close(): Promise<void> {}
}
