/** @file Writes CVAT's XML 1.1, see cvat.ts. */
import type { AnnotationStream } from "../annotations/annotations.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import { asOneRing } from "../annotations/outline.ts";
import type { FrameSize, PointAnnotation } from "../annotations/point.ts";
import { isKey, isVisible, type Verdict } from "../annotations/verdict.ts";
import { writeFileAtomic } from "../core/files.ts";
import type { Point } from "../video/point.ts";
import type { WriteOptions } from "./format.ts";
import { frameName } from "./frameName.ts";
import { type Extent, type Instance, instancesOf, ObjectNumbers, partOf, regionIn, ringsOf } from "./instances.ts";
import { HOLDS_NOTHING, type Holdings } from "./losses.ts";
import { runsOf } from "./runs.ts";
import { escapeXml } from "./xml.ts";

export const CVAT_VIDEO_HOLDS: Holdings = {
  ...HOLDS_NOTHING,
  extents: true,
  boxes: true,
  points: true,
  tracks: true,
  classes: true,
  occluded: true,
  hidden: true,
  keys: true,
};

export const CVAT_IMAGES_HOLDS: Holdings = {
  ...HOLDS_NOTHING,
  extents: true,
  boxes: true,
  points: true,
  classes: true,
  occluded: true,
  hidden: "points",
};

type Attributes = Readonly<Record<string, string | number>>;

/** An element on one line. */
function tag(name: string, attributes: Attributes, inner?: string): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  return inner === undefined ? `<${name}${pairs.join("")}/>` : `<${name}${pairs.join("")}>${inner}</${name}>`;
}

/** To a hundredth of what a screen shows of a pixel. */
const rounded = (value: number): number => Number(value.toFixed(4));

const placesOf = (places: readonly Point[]): string =>
  places.map(({ x, y }) => `${rounded(x)},${rounded(y)}`).join(";");

/** What is written of a thing in a frame: one of the kinds that a track of CVAT can have. */
interface Shape {
  readonly kind: string;
  readonly label: string;
  readonly number: number;
  readonly verdict: Verdict;
  readonly attributes: Attributes;
  /** Elements within it. */
  readonly inner?: string;
}

/**
 * A track for each kind of shape of a thing. Where a frame that is annotated lacks it, the track ends the frame after it was
 * last there; CVAT goes on with it otherwise. @throws UserError `file/write`
 */
export async function writeCvatVideo(path: string, stream: AnnotationStream, options: WriteOptions): Promise<void> {
  const numbers = new ObjectNumbers(stream.objects);
  const tracks = new Map<string, Track>();
  let last = -1;
  let size = stream.size;
  for await (const frame of stream.frames) {
    size ??= frame.mask;
    for (const shape of shapesOf(instancesOf(frame, numbers), "video", size)) {
      const key = JSON.stringify([shape.number, shape.label, shape.kind]);
      const track = tracks.get(key) ?? new Track(shape);
      tracks.set(key, track);
      track.add(frame.frame, last, shape);
    }
    last = frame.frame;
  }
  const { frameCount } = options;
  const body = [...tracks.values()].map((track) => track.text(last, frameCount));
  const meta = metaOf(
    { mode: "interpolation", name: options.video ?? stream.sequence ?? "clip", size, count: frameCount ?? last + 1 },
    labelsOf(tracks),
  );
  await writeFileAtomic(path, document([meta, ...body]));
}

const document = (parts: readonly string[]): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n${parts.join("\n")}\n</annotations>\n`;

const labelsOf = (tracks: ReadonlyMap<string, Track>): string[] => [
  ...new Set([...tracks.values()].map(({ label }) => label)),
];

interface TaskMeta {
  readonly mode: "interpolation" | "annotation";
  readonly name: string;
  readonly size: FrameSize | undefined;
  readonly count: number;
}

function metaOf({ mode, name, size, count }: TaskMeta, labels: readonly string[]): string {
  const original = size && `<original_size><width>${size.width}</width><height>${size.height}</height></original_size>`;
  const known = labels.map((label) => `<label><name>${escapeXml(label)}</name><attributes></attributes></label>`);
  const task = `<name>${escapeXml(name)}</name><size>${count}</size><mode>${mode}</mode><overlap>0</overlap>`;
  return `<meta><task>${task}<labels>${known.join("")}</labels>${original ?? ""}</task></meta>`;
}

/** The lines of one track. */
class Track {
  readonly label: string;
  private readonly number: number;
  private readonly lines: string[] = [];
  private latest: Shape;
  private frame = -1;

  constructor(shape: Shape) {
    this.label = shape.label;
    this.number = shape.number;
    this.latest = shape;
  }

  /** @param before the annotated frame before this one, -1 for none. */
  add(frame: number, before: number, shape: Shape): void {
    if (this.frame >= 0 && this.frame !== before) this.end();
    this.lines.push(shapeLine(shape, frame, !isVisible(shape.verdict)));
    this.frame = frame;
    this.latest = shape;
  }

  text(last: number, frameCount: number | undefined): string {
    if (this.frame < last || (frameCount !== undefined && this.frame + 1 < frameCount)) this.end();
    return tag("track", { id: this.number, label: this.label, source: "file" }, `\n${this.lines.join("\n")}\n`);
  }

  private end(): void {
    if (isVisible(this.latest.verdict))
      this.lines.push(shapeLine({ ...this.latest, verdict: {} }, this.frame + 1, true));
  }
}

function shapeLine({ kind, attributes, verdict, inner }: Shape, frame: number, outside: boolean): string {
  const state = {
    frame,
    keyframe: isKey(verdict) ? 1 : 0,
    outside: outside ? 1 : 0,
    occluded: verdict.occluded ? 1 : 0,
  };
  return tag(kind, { ...state, ...attributes, z_order: 0 }, inner);
}

/** @throws UserError `file/write`, `format/name` */
export async function writeCvatImages(path: string, stream: AnnotationStream, options: WriteOptions): Promise<void> {
  const numbers = new ObjectNumbers(stream.objects);
  const images: string[] = [];
  const labels = new Set<string>();
  for await (const frame of stream.frames) {
    const size = stream.size ?? frame.mask;
    const shapes = shapesOf(instancesOf(frame, numbers), "images", size).filter(({ verdict }) => isVisible(verdict));
    for (const { label } of shapes) labels.add(label);
    images.push(imageElement(frame, shapes, size));
  }
  const name = options.video ?? stream.sequence ?? "clip";
  const meta = metaOf({ mode: "annotation", name, size: undefined, count: images.length }, [...labels]);
  await writeFileAtomic(path, document([meta, ...images]));
}

function imageElement(frame: FrameAnnotation, shapes: readonly Shape[], size: FrameSize | undefined): string {
  const lines = shapes.map(({ kind, label, attributes, verdict, inner }) => {
    return tag(kind, { label, source: "file", occluded: verdict.occluded ? 1 : 0, ...attributes, z_order: 0 }, inner);
  });
  const measures = size && { width: size.width, height: size.height };
  return tag("image", { id: frame.frame, name: `${frameName(frame)}.png`, ...measures }, `\n${lines.join("\n")}\n`);
}

function shapesOf(instances: readonly Instance[], to: "video" | "images", size: FrameSize | undefined): Shape[] {
  return instances.flatMap(({ object, box, extent, points, verdict }) => {
    const common = { label: object.class, number: object.number };
    const shapes: Shape[] = [];
    if (extent !== undefined) shapes.push({ ...common, verdict, ...extentShape(extent, to, size) });
    if (box !== undefined) shapes.push({ ...common, verdict: box, kind: "box", attributes: corners(box) });
    const own = points.filter(({ of }) => of === undefined);
    shapes.push(...own.map((point) => pointShape(point, object.number)));
    const parts = points.filter(({ of }) => of !== undefined);
    if (parts.length > 0) shapes.push({ ...common, ...skeletonShape(parts, to) });
    return shapes;
  });
}

const corners = ({ x, y, width, height }: NonNullable<Instance["box"]>): Attributes => ({
  xtl: rounded(x),
  ytl: rounded(y),
  xbr: rounded(x + width),
  ybr: rounded(y + height),
});

/** Tracks cannot be masks: their outline is one ring, with ways to its other parts and holes that have no width. */
function extentShape(extent: Extent, to: "video" | "images", size: FrameSize | undefined) {
  const isRing = "rings" in extent && extent.rings.length === 1;
  const region = to === "video" || isRing || size === undefined ? undefined : regionIn(extent, size);
  if (region === undefined) return { kind: "polygon", attributes: { points: placesOf(asOneRing(ringsOf(extent))) } };
  const { x: left, y: top, width, height, data } = region;
  return { kind: "mask", attributes: { rle: runsOf(data).join(", "), left, top, width, height } };
}

function pointShape(point: PointAnnotation, number: number): Shape {
  const { visible: _, ...rest } = point;
  const verdict = { ...rest, occluded: !isVisible(point) };
  return { label: point.name, number, kind: "points", verdict, attributes: { points: placesOf([point]) } };
}

function skeletonShape(parts: readonly PointAnnotation[], to: "video" | "images") {
  const inner = parts.map((point) => {
    const state = { outside: 0, occluded: isVisible(point) ? 0 : 1 };
    const key = to === "video" && { keyframe: isKey(point) ? 1 : 0 };
    return tag("points", { label: partOf(point), ...key, ...state, points: placesOf([point]) });
  });
  const verdict: Verdict = parts.every((point) => !isKey(point)) ? { key: false } : {};
  return { kind: "skeleton", verdict, attributes: {}, inner: inner.join("") };
}
