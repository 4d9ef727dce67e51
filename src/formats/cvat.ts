/**
 * @file CVAT for video 1.1 and CVAT for images 1.1 (https://docs.cvat.ai/docs/dataset_management/formats/xml_format; CVAT's
 * `dump_as_cvat_interpolation`, `dump_as_cvat_annotation` and `load_anno`). Frames count from 0; shapes: cvatShapes.ts.
 * `keyframe` is 0 for what CVAT filled in, `outside` for a frame where the thing is not there, `occluded` for one where it
 * is partly covered. Files of projects hold several tasks.
 */
import type { Annotations, AnnotationStream } from "../annotations/annotations.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import { mergeFrames, type UnmaskedFrame } from "../annotations/merge.ts";
import type { FrameSize } from "../annotations/point.ts";
import type { Verdict } from "../annotations/verdict.ts";
import { UserError } from "../core/errors.ts";
import type { FileContents } from "./contents.ts";
import { type CvatShape, cvatShape, isCvatShape, isOtherShape, isSet } from "./cvatShapes.ts";
import { filledTrack, type TrackedShape } from "./keyFrames.ts";
import { CVAT_IMAGES_HOLDS, CVAT_VIDEO_HOLDS, writeCvatImages, writeCvatVideo } from "./cvatWriter.ts";
import type { AnnotationFormat, WriteOptions } from "./format.ts";
import type { ReadOptions } from "./json.ts";
import { commonSize, FillBudget, requireFrameIndex, requirePictureSize } from "./limits.ts";
import { objectNames, warnOfOrder } from "./objectNames.ts";
import { objectsIn, pictureFrame } from "./pictureFrame.ts";
import { requireOnce } from "./pointEntries.ts";
import { chosenSequence } from "./sequence.ts";
import { listed, usable } from "./usable.ts";
import { childrenOf, readXml, textAt, type XmlElement } from "./xml.ts";

const isCvat = (text: string): boolean =>
  /<annotations[\s>]/u.test(text) && /<(?:meta|version|track|image)[\s>]/u.test(text);

/** Reading throws UserError `xml/invalid`, `format/value`, `format/limit`, `points/empty`, `annotations/sequence`. */
export const cvatVideo = {
  name: "cvat-video",
  layout: [".xml"],
  async sniff(file: FileContents): Promise<boolean> {
    const text = await file.text();
    return isCvat(text) && !/<image[\s>]/u.test(text);
  },
  async read(path: string, options: ReadOptions = {}): Promise<Annotations> {
    const task = chosenTask(await readXml(path, "CVAT file", options), path, options);
    const tracks = task.elements.filter(({ name }) => name === "track");
    const labels = tracks.map(({ attributes }) => {
      return { picture: "", kind: attributes["label"] ?? "", track: attributes["id"] ?? "" };
    });
    const { names } = objectNames(labels);
    const skipped: string[] = [];
    const budget = new FillBudget();
    const frames = tracks.flatMap((track, i) => trackFrames(track, names[i], { ...task, path, skipped, budget }));
    if (skipped.length > 0) options.logger?.warn(`${path}: not filled in between key frames: ${listed(skipped)}`);
    return finished(mergeFrames(frames), { path, options, size: task.size, elements: tracks, names, labels });
  },
  holds: CVAT_VIDEO_HOLDS,
  write: (path: string, annotations: AnnotationStream, options: WriteOptions) =>
    writeCvatVideo(path, annotations, options),
} satisfies AnnotationFormat<Annotations>;

/** As `cvatVideo`. */
export const cvatImages = {
  name: "cvat-images",
  layout: [".xml"],
  async sniff(file: FileContents): Promise<boolean> {
    const text = await file.text();
    return isCvat(text) && /<image[\s>]/u.test(text);
  },
  async read(path: string, options: ReadOptions = {}): Promise<Annotations> {
    const { elements } = chosenTask(await readXml(path, "CVAT file", options), path, options);
    const images = elements.filter(({ name }) => name === "image");
    const shapes = images.flatMap((image) => image.children.filter(isCvatShape).map((element) => ({ image, element })));
    const labels = shapes.map(({ image, element }) => {
      return { picture: image.attributes["name"] ?? "", kind: element.attributes["label"] ?? "" };
    });
    const { names, isByOrder } = objectNames(labels);
    if (isByOrder) warnOfOrder(path, options.logger);
    const found = shapes.map(({ image, element }, i) => {
      const shape = cvatShape(element, `${path}, picture ${image.attributes["name"]}`);
      const verdict: Verdict = isSet(element, "occluded") ? { occluded: true } : {};
      return { ...momentOf(image, path), ...shapesOf(shape, names[i], verdict) };
    });
    const frames = mergeFrames(found);
    return finished(frames, {
      path,
      options,
      size: commonSize(images.map(sizeOf), path),
      elements: images,
      names,
      labels,
    });
  },
  holds: CVAT_IMAGES_HOLDS,
  write: (path: string, annotations: AnnotationStream, options: WriteOptions) =>
    writeCvatImages(path, annotations, options),
} satisfies AnnotationFormat<Annotations>;

interface Task {
  readonly elements: readonly XmlElement[];
  readonly size: FrameSize | undefined;
  readonly frameCount: number | undefined;
}

/** The one task, or the one of a project that the options name. @throws UserError `annotations/sequence` */
function chosenTask(root: XmlElement, path: string, options: ReadOptions): Task {
  const meta = childrenOf(root, "meta")[0];
  const project = meta?.children.find(({ name }) => name === "project");
  const tasks =
    project?.children.filter(({ name }) => name === "tasks").flatMap((all) => childrenOf(all, "task")) ?? [];
  const named = tasks.map((task) => ({ task, name: textAt(task, "name") ?? "" }));
  const task = named.length > 0 ? chosenSequence(named, path, options).task : meta?.children[0];
  const id = named.length > 0 && task !== undefined ? textAt(task, "id") : undefined;
  const elements = root.children.filter(({ attributes }) => id === undefined || attributes["task_id"] === id);
  return { elements, ...measuresOf(task, path) };
}

function measuresOf(task: XmlElement | undefined, path: string): Omit<Task, "elements"> {
  const read = (...names: string[]): number => Number((task && textAt(task, ...names)) ?? Number.NaN);
  const size = { width: read("original_size", "width"), height: read("original_size", "height") };
  const count = read("size");
  return {
    size: Number.isNaN(size.width) ? undefined : requirePictureSize(size, `${path}: original_size`),
    frameCount: Number.isNaN(count) || count === 0 ? undefined : requireFrameIndex(count - 1, `${path}: size`) + 1,
  };
}

/** What tracks of a file have in common. */
interface TrackContext extends Pick<Task, "frameCount"> {
  readonly path: string;
  /** What was not filled in. */
  readonly skipped: string[];
  readonly budget: FillBudget;
}

function trackFrames(
  track: XmlElement,
  name: string,
  { frameCount, path, skipped, budget }: TrackContext,
): UnmaskedFrame[] {
  const where = `${path}, track ${track.attributes["id"]}`;
  const given = track.children
    .filter(isCvatShape)
    .map((element) => trackedShape(element, where))
    .sort((a, b) => a.frame - b.frame);
  const filled = filledTrack(given, frameCount, { budget, where });
  if (filled.skipped > 0) skipped.push(`${filled.skipped} outlines of "${name}"`);
  return filled.shapes.map(({ frame, shape, key, outside, occluded }) => {
    const verdict = { ...(outside && { visible: false }), ...(occluded && { occluded }), ...(!key && { key }) };
    return { frame, ...shapesOf(shape, name, verdict) };
  });
}

function trackedShape(element: XmlElement, where: string): TrackedShape {
  const frame = requireFrameIndex(Number(element.attributes["frame"] ?? Number.NaN), `${where}: frame`);
  return {
    frame,
    shape: cvatShape(element, `${where}, frame ${frame}`),
    key: element.attributes["keyframe"] !== "0",
    outside: isSet(element, "outside"),
    stops: isSet(element, "outside"),
    occluded: isSet(element, "occluded"),
  };
}

function shapesOf(shape: CvatShape, name: string, verdict: Verdict): Partial<FrameAnnotation> {
  if (shape.kind === "box") {
    const { x, y, width, height } = shape;
    return { boxes: [{ name, x, y, width, height, ...verdict }] };
  }
  if (shape.kind === "outline") return { polygons: [{ name, rings: shape.rings, ...verdict }] };
  if (verdict.visible === false) return {};
  const { key } = verdict;
  const points = shape.points.map(({ x, y, part, visible }, i) => {
    const own = shape.points.length > 1 ? `${name} ${part ?? i + 1}` : name;
    const of = part !== undefined && { of: { object: name, part } };
    return {
      name: part !== undefined ? `${name} ${part}` : own,
      x,
      y,
      visible,
      ...(key !== undefined && { key }),
      ...of,
    };
  });
  return { points };
}

function momentOf({ attributes }: XmlElement, path: string): Pick<FrameAnnotation, "frame" | "image"> {
  const name = attributes["name"] ?? "";
  const { image } = pictureFrame(name);
  return { frame: requireFrameIndex(Number(attributes["id"] ?? Number.NaN), `${path}, picture ${name}: id`), image };
}

const sizeOf = ({ attributes }: XmlElement): FrameSize => ({
  width: Number(attributes["width"]),
  height: Number(attributes["height"]),
});

interface Found {
  readonly path: string;
  readonly options: ReadOptions;
  readonly size: FrameSize | undefined;
  /** Tracks or pictures. */
  readonly elements: readonly XmlElement[];
  readonly names: readonly string[];
  readonly labels: readonly { readonly kind: string }[];
}

/** @throws UserError `points/empty`, `points/twice` */
function finished(
  frames: readonly FrameAnnotation[],
  { path, options, size, elements, names, labels }: Found,
): Annotations {
  const others = elements.flatMap(({ children }) => children.filter(isOtherShape));
  if (others.length > 0) {
    const kinds = [...new Set(others.map(({ name }) => name))];
    options.logger?.warn(`${path}: left out ${others.length} shapes of kinds that are not read: ${kinds.join(", ")}`);
  }
  if (frames.length === 0)
    throw new UserError("points/empty", { what: `${path} has no shape that is read`, expected: "at least one" });
  const classes = new Map(names.map((name, i) => [name, labels[i].kind]));
  const all = { ...(size && { size }), objects: objectsIn(frames, classes), frames };
  const annotations = usable(all, path, options.logger);
  requireOnce(annotations, path);
  return annotations;
}
