/** @file Writes COCO files with the keys of video data sets, see coco.ts. */
import type { AnnotationStream } from "../annotations/annotations.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import type { FrameSize, PointAnnotation } from "../annotations/point.ts";
import { isKey, isVisible } from "../annotations/verdict.ts";
import { writeFileAtomic } from "../core/files.ts";
import { type Segmentation, segmentationOf } from "./cocoSegmentation.ts";
import type { WriteOptions } from "./format.ts";
import { frameName } from "./frameName.ts";
import { boxIn, type Instance, instancesOf, ObjectNumbers, partOf } from "./instances.ts";
import type { Holdings } from "./losses.ts";

export const COCO_HOLDS: Holdings = {
  extents: true,
  boxes: true,
  points: true,
  tracks: true,
  classes: true,
  names: false,
  confidence: true,
  occluded: true,
  hidden: "points",
  keys: true,
  times: false,
  skeleton: true,
};

/** An object of a picture, before its key points are put into the order of its category. */
interface Written {
  readonly image: number;
  readonly instance: Instance;
  readonly segmentation: Segmentation;
  readonly area: number;
  readonly bbox: readonly number[];
}

/** @throws UserError `file/write`, `format/name` */
export async function writeCoco(path: string, stream: AnnotationStream, options: WriteOptions): Promise<void> {
  const numbers = new ObjectNumbers(stream.objects);
  const images: object[] = [];
  const all: Written[] = [];
  for await (const frame of stream.frames) {
    const size = stream.size ?? frame.mask;
    const image = images.length + 1;
    images.push(imageOf(frame, image, size));
    for (const instance of instancesOf(frame, numbers)) all.push(...written(instance, image, size));
  }
  const categories = categoriesOf(all, stream.skeleton ?? []);
  tellPoints(all, options);
  const { width, height } = stream.size ?? {};
  const name = options.video ?? stream.sequence ?? "clip";
  const file = {
    info: { description: `${name}, written by tsumugi` },
    videos: [{ id: 1, name, ...(width && { width, height }) }],
    images,
    annotations: all.map((one, i) => annotationOf(one, i + 1, categories)),
    categories,
  };
  await writeFileAtomic(path, `${JSON.stringify(file)}\n`);
}

function imageOf(frame: FrameAnnotation, id: number, size: FrameSize | undefined): object {
  const file_name = `${frameName(frame)}.png`;
  const measures = size && { width: size.width, height: size.height };
  return { id, file_name, ...measures, video_id: 1, frame_id: frame.frame };
}

/** Nothing for what is not visible and has no points. */
function written(instance: Instance, image: number, size: FrameSize | undefined): Written[] {
  const { extent, verdict, points } = instance;
  if (!isVisible(verdict) && points.length === 0) return [];
  const box = boxIn(instance);
  if (box === undefined && extent === undefined && points.length === 0) return [];
  const { segmentation, area } =
    extent === undefined
      ? { segmentation: [], area: (box?.width ?? 0) * (box?.height ?? 0) }
      : segmentationOf(extent, size);
  return [{ image, instance, segmentation, area, bbox: box ? [box.x, box.y, box.width, box.height] : [0, 0, 0, 0] }];
}

interface Category {
  readonly id: number;
  readonly name: string;
  readonly supercategory: string;
  readonly keypoints?: readonly string[];
  readonly skeleton?: readonly (readonly [number, number])[];
}

/** Classes in the order in which they come; each has all parts that any of its objects has. */
function categoriesOf(all: readonly Written[], bones: NonNullable<AnnotationStream["skeleton"]>): Category[] {
  const parts = new Map<string, Map<string, string[]>>();
  for (const { instance } of all) {
    const own = parts.get(instance.object.class) ?? new Map<string, string[]>();
    parts.set(instance.object.class, own);
    for (const point of instance.points) own.set(partOf(point), [...(own.get(partOf(point)) ?? []), point.name]);
  }
  return [...parts].map(([name, own], i) => {
    const keypoints = [...own.keys()];
    const numberOf = (point: string): number => [...own.values()].findIndex((names) => names.includes(point)) + 1;
    const skeleton = bones
      .map(([from, to]) => [numberOf(from), numberOf(to)] as const)
      .filter(([from, to]) => from > 0 && to > 0);
    const points = keypoints.length > 0 && { keypoints, skeleton: distinct(skeleton) };
    return { id: i + 1, name, supercategory: "", ...points };
  });
}

function distinct(lines: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const known = new Map(lines.map((line) => [line.join(), line]));
  return [...known.values()];
}

function annotationOf(
  { image, instance, segmentation, area, bbox }: Written,
  id: number,
  categories: readonly Category[],
) {
  const { object, verdict, points } = instance;
  const category = categories.find(({ name }) => name === object.class);
  const keypoints = points.length > 0 && keypointsOf(points, category?.keypoints ?? []);
  const attributes = {
    ...(verdict.occluded === true && { occluded: true }),
    ...(!isKey(verdict) && { keyframe: false }),
  };
  return {
    id,
    image_id: image,
    video_id: 1,
    category_id: category?.id ?? 0,
    track_id: object.number,
    bbox,
    area,
    segmentation,
    iscrowd: 0,
    ...(keypoints && { keypoints, num_keypoints: points.length }),
    ...(verdict.confidence !== undefined && { score: verdict.confidence }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
}

/** Theirs count from the centre of the first pixel; v is 2: visible, 1: covered, 0: not labelled. */
function keypointsOf(points: readonly PointAnnotation[], parts: readonly string[]): number[] {
  return parts.flatMap((part) => {
    const point = points.find((one) => partOf(one) === part);
    return point === undefined ? [0, 0, 0] : [point.x - 0.5, point.y - 0.5, isVisible(point) ? 2 : 1];
  });
}

function tellPoints(all: readonly Written[], { losses }: WriteOptions): void {
  const sure = all.flatMap(({ instance }) => instance.points).filter(({ confidence }) => confidence !== undefined);
  if (sure.length > 0) losses.tell("no confidence of points: dropped %s", sure.length);
}
