/**
 * @file MOTS' annotations as text and as pictures (https://www.vision.rwth-aachen.de/page/mots; mots_tools' `io.py`).
 * Text: a line `frame id class height width runs` for each thing, with COCO's compressed run lengths; pictures: a PNG of 16
 * bits for each frame, whose values are ids. An id is class × 1000 + number; 10000 is a region to ignore, which is left out.
 * Classes are 1: car and 2: pedestrian, or the lines of a `labels.txt` beside the pictures, as CVAT writes it. KITTI counts
 * frames from 0, MOTSChallenge from 1: text that has a frame 0 counts from 0, other text from 1.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { encode } from "fast-png";
import type { Annotations, AnnotationStream } from "../annotations/annotations.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import { mergeFrames } from "../annotations/merge.ts";
import { MAX_OBJECT_ID } from "../annotations/object.ts";
import { outlineOf } from "../annotations/outline.ts";
import type { FrameSize } from "../annotations/point.ts";
import { isVisible } from "../annotations/verdict.ts";
import { UserError } from "../core/errors.ts";
import { writeFileAtomic } from "../core/files.ts";
import { decodeMaskPng, readMaskBytes } from "../video/masks/maskPng.ts";
import type { FileContents } from "./contents.ts";
import { filesIn, foldersIn } from "./folder.ts";
import type { AnnotationFormat, WriteOptions } from "./format.ts";
import { frameName } from "./frameName.ts";
import { instancesOf, type NumberedObject, ObjectNumbers, regionIn } from "./instances.ts";
import { type ReadOptions, readText } from "./json.ts";
import { requireFrameIndex, requirePictureSize } from "./limits.ts";
import { type Holdings, HOLDS_NOTHING } from "./losses.ts";
import { objectNames } from "./objectNames.ts";
import { requireSize } from "./paintedMask.ts";
import { objectsIn, pictureFrame } from "./pictureFrame.ts";
import { requireOnce } from "./pointEntries.ts";
import { cocoRuns, packRuns, regionOfCocoRuns, unpackRuns } from "./runs.ts";

const CLASSES = ["car", "pedestrian"];
const IGNORED = 10_000;
const PER_CLASS = 1000;

const TEXT_HOLDS: Holdings = { ...HOLDS_NOTHING, extents: true, tracks: true, classes: true };

/** Reading throws UserError `format/value`, `format/limit`, `points/empty`, `points/twice`. */
export const motsText = {
  name: "mots-txt",
  layout: [".txt"],
  async sniff(file: FileContents): Promise<boolean> {
    const [line = ""] = (await file.text()).trimStart().split(/[\r\n]/u, 1);
    return /^(?:\d+ ){5}[0-o]+$/u.test(line.trim());
  },
  async read(path: string, options: ReadOptions = {}): Promise<Annotations> {
    const text = await readText(path, "MOTS file", options);
    const lines = text.split(/\r\n|\r|\n/u).map((line, i) => ({ values: line.trim().split(/\s+/u), line: i + 1 }));
    const all = lines.filter(({ values }) => values[0] !== "").map((one) => lineOf(one, path));
    const things = all.filter(({ id }) => id !== IGNORED);
    const base = all.some(({ frame }) => frame === 0) ? 0 : 1;
    if (base === 1) options.logger?.info(`${path} has no frame 0: its frames count from 1`);
    const labels = things.map(({ frame, id }) => ({
      picture: frame,
      kind: className(id, CLASSES),
      track: id % PER_CLASS,
    }));
    const { names } = objectNames(labels);
    const found = things.map(({ frame, runs, size, where }, i) => {
      const region = regionOfCocoRuns(runs, size, where);
      const polygons = region === undefined ? [] : [{ name: names[i], rings: outlineOf(region) }];
      return { frame: requireFrameIndex(frame - base, where), polygons };
    });
    if (found.length === 0)
      throw new UserError("points/empty", { what: `${path} has no mask`, expected: "at least one" });
    const frames = mergeFrames(found);
    const objects = objectsIn(frames, new Map(names.map((name, i) => [name, labels[i].kind])));
    const annotations = { size: commonSize(all, path), objects, frames };
    requireOnce(annotations, path);
    return annotations;
  },
  holds: TEXT_HOLDS,
  write: writeText,
} satisfies AnnotationFormat<Annotations>;

interface Line {
  readonly frame: number;
  readonly id: number;
  readonly size: FrameSize;
  readonly runs: readonly number[];
  readonly where: string;
}

function lineOf({ values, line }: { readonly values: readonly string[]; readonly line: number }, path: string): Line {
  const where = `${path}, line ${line}`;
  const [frame, id, , height, width] = values.slice(0, 5).map(Number);
  const isSound = values.length === 6 && Number.isInteger(frame) && Number.isInteger(id) && id > 0;
  if (!isSound)
    throw new UserError("format/value", {
      what: where,
      got: values.slice(0, 5).join(" "),
      expected: "frame id class height width runs",
    });
  return { frame, id, size: requirePictureSize({ width, height }, where), runs: unpackRuns(values[5], where), where };
}

/** @throws UserError `format/value` */
function commonSize([first, ...others]: readonly Line[], path: string): FrameSize {
  const other = others.find(({ size }) => size.width !== first.size.width || size.height !== first.size.height);
  if (other === undefined) return first.size;
  throw new UserError("format/value", {
    what: `${path} has pictures of several sizes`,
    got: `${other.size.width}x${other.size.height}`,
    expected: `${first.size.width}x${first.size.height}, as in the first line`,
  });
}

function className(id: number, classes: readonly string[]): string {
  const number = Math.floor(id / PER_CLASS);
  return classes[number - 1] ?? (number === 0 ? "object" : `class ${number}`);
}

/** Ids of things by class; classes get their numbers as they come. */
class MotsIds {
  readonly classes: string[];
  private readonly options: WriteOptions;
  private readonly known: number;

  constructor(classes: readonly string[], options: WriteOptions) {
    this.classes = [...classes];
    this.known = classes.length;
    this.options = options;
  }

  /** @throws UserError `boxes/many` */
  of({ number, class: kind }: NumberedObject): number {
    if (number >= PER_CLASS)
      throw new UserError("boxes/many", { what: "too many objects for MOTS", expected: `numbers below ${PER_CLASS}` });
    if (!this.classes.includes(kind)) {
      this.classes.push(kind);
      if (this.known > 0) this.options.losses.tell(`no class "${kind}": wrote it as number ${this.classes.length}`);
    }
    return (this.classes.indexOf(kind) + 1) * PER_CLASS + number;
  }
}

async function writeText(path: string, stream: AnnotationStream, options: WriteOptions): Promise<void> {
  const numbers = new ObjectNumbers(stream.objects);
  const ids = new MotsIds(CLASSES, options);
  const lines: string[] = [];
  for await (const frame of stream.frames)
    for (const { object, extent, verdict } of instancesOf(frame, numbers)) {
      if (extent === undefined || !isVisible(verdict)) continue;
      const size = requireSize(stream.size ?? frame.mask);
      const region = regionIn(extent, size);
      if (region === undefined) continue;
      const id = ids.of(object);
      const runs = packRuns(cocoRuns(region, size));
      lines.push(`${frame.frame + 1} ${id} ${Math.floor(id / PER_CLASS)} ${size.height} ${size.width} ${runs}\n`);
    }
  await writeFileAtomic(path, lines.join(""));
}

/** Reading throws UserError `points/empty`, `boxes/many` and those of reading masks. */
export const motsPng = {
  name: "mots-png",
  layout: "folder",
  async sniff(file: FileContents): Promise<boolean> {
    const folder = (await file.has("instances")) ? join(file.path, "instances") : file.path;
    const [first] = file.isFolder ? await filesIn(folder, ".png") : [];
    return first !== undefined && (await isDeep(join(folder, first)));
  },
  async read(path: string): Promise<AnnotationStream> {
    const folder = (await foldersIn(path)).includes("instances") ? join(path, "instances") : path;
    const pictures = await filesIn(folder, ".png");
    const ids = new Set<number>();
    for (const name of pictures) for (const id of await valuesIn(join(folder, name))) ids.add(id);
    const known = [...ids].filter((id) => id !== 0 && id !== IGNORED).sort((a, b) => a - b);
    if (known.length > MAX_OBJECT_ID)
      throw new UserError("boxes/many", {
        what: `${path} has ${known.length} objects`,
        expected: `at most ${MAX_OBJECT_ID}`,
      });
    const text = await readFile(join(folder, "labels.txt"), "utf8").catch(() => CLASSES.join("\n"));
    const classes = text.split(/\r?\n/u).map((line) => line.trim());
    const kinds = known.map((id) => className(id, classes));
    const { names } = objectNames(known.map((id, i) => ({ picture: "", kind: kinds[i], track: id % PER_CLASS })));
    const objects = known.map((_, i) => ({
      id: i + 1,
      name: names[i],
      ...(names[i] !== kinds[i] && { class: kinds[i] }),
    }));
    return { objects, frames: framesOf(folder, pictures, new Map(known.map((id, i) => [id, i + 1]))) };
  },
  holds: TEXT_HOLDS,
  write: writePng,
} satisfies AnnotationFormat;

/** Whether a PNG has 16 bits a sample and one channel, by its header. */
async function isDeep(path: string): Promise<boolean> {
  const bytes = await readMaskBytes(path);
  return bytes.length > 25 && bytes[24] === 16 && bytes[25] === 0;
}

async function samplesOf(path: string) {
  const { data, channels, width, height } = decodeMaskPng(path, await readMaskBytes(path));
  if (channels === 1) return { data, ...requirePictureSize({ width, height }, path) };
  throw new UserError("mask/depth", { what: path, got: "a colour picture", expected: "a grey PNG of 16 bits" });
}

async function valuesIn(path: string): Promise<Set<number>> {
  return new Set((await samplesOf(path)).data);
}

async function* framesOf(
  folder: string,
  pictures: readonly string[],
  ids: ReadonlyMap<number, number>,
): AsyncGenerator<FrameAnnotation, void, void> {
  for (const name of pictures) {
    const { width, height, data } = await samplesOf(join(folder, name));
    yield { ...pictureFrame(name), mask: { width, height, data: Uint8Array.from(data, (id) => ids.get(id) ?? 0) } };
  }
}

async function writePng(path: string, stream: AnnotationStream, options: WriteOptions): Promise<void> {
  const numbers = new ObjectNumbers(stream.objects);
  const ids = new MotsIds([], options);
  for await (const frame of stream.frames) {
    const { width, height } = requireSize(stream.size ?? frame.mask);
    const data = new Uint16Array(width * height);
    for (const { object, extent, verdict } of instancesOf(frame, numbers)) {
      const region = extent === undefined || !isVisible(verdict) ? undefined : regionIn(extent, { width, height });
      if (region === undefined) continue;
      const id = ids.of(object);
      for (let y = 0; y < region.height; y++)
        for (let x = 0; x < region.width; x++)
          if (region.data[y * region.width + x] !== 0) data[(region.y + y) * width + region.x + x] = id;
    }
    const png = encode({ width, height, data, depth: 16, channels: 1 });
    await writeFileAtomic(join(path, `${frameName(frame)}.png`), png);
  }
  await writeFileAtomic(
    join(path, "labels.txt"),
    ids.classes.map((name) => `${name.replaceAll(/[\r\n]/gu, " ")}\n`).join(""),
  );
}
