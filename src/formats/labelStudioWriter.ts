/** @file Writes Label Studio's tasks, see labelStudio.ts: one of a video, or one for each picture. */
import type { AnnotationStream } from "../annotations/annotations.ts";
import type { BoxAnnotation } from "../annotations/box.ts";
import type { FrameSize } from "../annotations/point.ts";
import { isVisible, type Verdict } from "../annotations/verdict.ts";
import { writeFileAtomic } from "../core/files.ts";
import type { WriteOptions } from "./format.ts";
import { frameName } from "./frameName.ts";
import {
  type Instance,
  instancesOf,
  type NumberedObject,
  ObjectNumbers,
  partOf,
  regionIn,
  visibleBox,
} from "./instances.ts";
import { brushBytes } from "./labelStudioRuns.ts";
import { HOLDS_NOTHING, type Holdings } from "./losses.ts";
import { requireSize } from "./paintedMask.ts";

export const VIDEO_HOLDS: Holdings = { ...HOLDS_NOTHING, boxes: true, tracks: true, classes: true };
export const IMAGES_HOLDS: Holdings = {
  ...HOLDS_NOTHING,
  extents: true,
  boxes: true,
  points: true,
  classes: true,
  confidence: true,
};

/** Where nothing says how many frames a second a clip has. */
const USUAL_FPS = 25;

interface KeyFrame {
  readonly frame: number;
  readonly enabled: boolean;
  readonly rotation: 0;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly time: number;
}

/**
 * Every frame is a key frame; the last one before a gap is not enabled, so that nothing goes on from there.
 * @throws UserError `file/write`, `labels/relative`
 */
export async function writeLabelStudioVideo(
  path: string,
  stream: AnnotationStream,
  options: WriteOptions,
): Promise<void> {
  const { video = stream.sequence ?? "clip", fps = USUAL_FPS } = options;
  const numbers = new ObjectNumbers(stream.objects);
  const tracks = new Map<NumberedObject, { keys: KeyFrame[]; latest: number }>();
  let before = -1;
  for await (const frame of stream.frames) {
    for (const instance of instancesOf(frame, numbers)) {
      const box = visibleBox(instance);
      if (box === undefined) continue;
      const track = tracks.get(instance.object) ?? { keys: [], latest: -1 };
      tracks.set(instance.object, track);
      if (track.latest >= 0 && track.latest !== before) disable(track.keys);
      const size = requireSize(stream.size ?? frame.mask);
      track.keys.push({
        frame: frame.frame + 1,
        enabled: true,
        rotation: 0,
        ...percent(box, size),
        time: frame.frame / fps,
      });
      track.latest = frame.frame;
    }
    before = frame.frame;
  }
  const framesCount = options.frameCount ?? before + 1;
  const result = [...tracks].map(([{ number, class: label }, { keys }]) => {
    disable(keys);
    const value = { framesCount, duration: framesCount / fps, sequence: keys, labels: [label] };
    return {
      id: `track_${number}`,
      type: "videorectangle",
      from_name: "box",
      to_name: "video",
      origin: "manual",
      value,
    };
  });
  await writeFileAtomic(path, `${JSON.stringify([{ data: { video }, annotations: [{ result }] }])}\n`);
}

function disable(keys: KeyFrame[]): void {
  const last = keys.pop();
  if (last !== undefined) keys.push({ ...last, enabled: false });
}

function percent({ x, y, width, height }: Pick<BoxAnnotation, "x" | "y" | "width" | "height">, size: FrameSize) {
  return {
    x: (100 * x) / size.width,
    y: (100 * y) / size.height,
    width: (100 * width) / size.width,
    height: (100 * height) / size.height,
  };
}

/** @throws UserError `file/write`, `labels/relative`, `format/name` */
export async function writeLabelStudioImages(path: string, stream: AnnotationStream): Promise<void> {
  const numbers = new ObjectNumbers(stream.objects);
  const tasks: object[] = [];
  for await (const frame of stream.frames) {
    const size = requireSize(stream.size ?? frame.mask);
    const shapes = instancesOf(frame, numbers).flatMap((instance) => resultsOf(instance, size));
    const result = shapes.map((shape, i) => ({
      id: `${tasks.length + 1}_${i + 1}`,
      ...shape,
      to_name: "image",
      origin: "manual",
      original_width: size.width,
      original_height: size.height,
      image_rotation: 0,
    }));
    tasks.push({ data: { image: `${frameName(frame)}.png` }, annotations: [{ result }] });
  }
  await writeFileAtomic(path, `${JSON.stringify(tasks)}\n`);
}

interface Shape {
  readonly type: string;
  readonly from_name: string;
  readonly value: object;
  readonly score?: number;
}

const scored = ({ confidence }: Verdict): { readonly score?: number } =>
  confidence === undefined ? {} : { score: confidence };

function resultsOf(instance: Instance, size: FrameSize): Shape[] {
  const { object, box, extent, points, verdict } = instance;
  const shapes: Shape[] = [];
  if (extent !== undefined && isVisible(verdict)) shapes.push({ ...extentResult(instance, size), ...scored(verdict) });
  if (box !== undefined && isVisible(box)) {
    const value = { ...percent(box, size), rotation: 0, rectanglelabels: [object.class] };
    shapes.push({ type: "rectanglelabels", from_name: "rectangle", value, ...scored(box) });
  }
  for (const point of points.filter(isVisible)) {
    const { x, y } = percent({ ...point, width: 0, height: 0 }, size);
    const label = point.of === undefined ? point.name : partOf(point);
    const value = { x, y, width: 0.5, keypointlabels: [label] };
    shapes.push({ type: "keypointlabels", from_name: "point", value, ...scored(point) });
  }
  return shapes;
}

/** A polygon of one ring as it is, everything else as a brush. */
function extentResult({ object, extent }: Instance, size: FrameSize): Shape {
  if (extent !== undefined && "rings" in extent && extent.rings.length === 1) {
    const points = extent.rings[0].map(({ x, y }) => [(100 * x) / size.width, (100 * y) / size.height]);
    return {
      type: "polygonlabels",
      from_name: "polygon",
      value: { points, closed: true, polygonlabels: [object.class] },
    };
  }
  const mask = new Uint8Array(size.width * size.height);
  const region = extent && regionIn(extent, size);
  if (region !== undefined)
    for (let y = 0; y < region.height; y++)
      mask.set(region.data.subarray(y * region.width, (y + 1) * region.width), (region.y + y) * size.width + region.x);
  return {
    type: "brushlabels",
    from_name: "brush",
    value: { format: "rle", rle: brushBytes(mask), brushlabels: [object.class] },
  };
}
