/**
 * @file MOTChallenge's tables (https://motchallenge.net/instructions; TrackEval's `mot_challenge_2d_box.py`):
 * `frame, id, left, top, width, height, confidence, …`. Frames, ids and pixels count from 1: ours = theirs − 1. Truth
 * (`gt/gt.txt`) has nine columns, of which the last three are whether the row counts (0: left out here), the class and how
 * much of the thing is visible (below 1: partly covered); results and detections have ten, with a confidence and three −1.
 * Detections have the id −1. A truth's classes are named in `labels.txt` beside it, as CVAT writes it, else they are those
 * of MOT16 to MOT20; `seqinfo.ini` above it has the size of the frames.
 */
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Annotations, AnnotationStream } from "../annotations/annotations.ts";
import type { BoxAnnotation } from "../annotations/box.ts";
import { mergeFrames, type UnmaskedFrame } from "../annotations/merge.ts";
import type { FrameSize } from "../annotations/point.ts";
import { UserError } from "../core/errors.ts";
import { isFolder, writeFileAtomic } from "../core/files.ts";
import type { FileContents } from "./contents.ts";
import { CsvNumbers, type CsvRecord, csvRecords } from "./csv.ts";
import type { AnnotationFormat, WriteOptions } from "./format.ts";
import { type Instance, instancesOf, ObjectNumbers, visibleBox } from "./instances.ts";
import { type ReadOptions, readText } from "./json.ts";
import { requireFrameIndex, requirePictureSize } from "./limits.ts";
import { type Holdings, HOLDS_NOTHING } from "./losses.ts";
import { objectNames } from "./objectNames.ts";
import { objectsIn } from "./pictureFrame.ts";
import { requireOnce } from "./pointEntries.ts";
import { usable } from "./usable.ts";

/** Of MOT16 to MOT20, by number from 1. */
const CLASSES = [
  "pedestrian",
  "person on vehicle",
  "car",
  "bicycle",
  "motorbike",
  "vehicle",
  "static person",
  "distractor",
  "occluder",
  "occluder on the ground",
  "occluder full",
  "reflection",
  "crowd",
];

const TRUTH_HOLDS: Holdings = { ...HOLDS_NOTHING, boxes: true, tracks: true, classes: true, occluded: true };
const RESULTS_HOLDS: Holdings = { ...HOLDS_NOTHING, boxes: true, tracks: true, confidence: true };

/** Reading throws UserError `csv/invalid`, `points/empty`, `points/twice`, `format/limit`. */
export const mot = {
  name: "mot",
  layout: [".txt", ".csv"],
  folder: true,
  async sniff(file: FileContents): Promise<boolean> {
    return file.isFolder ? file.has("gt", "gt.txt") : isTable(await file.firstRows());
  },
  async read(path: string, options: ReadOptions = {}): Promise<Annotations> {
    return readTable((await isFolder(path)) ? join(path, "gt", "gt.txt") : path, options);
  },
  holds: TRUTH_HOLDS,
  write: writeTruth,
} satisfies AnnotationFormat<Annotations>;

/** Results of a tracker; read as `mot`. */
export const motResults = {
  name: "mot-results",
  layout: [".txt"],
  sniff: () => Promise.resolve(false),
  read: readTable,
  holds: RESULTS_HOLDS,
  write: writeResults,
} satisfies AnnotationFormat<Annotations>;

/** Rows of nothing but numbers with commas between them, the first two whole. */
function isTable([first]: readonly CsvRecord[]): boolean {
  const numbers = (first?.values ?? []).map((value) => (value === "" ? Number.NaN : Number(value)));
  const isWhole = numbers.slice(0, 2).every((value) => Number.isInteger(value)) && numbers[0] >= 1;
  return numbers.length >= 6 && isWhole && numbers.every((value) => Number.isFinite(value));
}

interface Row {
  readonly frame: number;
  readonly id: number;
  readonly box: Omit<BoxAnnotation, "name">;
  readonly kind: string;
  readonly counts: boolean;
}

async function readTable(path: string, options: ReadOptions = {}): Promise<Annotations> {
  const { records, separator } = csvRecords(await readText(path, "MOTChallenge table", options), path);
  const numbers = new CsvNumbers(separator, path);
  const classes = (await linesOf(join(dirname(path), "labels.txt"))) ?? CLASSES;
  const all = records.map((record) => rowOf(record, numbers, { path, classes }));
  const rows = all.filter(({ counts }) => counts);
  if (rows.length < all.length)
    options.logger?.warn(`${path}: left out ${all.length - rows.length} boxes that do not count`);
  const labels = rows.map(({ frame, id, kind }) => ({ picture: frame, kind, ...(id >= 0 && { track: id }) }));
  const { names } = objectNames(labels);
  const frames: UnmaskedFrame[] = rows.map(({ frame, box }, i) => ({ frame, boxes: [{ ...box, name: names[i] }] }));
  if (frames.length === 0)
    throw new UserError("points/empty", { what: `${path} has no box`, expected: "at least one" });
  const size = await sizeBeside(path);
  const merged = mergeFrames(frames);
  const objects = objectsIn(merged, new Map(names.map((name, i) => [name, labels[i].kind])));
  const annotations = usable({ ...(size && { size }), objects, frames: merged }, path, options.logger);
  requireOnce(annotations, path);
  return annotations;
}

function rowOf(
  { line, values }: CsvRecord,
  numbers: CsvNumbers,
  { path, classes }: { readonly path: string; readonly classes: readonly string[] },
): Row {
  if (values.length < 6)
    throw new UserError("csv/invalid", {
      what: `${path}, line ${line}`,
      got: `${values.length} values`,
      expected: "6 or more",
    });
  const cells = { line, values: Object.fromEntries(values.map((value, i) => [String(i + 1), value])) };
  const [frame, id, left, top, width, height, sure, kind, visibility] = values.map((_, i) =>
    numbers.read(cells, String(i + 1)),
  );
  const isTruth = values.length === 9;
  const box = {
    x: left - 1,
    y: top - 1,
    width,
    height,
    ...(isTruth && visibility < 1 && visibility >= 0 && { occluded: true }),
    ...(!isTruth && sure >= 0 && sure <= 1 && { confidence: sure }),
  };
  const named = isTruth ? (classes[kind - 1] ?? `class ${kind}`) : "object";
  return {
    frame: requireFrameIndex(frame - 1, `${path}, line ${line}: the frame, less 1,`),
    id,
    box,
    kind: named,
    counts: !(isTruth && sure === 0),
  };
}

async function linesOf(path: string): Promise<string[] | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text
    ?.split(/\r?\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The size in `seqinfo.ini`, in the folder of the table or above. */
async function sizeBeside(path: string): Promise<FrameSize | undefined> {
  const folder = dirname(resolve(path));
  for (const place of [folder, dirname(folder)]) {
    const text = await readFile(join(place, "seqinfo.ini"), "utf8").catch(() => "");
    const [width, height] = ["imWidth", "imHeight"].map((key) =>
      Number(new RegExp(`^${key}\\s*=\\s*(\\d+)`, "mu").exec(text)?.[1]),
    );
    if (!Number.isNaN(width) && !Number.isNaN(height))
      return requirePictureSize({ width, height }, join(place, "seqinfo.ini"));
  }
  return undefined;
}

/** A box of a visible thing, with 1 as the first pixel. */
function rowsOf(frame: number, instances: readonly Instance[]) {
  return instances.flatMap((instance) => {
    const box = visibleBox(instance);
    if (box === undefined) return [];
    const place = [box.x + 1, box.y + 1, box.width, box.height].map((value) => Number(value.toFixed(3)));
    return [{ box, instance, row: [frame + 1, instance.object.number, ...place] }];
  });
}

async function writeTruth(path: string, stream: AnnotationStream, options: WriteOptions): Promise<void> {
  const numbers = new ObjectNumbers(stream.objects);
  const [lines, classes]: [string[], string[]] = [[], []];
  let count = 0;
  for await (const frame of stream.frames) {
    count = frame.frame + 1;
    for (const { box, instance, row } of rowsOf(frame.frame, instancesOf(frame, numbers))) {
      const { class: kind } = instance.object;
      if (!classes.includes(kind)) classes.push(kind);
      lines.push([...row, 1, classes.indexOf(kind) + 1, box.occluded ? 0.5 : 1].join());
    }
  }
  await writeFileAtomic(join(path, "gt", "gt.txt"), lines.map((line) => `${line}\n`).join(""));
  await writeFileAtomic(
    join(path, "gt", "labels.txt"),
    classes.map((name) => `${name.replaceAll(/[\r\n]/gu, " ")}\n`).join(""),
  );
  const { video = stream.sequence ?? "clip", fps, frameCount = count } = options;
  const { size } = stream;
  const info = [
    "[Sequence]",
    `name=${basename(video).replaceAll(/[\r\n]/gu, " ")}`,
    "imDir=img1",
    ...(fps === undefined ? [] : [`frameRate=${Number(fps.toFixed(3))}`]),
    `seqLength=${frameCount}`,
    ...(size === undefined ? [] : [`imWidth=${size.width}`, `imHeight=${size.height}`]),
    "imExt=.jpg",
  ];
  await writeFileAtomic(join(path, "seqinfo.ini"), `${info.join("\n")}\n`);
}

async function writeResults(path: string, stream: AnnotationStream): Promise<void> {
  const numbers = new ObjectNumbers(stream.objects);
  const lines: string[] = [];
  for await (const frame of stream.frames)
    for (const { box, row } of rowsOf(frame.frame, instancesOf(frame, numbers)))
      lines.push([...row, Number((box.confidence ?? 1).toFixed(4)), -1, -1, -1].join());
  await writeFileAtomic(path, lines.map((line) => `${line}\n`).join(""));
}
