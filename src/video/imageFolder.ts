/**
 * @file Image folders (jpg, jpeg, png, webp) and single images as frame sources, decoded by sharp.
 * Order is natural (2 before 10). Images carry no time: frame i is at i / 25 s, a rate chosen only so that videos made
 * from a folder play at a usual speed.
 */
import { readdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import sharp from "sharp";
import { messageOf, UserError } from "../core/errors.ts";
import type { Frame, FrameRange, FrameSource } from "./frame.ts";
import { checkFrameIndex, resolveRange } from "./frameRange.ts";
import { TimedSource } from "./timedSource.ts";

/** Frames a second that an image folder is taken to have. */
export const IMAGE_FOLDER_FPS = 25;

const IMAGE_EXTENSIONS = new Set([".jpg", ".jpeg", ".png", ".webp"]);

/** Whether the file name is that of an image that we read. */
export function isImagePath(path: string): boolean {
  return IMAGE_EXTENSIONS.has(extname(path).toLowerCase());
}

/**
 * Opens the images of a folder (its subfolders are not looked at) as a clip.
 * @throws UserError `video/no-images`, `image/size` (they differ in size), `image/name` (two would have one output name),
 * `image/unreadable`
 */
export async function openImageFolder(path: string): Promise<FrameSource> {
  const files = (await readdir(path)).filter((name) => isImagePath(name) && !name.startsWith("."));
  if (files.length === 0)
    throw new UserError("video/no-images", {
      what: `the folder ${path} has no images`,
      expected: ".jpg, .jpeg, .png or .webp files directly in it",
      todo: "name the folder that holds the frames, or a video file",
    });
  const natural = new Intl.Collator("en", { numeric: true });
  files.sort((a, b) => natural.compare(a, b) || (a < b ? -1 : 1));
  return openImages(
    path,
    files.map((name) => join(path, name)),
  );
}

/** Opens one image as a clip of one frame. Errors as `openImageFolder`. */
export async function openImageFile(path: string): Promise<FrameSource> {
  return openImages(path, [path]);
}

async function openImages(path: string, files: readonly string[]): Promise<FrameSource> {
  const names = files.map((file) => basename(file, extname(file)));
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
  return new ImageSource(path, files, names, first);
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

async function imageSize(file: string): Promise<{ width: number; height: number }> {
  try {
    return (await sharp(file).metadata()).autoOrient;
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): UserError {
  return new UserError(
    "image/unreadable",
    { what: `cannot read the image ${file}: ${messageOf(error)}`, todo: "replace or remove the file" },
    error,
  );
}

class ImageSource extends TimedSource {
  private readonly files: readonly string[];

  constructor(
    path: string,
    files: readonly string[],
    names: readonly string[],
    size: { readonly width: number; readonly height: number },
  ) {
    super({ path, ...size, timesSec: Float64Array.from(files, (_, i) => i / IMAGE_FOLDER_FPS), names });
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
    const data = await decodeImage(this.files[index]);
    if (data.length !== width * height * 3)
      throw unreadable(this.files[index], new Error("its size changed while it was being read"));
    return this.framed(index, { width, height, data });
  }

  async close(): Promise<void> {}
}

/** `[height, width, 3]` uint8 sRGB, EXIF orientation applied, transparency dropped. */
async function decodeImage(file: string): Promise<Uint8Array> {
  try {
    const picture = sharp(file).autoOrient().toColourspace("srgb").removeAlpha();
    const { buffer, byteOffset, byteLength } = await picture.raw({ depth: "uchar" }).toBuffer();
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (error) {
    throw unreadable(file, error);
  }
}
