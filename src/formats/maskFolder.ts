/**
 * @file The masks of a clip as a folder of pictures, one per frame, and of a data set as a folder of such folders:
 * DAVIS's layout `<folder>/<sequence>/00000.png`, also used for CamVid and CDnet.
 */
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { AnnotationStream } from "../annotations/annotations.ts";
import { type FrameAnnotation, imageNumber } from "../annotations/frameAnnotation.ts";
import { UserError } from "../core/errors.ts";
import { readMaskPng, writeMaskPng } from "../video/masks/maskPng.ts";
import type { AnnotationFormat } from "./format.ts";

/**
 * A folder of PNG pictures (see `readMaskPng`) named as the clip's frames. Masks are read and written one at a time.
 * Reading throws UserError `score/no-folder` and those of `readMaskPng`; only masks are written.
 */
export const maskFolder = {
  name: "mask-folder",
  layout: "folder",
  async read(path: string): Promise<AnnotationStream> {
    return { sequence: basename(path), objects: [], frames: masksIn(path, await pngNames(path)) };
  },
  async write(path: string, { frames }: AnnotationStream): Promise<void> {
    for await (const { frame, image = fileNumber(frame), mask } of frames)
      if (mask !== undefined) await writeMaskPng(join(path, `${image}.png`), mask);
  },
} satisfies AnnotationFormat;

async function* masksIn(folder: string, names: readonly string[]): AsyncGenerator<FrameAnnotation, void, void> {
  for (const name of names) {
    const image = name.replace(/\.png$/iu, "");
    yield { frame: imageNumber(image), image, mask: await readMaskPng(join(folder, name)) };
  }
}

/** The same as `Frame.name` in a clip whose frames have no names. */
const fileNumber = (frame: number): string => String(frame).padStart(5, "0");

/** Natural order, so that 2.png comes before 10.png. */
const byName = new Intl.Collator("en", { numeric: true });

/**
 * The file names of the PNG pictures in a folder, in natural order.
 * @throws UserError `score/no-folder`
 */
export async function pngNames(folder: string): Promise<string[]> {
  return (await entriesOf(folder))
    .filter((entry) => entry.isFile() && /\.png$/iu.test(entry.name))
    .map(({ name }) => name)
    .sort(byName.compare);
}

/** The folders of the sequences, in natural order. @throws UserError `score/no-sequences`, `score/no-folder` */
export async function sequenceFolders(folder: string): Promise<string[]> {
  const names = (await entriesOf(folder))
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .sort(byName.compare);
  if (names.length > 0) return names;
  throw new UserError("score/no-sequences", {
    what: `${folder} holds no sequences`,
    expected: `a folder for every sequence, for example ${join(folder, "blackswan", "00000.png")}`,
    todo: "name the folder above the sequence's own",
  });
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw new UserError("score/no-folder", { what: `no such folder: ${folder}`, todo: "check the path" }, error);
  }
}
