/**
 * @file Boxes and key points of COCO files (https://cocodataset.org/#format-data), which CVAT, Roboflow, Label Studio
 * and others export too. Conventions: `bbox` is [x, y, width, height] measured from the picture's corner, as ours. Key
 * points count pixels from 0, so that (0, 0) is the centre of the first pixel: ours = theirs + 0.5, as in Detectron2's
 * reader. Their v is 0: not labelled, 1: labelled but covered, 2: visible. An object with key points is read as those,
 * any other as its box; segmentations are not read.
 */
import { z } from "zod";
import type { Annotations } from "../annotations/annotations.ts";
import type { BoxAnnotation } from "../annotations/box.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import type { PointAnnotation } from "../annotations/point.ts";
import { type Bone, distinctBones } from "../annotations/skeleton.ts";
import { UserError } from "../core/errors.ts";
import { type FileContents, hasKeys } from "./contents.ts";
import type { AnnotationFormat } from "./format.ts";
import { type ReadOptions, readJson } from "./json.ts";
import { objectNames } from "./objectNames.ts";
import { objectsIn, pictureFrame } from "./pictureFrame.ts";
import { requireOnce } from "./pointEntries.ts";
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
  segmentation: z.unknown().optional(),
  iscrowd: z.unknown().optional(),
  track_id: id.nullish(),
  instance_id: id.nullish(),
  /** CVAT writes the track here. */
  attributes: z.looseObject({ track_id: id.nullish() }).nullish(),
});

const schema = z.object({
  images: z.array(
    z.object({ id, file_name: z.string(), width: z.int().positive().nullish(), height: z.int().positive().nullish() }),
  ),
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
    const file = await readJson(path, schema, "COCO file", options);
    const objects = placedObjects(file);
    if (objects.length === 0)
      throw new UserError("points/empty", {
        what: `${path} has no box and no key point`,
        got: `${file.annotations.length} annotations`,
        expected: "a bbox or keypoints in one at least",
      });
    const { names, isByOrder } = objectNames(objects.map((one) => classOf(one, file)));
    warn({ path, isByOrder, objects }, options);
    const named = objects.map((object, i) => ({ object, name: names[i] }));
    const frames = framesOf(file, named);
    const skeleton = skeletonOf(file, named);
    const size = commonSize(file);
    const all = { ...(size && { size }), ...(skeleton.length > 0 && { skeleton }), objects: objectsIn(frames), frames };
    const annotations = usable(all, path, options.logger);
    requireOnce(annotations, path);
    return annotations;
  },
} satisfies AnnotationFormat<Annotations>;

/** Objects with a box or key points; crowds are none. */
function placedObjects({ annotations }: CocoFile): CocoObject[] {
  return annotations.filter(({ bbox, keypoints, iscrowd }) => {
    return (hasKeypoints({ keypoints }) || bbox?.length === 4) && iscrowd !== 1 && iscrowd !== true;
  });
}

/** Whether any is labelled. */
const hasKeypoints = ({ keypoints }: Pick<CocoObject, "keypoints">): boolean =>
  (keypoints ?? []).some((value, i) => i % 3 === 2 && value > 0);

function classOf({ image_id, category_id, track_id, instance_id, attributes }: CocoObject, { categories }: CocoFile) {
  const kind = categories.find((category) => category.id === category_id)?.name ?? `category ${category_id}`;
  const track = attributes?.track_id ?? track_id ?? instance_id;
  return { picture: image_id, kind, ...(track !== null && track !== undefined && { track }) };
}

interface Found {
  readonly path: string;
  readonly isByOrder: boolean;
  readonly objects: readonly CocoObject[];
}

function warn({ path, isByOrder, objects }: Found, { logger }: ReadOptions): void {
  if (isByOrder)
    logger?.warn(
      `${path} does not say which objects of several pictures are the same: numbered in the order of each picture`,
    );
  const outlined = objects.filter(({ segmentation }) => hasOutline(segmentation)).length;
  if (outlined > 0)
    logger?.warn(
      `${path}: the boxes of ${outlined} segmented objects are read, not their outlines; export masks (PNG) for those`,
    );
}

const hasOutline = (segmentation: unknown): boolean =>
  Array.isArray(segmentation) ? segmentation.length > 0 : hasKeys(segmentation, "counts");

interface Named {
  readonly object: CocoObject;
  readonly name: string;
}

type ByPicture = ReadonlyMap<CocoObject["image_id"], readonly Named[]>;

function byPictureOf(named: readonly Named[]): ByPicture {
  const byPicture = new Map<CocoObject["image_id"], Named[]>();
  for (const one of named) byPicture.set(one.object.image_id, [...(byPicture.get(one.object.image_id) ?? []), one]);
  return byPicture;
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

function framesOf(file: CocoFile, named: readonly Named[]): FrameAnnotation[] {
  const byPicture = byPictureOf(named);
  const namesOf = pointNamesIn(file, byPicture);
  return file.images.flatMap((image) => {
    const own = byPicture.get(image.id) ?? [];
    const points = own.flatMap((one) => keypointsOf(one.object, namesOf(one)));
    const boxes = own.flatMap(boxOf);
    return own.length === 0 ? [] : [{ ...pictureFrame(image.file_name), points, boxes }];
  });
}

function boxOf({ object, name }: Named): BoxAnnotation[] {
  const { bbox } = object;
  if (hasKeypoints(object) || bbox?.length !== 4) return [];
  const [x, y, width, height] = bbox;
  return [{ name, x, y, width, height }];
}

function keypointsOf({ keypoints }: CocoObject, nameOf: (part: number) => string): PointAnnotation[] {
  const values = keypoints ?? [];
  return Array.from({ length: Math.floor(values.length / 3) }, (_, part) => part).flatMap((part) => {
    const [x, y, v] = values.slice(part * 3, part * 3 + 3);
    return v > 0 ? [{ name: nameOf(part), x: x + 0.5, y: y + 0.5, visible: v > 1 }] : [];
  });
}

/** The size that all pictures have. */
function commonSize({ images }: CocoFile) {
  const { width, height } = images[0] ?? {};
  const isCommon = images.every((one) => one.width === width && one.height === height);
  return isCommon && width && height ? { width, height } : undefined;
}
