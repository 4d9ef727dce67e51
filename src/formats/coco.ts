/**
 * @file COCO files (https://cocodataset.org/#format-data), which CVAT, Roboflow, Label Studio and others export too, with
 * the keys that video data sets add: `videos`, `video_id` and `frame_id` (from 0; TAO and MMTracking's CocoVID) and
 * `track_id` or `instance_id`. Conventions: `bbox` is [x, y, width, height] measured from the picture's corner, as ours.
 * Key points count pixels from 0, so that (0, 0) is the centre of the first pixel: ours = theirs + 0.5, as in
 * Detectron2's reader. Their v is 0: not labelled, 1: labelled but covered, 2: visible. CVAT's `attributes` are read:
 * `track_id`, `occluded`, and `keyframe`, false for what CVAT filled in. Ids of ours count from 1. Crowds are no objects.
 */
import { z } from "zod";
import type { AnnotationStream, Annotations } from "../annotations/annotations.ts";
import type { BoxAnnotation } from "../annotations/box.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import type { FrameSize, PointAnnotation } from "../annotations/point.ts";
import type { PolygonAnnotation } from "../annotations/polygon.ts";
import type { Verdict } from "../annotations/verdict.ts";
import { type Bone, distinctBones } from "../annotations/skeleton.ts";
import { UserError } from "../core/errors.ts";
import { grouped } from "../core/grouped.ts";
import { ringsOfSegmentation, segmentationSchema } from "./cocoSegmentation.ts";
import { COCO_HOLDS, writeCoco } from "./cocoWriter.ts";
import { type FileContents, hasKeys } from "./contents.ts";
import type { AnnotationFormat, WriteOptions } from "./format.ts";
import { type ReadOptions, readJson } from "./json.ts";
import { objectNames, warnOfOrder } from "./objectNames.ts";
import { objectsIn, pictureFrame } from "./pictureFrame.ts";
import { commonSize, requireFrameIndex, requirePictureSize } from "./limits.ts";
import { requireOnce } from "./pointEntries.ts";
import { chosenSequence } from "./sequence.ts";
import { usable } from "./usable.ts";

const id = z.union([z.number(), z.string()]);
/** Null is what Python writes as NaN. */
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const annotationSchema = z.object({
  image_id: id,
  category_id: id,
  bbox: z.union([z.tuple([number, number, number, number]), z.tuple([])]).nullish(),
  keypoints: z.array(number).nullish(),
  segmentation: segmentationSchema.nullish(),
  iscrowd: z.unknown().optional(),
  score: z.number().nullish(),
  track_id: id.nullish(),
  instance_id: id.nullish(),
  attributes: z
    .looseObject({ track_id: id.nullish(), occluded: z.unknown().optional(), keyframe: z.unknown().optional() })
    .nullish(),
});

const imageSchema = z.object({
  id,
  file_name: z.string(),
  width: z.int().positive().nullish(),
  height: z.int().positive().nullish(),
  video_id: id.nullish(),
  frame_id: z.int().nullish(),
  frame_index: z.int().nullish(),
});

const schema = z.object({
  images: z.array(imageSchema),
  videos: z.array(z.object({ id, name: z.string().nullish() })).nullish(),
  annotations: z.array(annotationSchema),
  categories: z
    .array(
      z.object({
        id,
        name: z.string().min(1),
        keypoints: z.array(z.string()).nullish(),
        skeleton: z
          .array(z.tuple([z.int(), z.int()]))
          .nullish()
          .catch(null),
      }),
    )
    .default([]),
});

type CocoFile = z.output<typeof schema>;
type CocoObject = z.output<typeof annotationSchema>;

/** Reading throws UserError `points/empty`, `points/twice`, `json/invalid`, `text/encoding`, `file/missing`. */
export const coco = {
  name: "coco",
  layout: [".json"],
  async sniff(file: FileContents): Promise<boolean> {
    const value = await file.json();
    return hasKeys(value, "images", "annotations") && Array.isArray(value.images) && Array.isArray(value.annotations);
  },
  async read(path: string, options: ReadOptions = {}): Promise<Annotations> {
    const file = oneVideo(await readJson(path, schema, "COCO file", options), path, options);
    const objects = placedObjects(file);
    if (objects.length === 0)
      throw new UserError("points/empty", {
        what: `${path} has no box and no key point`,
        got: `${file.annotations.length} annotations`,
        expected: "a bbox or keypoints in one at least",
      });
    const { names, isByOrder } = objectNames(objects.map((one) => classOf(one, file)));
    if (isByOrder) warnOfOrder(path, options.logger);
    const named = objects.map((object, i) => ({ object, name: names[i] }));
    const frames = framesOf(file, named, path);
    const skeleton = skeletonOf(file, named);
    const size = commonSize(file.images, path);
    const classes = new Map(named.map(({ object, name }) => [name, classOf(object, file).kind]));
    const objectsRead = objectsIn(frames, classes);
    const all = { ...(size && { size }), ...(skeleton.length > 0 && { skeleton }), objects: objectsRead, frames };
    const annotations = usable(all, path, options.logger);
    requireOnce(annotations, path);
    return annotations;
  },
  holds: COCO_HOLDS,
  write: (path: string, annotations: AnnotationStream, options: WriteOptions) => writeCoco(path, annotations, options),
} satisfies AnnotationFormat<Annotations>;

/** The pictures and objects of the one video, where a file has several. @throws UserError `annotations/sequence` */
function oneVideo(file: CocoFile, path: string, options: ReadOptions): CocoFile {
  const videos = new Map(file.images.map(({ video_id }) => [video_id ?? undefined, ""]));
  if (videos.size < 2) return file;
  for (const { id, name } of file.videos ?? []) if (videos.has(id)) videos.set(id, name ?? String(id));
  const names = [...videos].map(([id, name]) => ({ id, name: name === "" ? String(id) : name }));
  const { id } = chosenSequence(names, path, options);
  const images = file.images.filter(({ video_id }) => (video_id ?? undefined) === id);
  const known = new Set(images.map((image) => image.id));
  return { ...file, images, annotations: file.annotations.filter(({ image_id }) => known.has(image_id)) };
}

/** Objects with a box, key points or an outline; crowds are none. */
function placedObjects({ annotations }: CocoFile): CocoObject[] {
  return annotations.filter(({ bbox, keypoints, segmentation, iscrowd }) => {
    const isPlaced = hasKeypoints({ keypoints }) || bbox?.length === 4 || hasOutline(segmentation);
    return isPlaced && iscrowd !== 1 && iscrowd !== true;
  });
}

const hasOutline = (segmentation: CocoObject["segmentation"]): boolean =>
  Array.isArray(segmentation) ? segmentation.some((ring) => ring.length > 0) : Boolean(segmentation);

/** Whether any is labelled. */
const hasKeypoints = ({ keypoints }: Pick<CocoObject, "keypoints">): boolean =>
  (keypoints ?? []).some((value, i) => i % 3 === 2 && value > 0);

function classOf({ image_id, category_id, track_id, instance_id, attributes }: CocoObject, { categories }: CocoFile) {
  const kind = categories.find((category) => category.id === category_id)?.name ?? `category ${category_id}`;
  const track = attributes?.track_id ?? track_id ?? instance_id;
  return { picture: image_id, kind, ...(track !== null && track !== undefined && { track }) };
}

interface Named {
  readonly object: CocoObject;
  readonly name: string;
}

type ByPicture = ReadonlyMap<CocoObject["image_id"], readonly Named[]>;

function byPictureOf(named: readonly Named[]): ByPicture {
  return grouped(named, ({ object }) => object.image_id);
}

/** Names of an object's points by part, from 0: by the part alone where no picture has two objects with points. */
function pointNamesIn(
  { categories }: CocoFile,
  byPicture: ByPicture,
): ({ object, name }: Named) => (part: number) => string {
  const isCrowded = [...byPicture.values()].some((own) => own.filter(({ object }) => hasKeypoints(object)).length > 1);
  return ({ object, name }) => {
    const parts = categories.find(({ id }) => id === object.category_id)?.keypoints ?? [];
    return (part) => `${isCrowded ? `${name} ` : ""}${parts[part] ?? part + 1}`;
  };
}

/** The bones of all objects with points; COCO counts their parts from 1. */
function skeletonOf(file: CocoFile, named: readonly Named[]): Bone[] {
  const namesOf = pointNamesIn(file, byPictureOf(named));
  return distinctBones(
    named
      .filter(({ object }) => hasKeypoints(object))
      .flatMap((one) => {
        const { skeleton } = file.categories.find(({ id }) => id === one.object.category_id) ?? {};
        const nameOf = namesOf(one);
        return (skeleton ?? []).map(([from, to]): Bone => [nameOf(from - 1), nameOf(to - 1)]);
      }),
  );
}

function framesOf(file: CocoFile, named: readonly Named[], path: string): FrameAnnotation[] {
  const byPicture = byPictureOf(named);
  const namesOf = pointNamesIn(file, byPicture);
  const partsOf = partNamesIn(file);
  const counted = isCounted(file);
  return file.images.flatMap((image) => {
    const own = byPicture.get(image.id) ?? [];
    if (own.length === 0) return [];
    const size = sizeOf(image, path);
    const moment = counted ? { frame: frameIdOf(image, path) } : pictureFrame(image.file_name);
    const points = own.flatMap((one) => keypointsOf(one, namesOf(one), partsOf(one)));
    const boxes = own.flatMap(boxOf);
    const polygons = own.flatMap((one) => polygonOf(one, `${path}, picture ${image.file_name}`, size));
    return [{ ...moment, points, boxes, ...(polygons.length > 0 && { polygons }) }];
  });
}

/** Whether every picture says which frame of its video it is, and no two say the same. */
function isCounted({ images }: CocoFile): boolean {
  const ids = images.map(({ frame_id, frame_index }) => frame_id ?? frame_index);
  return ids.every((id) => typeof id === "number") && new Set(ids).size === ids.length && ids.length > 0;
}

const frameIdOf = ({ frame_id, frame_index, file_name }: CocoFile["images"][number], path: string): number =>
  requireFrameIndex(frame_id ?? frame_index ?? -1, `${path}, picture ${file_name}: frame_id`);

function sizeOf({ width, height, file_name }: CocoFile["images"][number], path: string): FrameSize | undefined {
  return width && height ? requirePictureSize({ width, height }, `${path}, picture ${file_name}`) : undefined;
}

function verdictOf({ score, attributes }: CocoObject): Verdict {
  return {
    ...(typeof score === "number" && score >= 0 && score <= 1 && { confidence: score }),
    ...(attributes?.occluded === true && { occluded: true }),
    ...(attributes?.keyframe === false && { key: false }),
  };
}

function boxOf({ object, name }: Named): BoxAnnotation[] {
  const { bbox } = object;
  if (bbox?.length !== 4) return [];
  const [x, y, width, height] = bbox;
  return [{ name, x, y, width, height, ...verdictOf(object) }];
}

function polygonOf({ object, name }: Named, where: string, size: FrameSize | undefined): PolygonAnnotation[] {
  if (!hasOutline(object.segmentation)) return [];
  const rings = object.segmentation ? ringsOfSegmentation(object.segmentation, where, size) : [];
  return rings.length === 0 ? [] : [{ name, rings, ...verdictOf(object) }];
}

/** What the parts of an object are called, by their number from 0. */
const partNamesIn =
  ({ categories }: CocoFile) =>
  ({ object }: Named) => {
    const parts = categories.find(({ id }) => id === object.category_id)?.keypoints ?? [];
    return (part: number): string => parts[part] ?? String(part + 1);
  };

type PartName = (part: number) => string;

function keypointsOf({ object, name }: Named, nameOf: PartName, partName: PartName): PointAnnotation[] {
  const values = object.keypoints ?? [];
  return Array.from({ length: Math.floor(values.length / 3) }, (_, part) => part).flatMap((part) => {
    const [x, y, v] = values.slice(part * 3, part * 3 + 3);
    const of = { object: name, part: partName(part) };
    return v > 0 ? [{ name: nameOf(part), x: x + 0.5, y: y + 0.5, visible: v > 1, of }] : [];
  });
}
