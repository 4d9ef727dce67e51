/**
 * @file Label Studio's JSON (https://labelstud.io/guide/export; `video.py` and `brush.py` of its SDK), as it is exported
 * whole. Positions are percents of the picture, from its corner. Videos: `videorectangle`, whose `sequence` has key frames,
 * counted from 1 by a constant frame rate; between them boxes go on straight lines, and where `enabled` is false the thing
 * is gone after that frame. Pictures: rectangles, polygons, key points, and brushes (labelStudioRuns.ts). Of the annotations
 * of a task the first that was not cancelled counts, of one without any its first prediction. Rotated rectangles are
 * outlines. Tracks are told apart by their places in the file; ours are called `track_` and a number.
 */
import { z } from "zod";
import type { Annotations, AnnotationStream } from "../annotations/annotations.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import { mergeFrames, type UnmaskedFrame } from "../annotations/merge.ts";
import { outlineOf } from "../annotations/outline.ts";
import { UserError } from "../core/errors.ts";
import type { Point } from "../video/point.ts";
import { type FileContents, hasKeys } from "./contents.ts";
import type { AnnotationFormat, WriteOptions } from "./format.ts";
import { type ReadOptions, readJson } from "./json.ts";
import { type Filling, filledTrack } from "./keyFrames.ts";
import { brushMask } from "./labelStudioRuns.ts";
import { IMAGES_HOLDS, VIDEO_HOLDS, writeLabelStudioImages, writeLabelStudioVideo } from "./labelStudioWriter.ts";
import { FillBudget, requireFrameIndex, requirePictureSize } from "./limits.ts";
import { objectNames, warnOfOrder } from "./objectNames.ts";
import { objectsIn, pictureFrame } from "./pictureFrame.ts";
import { requireOnce } from "./pointEntries.ts";
import { rotatedBox } from "./rotatedBox.ts";
import { chosenSequence } from "./sequence.ts";
import { listed, usable } from "./usable.ts";

const share = z.number().transform((percent) => percent / 100);
const boxKeys = { x: share, y: share, width: share, height: share, rotation: z.number().nullish() };
const labels = z.array(z.string()).nullish();

const resultSchema = z.object({
  id: z.union([z.string(), z.number()]).nullish(),
  type: z.string(),
  original_width: z.int().nullish(),
  original_height: z.int().nullish(),
  score: z.number().nullish(),
  value: z.looseObject({
    labels,
    rectanglelabels: labels,
    polygonlabels: labels,
    keypointlabels: labels,
    brushlabels: labels,
    framesCount: z.number().nullish(),
  }),
});

const annotationSchema = z.object({ result: z.array(resultSchema).default([]), was_cancelled: z.boolean().nullish() });

const taskSchema = z.object({
  data: z.record(z.string(), z.unknown()),
  annotations: z.array(annotationSchema).nullish(),
  predictions: z.array(annotationSchema).nullish(),
});

const sequenceSchema = z.array(z.object({ ...boxKeys, frame: z.int(), enabled: z.boolean().default(true) }));
const rectangleSchema = z.object(boxKeys);
const polygonSchema = z.object({ points: z.array(z.tuple([share, share])) });
const pointSchema = z.object({ x: share, y: share });
const brushSchema = z.object({ rle: z.array(z.int().min(0).max(255)) });

type Result = z.output<typeof resultSchema>;

const isTasks = (value: unknown): boolean =>
  Array.isArray(value) && (hasKeys(value[0], "data", "annotations") || hasKeys(value[0], "data", "predictions"));

/** Reading throws UserError `json/invalid`, `points/empty`, `points/twice`, `annotations/sequence`, `format/value`. */
export const labelStudio = {
  name: "label-studio",
  layout: [".json"],
  sniff: async (file: FileContents): Promise<boolean> => isTasks(await file.json()),
  read: readLabelStudio,
  holds: VIDEO_HOLDS,
  write: (path: string, stream: AnnotationStream, options: WriteOptions) =>
    writeLabelStudioVideo(path, stream, options),
} satisfies AnnotationFormat<Annotations>;

/** Tasks of pictures; read as `labelStudio`. */
export const labelStudioImages = {
  name: "label-studio-images",
  layout: [".json"],
  sniff: () => Promise.resolve(false),
  read: readLabelStudio,
  holds: IMAGES_HOLDS,
  write: (path: string, stream: AnnotationStream) => writeLabelStudioImages(path, stream),
} satisfies AnnotationFormat<Annotations>;

/** A result with the picture or clip that it belongs to. */
interface Found {
  readonly source: string;
  readonly result: Result;
  readonly where: string;
}

async function readLabelStudio(path: string, options: ReadOptions = {}): Promise<Annotations> {
  const tasks = await readJson(path, z.array(taskSchema), "Label Studio file", options);
  const sources = tasks.map((task) => ({ name: sourceOf(task.data), results: resultsOf(task) }));
  const isVideo = sources.some(({ results }) => results.some(({ type }) => type === "videorectangle"));
  const chosen = isVideo ? [chosenSequence(sources, path, options)] : sources;
  const all = chosen.flatMap(({ name, results }) =>
    results.map((result, i): Found => ({ source: name, result, where: `${path}, ${name}, result ${i + 1}` })),
  );
  const known = all.filter(({ result }) => KINDS.has(result.type));
  const others = [...new Set(all.filter(({ result }) => !KINDS.has(result.type)).map(({ result }) => result.type))];
  if (others.length > 0)
    options.logger?.warn(`${path}: left out results of kinds that are not read: ${listed(others)}`);
  if (known.length === 0)
    throw new UserError("points/empty", { what: `${path} has no result that is read`, expected: "at least one" });
  const described = known.map((one, i) => ({
    picture: one.source,
    kind: labelOf(one.result),
    ...trackOf(one.result, i),
  }));
  const { names, isByOrder } = objectNames(described);
  if (isByOrder) warnOfOrder(path, options.logger);
  const budget = new FillBudget();
  const frames = mergeFrames(known.flatMap((one, i) => framesOf(one, names[i], budget)));
  const objects = objectsIn(frames, new Map(names.map((name, i) => [name, described[i].kind])));
  const annotations = usable({ relative: true, objects, frames }, path, options.logger);
  requireOnce(annotations, path);
  return annotations;
}

const KINDS = new Set(["videorectangle", "rectanglelabels", "polygonlabels", "keypointlabels", "brushlabels"]);

/** The file that a task shows: the value of `video` or `image`, else of the first text. */
function sourceOf(data: Readonly<Record<string, unknown>>): string {
  const named = [data["video"], data["image"], ...Object.values(data)].find((value) => typeof value === "string");
  return typeof named === "string" ? named : "picture";
}

function resultsOf({ annotations, predictions }: z.output<typeof taskSchema>): readonly Result[] {
  const done = (annotations ?? []).find(({ was_cancelled }) => was_cancelled !== true);
  return (done ?? predictions?.[0])?.result ?? [];
}

function labelOf({ value }: Result): string {
  const { labels: own, rectanglelabels, polygonlabels, keypointlabels, brushlabels } = value;
  return (own ?? rectanglelabels ?? polygonlabels ?? keypointlabels ?? brushlabels)?.[0] ?? "object";
}

/** Of a video, every result is one thing; one that this project wrote has its number. */
function trackOf({ type, id }: Result, index: number): { readonly track?: number } {
  if (type !== "videorectangle") return {};
  const [, number] = /^track_(\d+)$/u.exec(String(id)) ?? [];
  return { track: number === undefined ? index + 1 : Number(number) };
}

function framesOf({ result, source, where }: Found, name: string, budget: FillBudget): UnmaskedFrame[] {
  const { type, value, score } = result;
  const verdict = typeof score === "number" && score >= 0 && score <= 1 ? { confidence: score } : {};
  if (type === "videorectangle") return videoFrames(result, name, { budget, where });
  const moment = pictureFrame(source.replace(/[?#].*$/u, ""));
  const shapes = pictureShapes({ type, value, where, result }, name);
  const said = Object.fromEntries(
    Object.entries(shapes).map(([kind, list]) => [kind, list.map((one) => ({ ...one, ...verdict }))]),
  );
  return [{ ...moment, ...said }];
}

interface PictureResult {
  readonly type: string;
  readonly value: unknown;
  readonly where: string;
  readonly result: Result;
}

function pictureShapes(
  { type, value, where, result }: PictureResult,
  name: string,
): Pick<FrameAnnotation, "boxes" | "polygons" | "points"> {
  if (type === "polygonlabels") {
    const { points } = checked(polygonSchema, value, where);
    return { polygons: [{ name, rings: [points.map(([x, y]) => ({ x, y }))] }] };
  }
  if (type === "keypointlabels") return { points: [{ name, ...checked(pointSchema, value, where), visible: true }] };
  if (type === "brushlabels")
    return { polygons: [{ name, rings: brushRings(checked(brushSchema, value, where).rle, result, where) }] };
  const { rotation, ...box } = checked(rectangleSchema, value, where);
  if (!rotation) return { boxes: [{ name, ...box }] };
  return { polygons: [{ name, rings: [turned({ ...box, rotation }, result)] }] };
}

/** Label Studio turns about the upper left corner, in pixels: shares are stretched for that. */
function turned(
  box: { x: number; y: number; width: number; height: number; rotation: number },
  result: Result,
): Point[] {
  const [width, height] = [result.original_width ?? 1, result.original_height ?? 1];
  const stretched = { x: box.x * width, y: box.y * height, width: box.width * width, height: box.height * height };
  const ring = rotatedBox(stretched, box.rotation, { x: stretched.x, y: stretched.y });
  return ring.map(({ x, y }) => ({ x: x / width, y: y / height }));
}

function brushRings(rle: readonly number[], { original_width, original_height }: Result, where: string): Point[][] {
  const size = requirePictureSize({ width: original_width ?? 0, height: original_height ?? 0 }, where);
  const rings = outlineOf({ x: 0, y: 0, ...size, data: brushMask(rle, size, where) });
  return rings.map((ring) => ring.map(({ x, y }) => ({ x: x / size.width, y: y / size.height })));
}

function videoFrames({ value }: Result, name: string, { budget, where }: Filling): UnmaskedFrame[] {
  const sequence = checked(sequenceSchema, value["sequence"], `${where}, sequence`);
  const given = sequence
    .map(({ frame, enabled, x, y, width, height }) => ({
      frame: requireFrameIndex(frame - 1, `${where}: the frame, less 1,`),
      shape: { kind: "box" as const, x, y, width, height },
      key: true,
      outside: false,
      stops: !enabled,
      occluded: false,
    }))
    .sort((a, b) => a.frame - b.frame);
  const count = value.framesCount;
  const frameCount =
    typeof count === "number" && count > 0
      ? requireFrameIndex(Math.floor(count) - 1, `${where}: framesCount`) + 1
      : undefined;
  return filledTrack(given, frameCount, { budget, where }).shapes.flatMap(({ frame, shape, key }) => {
    if (shape.kind !== "box") return [];
    const { kind: _, ...box } = shape;
    return [{ frame, boxes: [{ name, ...box, ...(!key && { key }) }] }];
  });
}

function checked<Schema extends z.ZodType>(schema: Schema, value: unknown, where: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new UserError("json/invalid", {
    what: `${where} is not as expected at ${path.join(".") || "its value"}: ${message}`,
  });
}
