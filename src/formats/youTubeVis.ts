/**
 * @file YouTube-VIS' JSON (https://youtube-vos.org/dataset/vis; `pycocotools.ytvos`), also of OVIS and UVO: `videos` with
 * the names of their frames, and for each thing a list with a segmentation and a box for every frame, null where it is not
 * there. Segmentations and boxes are COCO's (cocoSegmentation.ts). Ids count from 1.
 */
import { z } from "zod";
import type { Annotations, AnnotationStream } from "../annotations/annotations.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import { mergeFrames } from "../annotations/merge.ts";
import { isVisible } from "../annotations/verdict.ts";
import { UserError } from "../core/errors.ts";
import { writeFileAtomic } from "../core/files.ts";
import { ringsOfSegmentation, type Segmentation, segmentationOf, segmentationSchema } from "./cocoSegmentation.ts";
import { type FileContents, hasKeys } from "./contents.ts";
import type { AnnotationFormat, WriteOptions } from "./format.ts";
import { frameName } from "./frameName.ts";
import { instancesOf, type NumberedObject, ObjectNumbers, visibleBox } from "./instances.ts";
import { type ReadOptions, readJson } from "./json.ts";
import { requirePictureSize } from "./limits.ts";
import { type Holdings, HOLDS_NOTHING } from "./losses.ts";
import { objectNames } from "./objectNames.ts";
import { objectsIn, pictureFrame } from "./pictureFrame.ts";
import { requireOnce } from "./pointEntries.ts";
import { chosenSequence } from "./sequence.ts";
import { usable } from "./usable.ts";

const id = z.union([z.number(), z.string()]);

const schema = z.object({
  videos: z.array(
    z.object({
      id,
      name: z.string().nullish(),
      file_names: z.array(z.string()).min(1),
      width: z.int(),
      height: z.int(),
    }),
  ),
  annotations: z.array(
    z.object({
      id: id.nullish(),
      video_id: id,
      category_id: id,
      segmentations: z.array(segmentationSchema.nullable()).nullish(),
      bboxes: z
        .array(z.union([z.tuple([z.number(), z.number(), z.number(), z.number()]), z.tuple([])]).nullable())
        .nullish(),
      iscrowd: z.unknown().optional(),
    }),
  ),
  categories: z.array(z.object({ id, name: z.string().min(1) })).default([]),
});

type Thing = z.output<typeof schema>["annotations"][number];

const HOLDS: Holdings = { ...HOLDS_NOTHING, extents: true, boxes: true, tracks: true, classes: true };

/** Reading throws UserError `annotations/sequence`, `format/value`, `format/limit`, `points/empty`, `json/invalid`. */
export const youTubeVis = {
  name: "youtube-vis",
  layout: [".json"],
  async sniff(file: FileContents): Promise<boolean> {
    const value = await file.json();
    return hasKeys(value, "videos", "annotations") && !hasKeys(value, "images") && Array.isArray(value.videos);
  },
  async read(path: string, options: ReadOptions = {}): Promise<Annotations> {
    const { videos, annotations: all, categories } = await readJson(path, schema, "YouTube-VIS file", options);
    const named = videos.map((video) => ({
      ...video,
      name: video.name ?? video.file_names[0].replace(/[/\\][^/\\]*$/u, ""),
    }));
    const video = chosenSequence(named, path, options);
    const size = requirePictureSize({ width: video.width, height: video.height }, path);
    const things = all.filter((one) => one.video_id === video.id && one.iscrowd !== 1 && one.iscrowd !== true);
    const labels = things.map(({ category_id, id: track }, i) => {
      const kind = categories.find((category) => category.id === category_id)?.name ?? `category ${category_id}`;
      return { picture: "", kind, track: track ?? i + 1 };
    });
    const { names } = objectNames(labels);
    const found = things.flatMap((thing, i) =>
      video.file_names.map((name, frame) => ({
        ...pictureFrame(name),
        ...shapesOf(thing, frame, { name: names[i], where: `${path}, frame ${name}`, size }),
      })),
    );
    const frames = mergeFrames(found.filter(({ polygons, boxes }) => polygons !== undefined || boxes !== undefined));
    if (frames.length === 0)
      throw new UserError("points/empty", { what: `${path} has no mask and no box`, expected: "at least one" });
    const objects = objectsIn(frames, new Map(names.map((name, i) => [name, labels[i].kind])));
    const annotations = usable({ sequence: video.name, size, objects, frames }, path, options.logger);
    requireOnce(annotations, path);
    return annotations;
  },
  holds: HOLDS,
  write: writeYouTubeVis,
} satisfies AnnotationFormat<Annotations>;

interface Place {
  readonly name: string;
  readonly where: string;
  readonly size: { readonly width: number; readonly height: number };
}

function shapesOf(
  { segmentations, bboxes }: Thing,
  frame: number,
  { name, where, size }: Place,
): Pick<FrameAnnotation, "polygons" | "boxes"> {
  const [segmentation, box] = [segmentations?.[frame], bboxes?.[frame]];
  const rings = segmentation ? ringsOfSegmentation(segmentation, where, size) : [];
  const [x, y, width, height] = box ?? [];
  return {
    ...(rings.length > 0 && { polygons: [{ name, rings }] }),
    ...(box?.length === 4 && { boxes: [{ name, x: x ?? 0, y: y ?? 0, width: width ?? 0, height: height ?? 0 }] }),
  };
}

interface Written {
  readonly segmentation: Segmentation | null;
  readonly area: number | null;
  readonly bbox: readonly number[] | null;
}

const NOT_THERE: Written = { segmentation: null, area: null, bbox: null };

async function writeYouTubeVis(path: string, stream: AnnotationStream, options: WriteOptions): Promise<void> {
  const numbers = new ObjectNumbers(stream.objects);
  const things = new Map<NumberedObject, Written[]>();
  const name = (options.video ?? stream.sequence ?? "clip").replace(/\.[^.]*$/u, "");
  const files: string[] = [];
  let { size } = stream;
  for await (const frame of stream.frames) {
    size ??= frame.mask;
    for (const instance of instancesOf(frame, numbers)) {
      const { object, extent, verdict } = instance;
      const box = visibleBox(instance);
      if (box === undefined || !isVisible(verdict)) continue;
      const shape =
        extent === undefined ? { segmentation: null, area: box.width * box.height } : segmentationOf(extent, size);
      const own = things.get(object) ?? [];
      things.set(object, own);
      own[files.length] = { ...shape, bbox: [box.x, box.y, box.width, box.height] };
    }
    files.push(`${name}/${frameName(frame)}.png`);
  }
  const kinds = [...new Set([...things.keys()].map((object) => object.class))];
  const { width = 0, height = 0 } = size ?? {};
  const annotations = [...things].map(([object, own]) => {
    const frames = files.map((_, i) => own[i] ?? NOT_THERE);
    return {
      id: object.number,
      video_id: 1,
      category_id: kinds.indexOf(object.class) + 1,
      segmentations: frames.map(({ segmentation }) => segmentation),
      bboxes: frames.map(({ bbox }) => bbox),
      areas: frames.map(({ area }) => area),
      iscrowd: 0,
    };
  });
  const file = {
    info: { description: `${name}, written by tsumugi` },
    videos: [{ id: 1, name, width, height, length: files.length, file_names: files }],
    annotations,
    categories: kinds.map((kind, i) => ({ id: i + 1, name: kind, supercategory: "" })),
  };
  await writeFileAtomic(path, `${JSON.stringify(file)}\n`);
}
