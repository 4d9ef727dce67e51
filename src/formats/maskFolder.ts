/**
 * @file The masks of a clip as a folder of pictures, one per frame, and of a data set as a folder of such folders:
 * DAVIS's layout `<folder>/<sequence>/00000.png`, also used for CamVid and CDnet.
 */
import { basename, join } from "node:path";
import type { AnnotationStream } from "../annotations/annotations.ts";
import { type FrameAnnotation, imageNumber } from "../annotations/frameAnnotation.ts";
import { UserError } from "../core/errors.ts";
import { readMaskPng, writeMaskPng } from "../video/masks/maskPng.ts";
import { filesIn, foldersIn } from "./folder.ts";
import type { AnnotationFormat, WriteOptions } from "./format.ts";
import { frameName } from "./frameName.ts";
import { ObjectNumbers } from "./instances.ts";
import { type Holdings, HOLDS_NOTHING, Losses } from "./losses.ts";
import { paintedMask } from "./paintedMask.ts";

const MASK_FOLDER_HOLDS: Holdings = { ...HOLDS_NOTHING, extents: true, tracks: true };

/**
 * A folder of PNG pictures (see `readMaskPng`) named as the clip's frames. Masks are read and written one at a time.
 * Reading throws UserError `score/no-folder` and those of `readMaskPng`; masks are written, and outlines as masks.
 */
export const maskFolder = {
  name: "mask-folder",
  layout: "folder",
  async read(path: string): Promise<AnnotationStream> {
    return { sequence: basename(path), objects: [], frames: masksIn(path, await pngNames(path)) };
  },
  holds: MASK_FOLDER_HOLDS,
  async write(path: string, stream: AnnotationStream, options?: WriteOptions): Promise<void> {
    const numbers = new ObjectNumbers(stream.objects);
    const { losses } = options ?? { losses: new Losses("mask-folder", MASK_FOLDER_HOLDS) };
    for await (const frame of stream.frames) {
      const mask = paintedMask(frame, numbers, { size: stream.size, losses });
      if (mask !== undefined) await writeMaskPng(join(path, `${frameName(frame)}.png`), mask);
    }
  },
} satisfies AnnotationFormat;

async function* masksIn(folder: string, names: readonly string[]): AsyncGenerator<FrameAnnotation, void, void> {
  for (const name of names) {
    const image = name.replace(/\.png$/iu, "");
    yield { frame: imageNumber(image), image, mask: await readMaskPng(join(folder, name)) };
  }
}

/**
 * The file names of the PNG pictures in a folder, in natural order.
 * @throws UserError `score/no-folder`
 */
export async function pngNames(folder: string): Promise<string[]> {
  return filesIn(folder, ".png");
}

/** The folders of the sequences, in natural order. @throws UserError `score/no-sequences`, `score/no-folder` */
export async function sequenceFolders(folder: string): Promise<string[]> {
  const names = await foldersIn(folder);
  if (names.length > 0) return names;
  throw new UserError("score/no-sequences", {
    what: `${folder} holds no sequences`,
    expected: `a folder for every sequence, for example ${join(folder, "blackswan", "00000.png")}`,
    todo: "name the folder above the sequence's own",
  });
}
