/**
 * @file YOLO's labels (https://docs.ultralytics.com/datasets; Ultralytics' `verify_image_label`): a text file for each
 * picture, a line for each thing, positions as shares of the picture's width and height from its corner. Detection:
 * `class x y width height`, x and y of the centre; predictions may have a confidence and then a track behind that, or one
 * of them. Segmentation: `class x y x y …`, one ring. Pose: `class x y width height`, then `x y` or `x y v` for each key
 * point, v as COCO's, with `kpt_shape` in `data.yaml`. Classes count from 0.
 */
import { join } from "node:path";
import type { Annotations } from "../annotations/annotations.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import type { PointAnnotation } from "../annotations/point.ts";
import type { Verdict } from "../annotations/verdict.ts";
import { UserError } from "../core/errors.ts";
import { isFolder } from "../core/files.ts";
import type { Point } from "../video/point.ts";
import type { FileContents } from "./contents.ts";
import { filesIn, foldersIn } from "./folder.ts";
import type { AnnotationFormat } from "./format.ts";
import { type ReadOptions, readText } from "./json.ts";
import { objectNames, warnOfOrder } from "./objectNames.ts";
import { objectsIn, pictureFrame } from "./pictureFrame.ts";
import { requireOnce } from "./pointEntries.ts";
import { chosenSequence } from "./sequence.ts";
import { usable } from "./usable.ts";
import { type YoloNames, yoloNames } from "./yoloNames.ts";
import { YOLO_HOLDS, YOLO_POSE_HOLDS, YOLO_SEG_HOLDS, yoloWriter } from "./yoloWriter.ts";

/** Text files of a data set that are no labels. */
const OTHER_TEXT = /^(?:classes|train|val|test|labels|notes|readme.*|_darknet)\.(?:txt|labels)$/iu;

/** Reading throws UserError `format/value`, `points/empty`, `annotations/sequence`. */
export const yolo = {
  name: "yolo",
  layout: [".txt"],
  folder: true,
  async sniff(file: FileContents): Promise<boolean> {
    if (!file.isFolder) return isLabels(await file.text());
    if ((await file.has("labels")) || (await file.has("data.yaml")) || (await file.has("obj.names"))) return true;
    const [first] = (await file.names(".txt")).filter((name) => !OTHER_TEXT.test(name));
    return first !== undefined && isLabels(await readText(join(file.path, first), "file of labels"));
  },
  read: readYolo,
  holds: YOLO_HOLDS,
  write: yoloWriter("detect"),
} satisfies AnnotationFormat<Annotations>;

/** Segmentation; read as `yolo`. */
export const yoloSeg = {
  name: "yolo-seg",
  layout: [".txt"],
  folder: true,
  sniff: () => Promise.resolve(false),
  read: readYolo,
  holds: YOLO_SEG_HOLDS,
  write: yoloWriter("segment"),
} satisfies AnnotationFormat<Annotations>;

/** Key points; read as `yolo`. */
export const yoloPose = {
  name: "yolo-pose",
  layout: [".txt"],
  folder: true,
  sniff: () => Promise.resolve(false),
  read: readYolo,
  holds: YOLO_POSE_HOLDS,
  write: yoloWriter("pose"),
} satisfies AnnotationFormat<Annotations>;

/** Whether a first line is a class and shares of a picture. */
function isLabels(text: string): boolean {
  const [line = ""] = text.trimStart().split(/[\r\n]/u, 1);
  const numbers = line.trim().split(/\s+/u).map(Number);
  return (
    numbers.length >= 5 &&
    Number.isInteger(numbers[0]) &&
    numbers[0] >= 0 &&
    numbers.slice(1, 5).every((value) => value >= 0 && value <= 1)
  );
}

/** A thing of a picture. */
interface Line {
  readonly picture: string;
  readonly kind: string;
  readonly track?: number;
  readonly verdict: Verdict;
  readonly box?: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly ring?: readonly Point[];
  readonly points: readonly (Point & { readonly part: string; readonly visible: boolean })[];
}

async function readYolo(path: string, options: ReadOptions = {}): Promise<Annotations> {
  const { folder, files, known } = await labelsAt(path, options);
  const lines: Line[] = [];
  for (const name of files) {
    const text = await readText(join(folder, name), "YOLO labels", options);
    lines.push(...linesOf(text, name.replace(/\.txt$/iu, ""), join(folder, name), known));
  }
  if (lines.length === 0)
    throw new UserError("points/empty", {
      what: `${path} has no labels`,
      expected: "text files with a line for each thing",
    });
  const { names, isByOrder } = objectNames(lines);
  if (isByOrder) warnOfOrder(path, options.logger);
  const frames = framesOf(lines, names);
  const objects = objectsIn(frames, new Map(names.map((name, i) => [name, lines[i].kind])));
  const annotations = usable({ relative: true, objects, frames }, path, options.logger);
  requireOnce(annotations, path);
  return annotations;
}

interface LabelFiles {
  readonly folder: string;
  readonly files: readonly string[];
  readonly known: YoloNames;
}

/** One file, a folder of files, or a data set with `labels/`, below which there may be a folder for each part. */
async function labelsAt(path: string, options: ReadOptions): Promise<LabelFiles> {
  if (!(await isFolder(path))) {
    const [folder, name] = [join(path, ".."), path.replace(/^.*[/\\]/u, "")];
    return { folder, files: [name], known: await yoloNames([folder, join(folder, ".."), join(folder, "..", "..")]) };
  }
  const labels = (await foldersIn(path)).includes("labels") ? join(path, "labels") : path;
  const direct = await textFiles(labels);
  if (direct.length > 0) return { folder: labels, files: direct, known: await yoloNames([path, join(path, "..")]) };
  const parts = [];
  for (const name of await foldersIn(labels)) {
    const files = await textFiles(join(labels, name));
    if (files.length > 0) parts.push({ name, folder: join(labels, name), files });
  }
  if (parts.length === 0) return { folder: labels, files: [], known: { names: [] } };
  return { ...chosenSequence(parts, path, options), known: await yoloNames([path, join(path, "..")]) };
}

async function textFiles(folder: string): Promise<string[]> {
  return (await filesIn(folder, ".txt")).filter((name) => !OTHER_TEXT.test(name));
}

function linesOf(text: string, picture: string, path: string, known: YoloNames): Line[] {
  const rows = text
    .split(/\r\n|\r|\n/u)
    .map((line, i) => ({ line: i + 1, values: line.trim() === "" ? [] : line.trim().split(/\s+/u).map(Number) }))
    .filter(({ values }) => values.length > 0);
  // One value behind the box is a track where all are whole numbers from 1, as a tracker writes, else a confidence.
  const extra = rows.filter(({ values }) => values.length === 6).map(({ values }) => values[5]);
  const areTracks = extra.length > 0 && extra.every((value) => Number.isInteger(value) && value >= 1);
  return rows.map(({ line, values }) => {
    const [kind] = values;
    if (!Number.isInteger(kind) || kind < 0 || values.length < 5 || values.some((value) => Number.isNaN(value)))
      throw new UserError("format/value", {
        what: `${path}, line ${line}`,
        got: values.slice(0, 6).join(" "),
        expected: "the number of a class and at least four shares of the picture",
      });
    return { picture, kind: known.names[kind] ?? `class ${kind}`, ...shapeOf(values.slice(1), known, areTracks) };
  });
}

function shapeOf(
  values: readonly number[],
  { keypoints }: YoloNames,
  areTracks: boolean,
): Omit<Line, "picture" | "kind"> {
  const [x, y, width, height, ...rest] = values;
  const box = { x: x - width / 2, y: y - height / 2, width, height };
  if (keypoints !== undefined && rest.length >= keypoints[0] * keypoints[1])
    return { box, points: pointsOf(rest, keypoints), verdict: {} };
  // Three corners, or a confidence and a track behind a box: no share of a picture is above 1.
  const isRing = values.length >= 6 && values.length % 2 === 0 && !(values.length === 6 && values[5] > 1);
  if (isRing)
    return {
      ring: Array.from({ length: values.length / 2 }, (_, i) => ({ x: values[2 * i], y: values[2 * i + 1] })),
      points: [],
      verdict: {},
    };
  const [confidence, track] = areTracks ? [undefined, rest[0]] : rest;
  return {
    box,
    points: [],
    verdict: confidence !== undefined && confidence >= 0 && confidence <= 1 ? { confidence } : {},
    ...(track !== undefined && { track }),
  };
}

function pointsOf(rest: readonly number[], [count, size]: readonly [number, number]): Line["points"] {
  return Array.from({ length: count }, (_, i) => i).flatMap((i) => {
    const [x, y, v = x === 0 && y === 0 ? 0 : 2] = rest.slice(i * size, (i + 1) * size);
    return v > 0 ? [{ x, y, part: String(i + 1), visible: v > 1 }] : [];
  });
}

function framesOf(lines: readonly Line[], names: readonly string[]): FrameAnnotation[] {
  const byPicture = new Map<string, { boxes: object[]; polygons: object[]; points: PointAnnotation[] }>();
  for (const [i, { picture, box, ring, points, verdict }] of lines.entries()) {
    const own = byPicture.get(picture) ?? { boxes: [], polygons: [], points: [] };
    byPicture.set(picture, own);
    const name = names[i];
    if (box !== undefined) own.boxes.push({ name, ...box, ...verdict });
    if (ring !== undefined) own.polygons.push({ name, rings: [ring], ...verdict });
    for (const { part, ...at } of points)
      own.points.push({ name: `${name} ${part}`, ...at, of: { object: name, part } });
  }
  return [...byPicture].map(
    ([picture, shapes]) => ({ ...pictureFrame(`${picture}.txt`), ...shapes }) as FrameAnnotation,
  );
}
