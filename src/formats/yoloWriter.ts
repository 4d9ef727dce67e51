/** @file Writes YOLO data sets, see yolo.ts: `labels/NAME.txt` for each picture, and `data.yaml`. */
import { join } from "node:path";
import type { AnnotationStream } from "../annotations/annotations.ts";
import { clipBox } from "../annotations/box.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import { asOneRing } from "../annotations/outline.ts";
import { clampToFrame, type FrameSize, type PointAnnotation } from "../annotations/point.ts";
import { isVisible } from "../annotations/verdict.ts";
import { writeFileAtomic } from "../core/files.ts";
import type { WriteOptions } from "./format.ts";
import { frameName } from "./frameName.ts";
import { boxIn, type Instance, instancesOf, ObjectNumbers, partOf, ringsOf } from "./instances.ts";
import { HOLDS_NOTHING, type Holdings } from "./losses.ts";
import { requireSize } from "./paintedMask.ts";
import { yoloYaml } from "./yoloNames.ts";

export const YOLO_HOLDS: Holdings = { ...HOLDS_NOTHING, boxes: true, classes: true };
export const YOLO_SEG_HOLDS: Holdings = { ...HOLDS_NOTHING, extents: true, classes: true };
export const YOLO_POSE_HOLDS: Holdings = {
  ...HOLDS_NOTHING,
  boxes: true,
  points: true,
  classes: true,
  hidden: "points",
};

type Kind = "detect" | "segment" | "pose";

/** What lines are made with. */
interface Lines {
  readonly kind: Kind;
  readonly classes: string[];
  /** Names of key points, in the order in which they come. */
  readonly parts: string[];
  readonly options: WriteOptions;
}

/** A thing's line, whose key points are put in order at the end. */
interface Line {
  readonly start: string;
  readonly points: readonly PointAnnotation[];
}

/** The writer of one kind of labels. It throws UserError `labels/relative` where the frames' size is not known. */
export function yoloWriter(kind: Kind) {
  return async (path: string, stream: AnnotationStream, options: WriteOptions): Promise<void> => {
    const numbers = new ObjectNumbers(stream.objects);
    const lines: Lines = { kind, classes: [], parts: [], options };
    const pictures: { name: string; lines: Line[]; size: FrameSize }[] = [];
    for await (const frame of stream.frames) {
      const size = requireSize(stream.size ?? frame.mask);
      pictures.push({ name: frameName(frame), lines: linesOf(frame, numbers, size, lines), size });
    }
    for (const { name, lines: own, size } of pictures) {
      const text = own.map((line) => `${line.start}${keypoints(line, lines.parts, size, kind)}\n`);
      await writeFileAtomic(join(path, "labels", `${name}.txt`), text.join(""));
    }
    const shape = kind === "pose" && { keypoints: [lines.parts.length, 3] as const };
    await writeFileAtomic(join(path, "data.yaml"), yoloYaml({ names: lines.classes, ...shape }));
  };
}

function linesOf(frame: FrameAnnotation, numbers: ObjectNumbers, size: FrameSize, lines: Lines): Line[] {
  return instancesOf(frame, numbers).flatMap((instance) => {
    const shape = lines.kind === "segment" ? ringValues(instance, size, lines) : boxValues(instance, size, lines);
    if (shape === undefined) return [];
    const { class: kind } = instance.object;
    if (!lines.classes.includes(kind)) lines.classes.push(kind);
    const points = lines.kind === "pose" ? instance.points : [];
    for (const point of points) if (!lines.parts.includes(partOf(point))) lines.parts.push(partOf(point));
    return [{ start: [lines.classes.indexOf(kind), ...shape.map(share)].join(" "), points }];
  });
}

const share = (value: number): string => String(Number(value.toFixed(6)));

function boxValues(instance: Instance, size: FrameSize, { kind, options }: Lines): number[] | undefined {
  if (!isVisible(instance.verdict)) return undefined;
  const box = instance.box ?? (kind === "detect" && instance.extent === undefined ? undefined : boxIn(instance));
  if (box === undefined || !isVisible(box)) return undefined;
  const within = clipBox(box, size);
  if (within === undefined) options.losses.tell("no boxes beyond the frame: left out %s");
  else if (within !== box) options.losses.tell("no boxes over the edge of the frame: clipped %s");
  if (within === undefined) return undefined;
  const { x, y, width, height } = within;
  return [(x + width / 2) / size.width, (y + height / 2) / size.height, width / size.width, height / size.height];
}

/** One ring; parts and holes are joined to it by ways without width. */
function ringValues({ extent, verdict }: Instance, size: FrameSize, { options }: Lines): number[] | undefined {
  if (extent === undefined || !isVisible(verdict)) return undefined;
  const rings = ringsOf(extent);
  if (rings.length > 1)
    options.losses.tell("one outline a thing: joined the parts and holes of %s by lines of no width");
  const ring = asOneRing(rings).map((at) => clampToFrame(at, size));
  return ring.flatMap(({ x, y }) => [x / size.width, y / size.height]);
}

function keypoints({ points }: Line, parts: readonly string[], size: FrameSize, kind: Kind): string {
  if (kind !== "pose") return "";
  return parts
    .map((part) => {
      const point = points.find((one) => partOf(one) === part);
      if (point === undefined) return " 0 0 0";
      const { x, y } = clampToFrame(point, size);
      return ` ${share(x / size.width)} ${share(y / size.height)} ${isVisible(point) ? 2 : 1}`;
    })
    .join("");
}
