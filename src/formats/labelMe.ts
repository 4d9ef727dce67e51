/**
 * @file LabelMe's files (https://github.com/wkentaro/labelme; its `_label_file.py` and `_shape.py`), one a picture, also as a
 * folder of them. Conventions: positions are pixels of the picture on Qt's canvas, with the origin at the corner of the
 * first pixel, as ours; a rectangle is two opposite corners. A `mask` is a PNG of the rectangle of pixels from its first
 * point to its second one, both included, in base64. Shapes of one `group_id` and label are one object. A circle is its
 * centre and a point on it, read as an outline; lines are left out. The picture in `imageData` is not looked at.
 */
import { join } from "node:path";
import { encode } from "fast-png";
import { z } from "zod";
import type { Annotations, AnnotationStream } from "../annotations/annotations.ts";
import type { BoxAnnotation } from "../annotations/box.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import { outlineOf } from "../annotations/outline.ts";
import { boundsOf, type Region } from "../annotations/region.ts";
import { isVisible } from "../annotations/verdict.ts";
import { UserError } from "../core/errors.ts";
import { isFolder, writeFileAtomic } from "../core/files.ts";
import { decodeMaskPng } from "../video/masks/maskPng.ts";
import type { Point } from "../video/point.ts";
import { FileContents, hasKeys } from "./contents.ts";
import { filesIn } from "./folder.ts";
import type { AnnotationFormat } from "./format.ts";
import { frameName } from "./frameName.ts";
import { instancesOf, type Instance, type NumberedObject, ObjectNumbers } from "./instances.ts";
import { type ReadOptions, readJson } from "./json.ts";
import { commonSize, requirePictureSize } from "./limits.ts";
import { type Holdings, HOLDS_NOTHING } from "./losses.ts";
import { objectNames } from "./objectNames.ts";
import { objectsIn, pictureFrame } from "./pictureFrame.ts";
import { requireOnce } from "./pointEntries.ts";
import { listed, usable } from "./usable.ts";

/** Null is what Python writes as NaN. */
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const shapeSchema = z.object({
  label: z.string().min(1),
  points: z.array(z.tuple([number, number])),
  group_id: z.union([z.number(), z.string()]).nullish(),
  /** Files before LabelMe 3 have polygons alone, without this. */
  shape_type: z.string().default("polygon"),
  mask: z.string().nullish(),
});

const schema = z.object({
  shapes: z.array(shapeSchema),
  imagePath: z.string().nullish(),
  imageHeight: z.int().positive().nullish(),
  imageWidth: z.int().positive().nullish(),
});

type Shape = z.output<typeof shapeSchema>;

const HOLDS: Holdings = { ...HOLDS_NOTHING, extents: true, boxes: true, points: true, tracks: true, classes: true };

/**
 * Reading throws UserError `annotations/tool`, `points/empty`, `points/twice`, `json/invalid`, `text/encoding`,
 * `file/missing`.
 */
export const labelMe = {
  name: "labelme",
  layout: [".json"],
  folder: true,
  async sniff(file: FileContents): Promise<boolean> {
    if (!file.isFolder) return isLabelMe(await file.json());
    const [first] = await file.names(".json");
    return (
      first !== undefined && isLabelMe(await new FileContents(join(file.path, first)).json().catch(() => undefined))
    );
  },
  async read(path: string, options: ReadOptions = {}): Promise<Annotations> {
    const files = (await isFolder(path)) ? (await filesIn(path, ".json")).map((name) => join(path, name)) : [path];
    const pictures = [];
    for (const file of files) pictures.push({ file, ...(await readJson(file, schema, "LabelMe file", options)) });
    const shapes = pictures.flatMap(({ file, imagePath, shapes: all }) => {
      return readableShapes(all, file, options, files.length > 1).map((shape) => ({
        shape,
        file,
        image: imagePath ?? file,
      }));
    });
    if (shapes.length === 0)
      throw new UserError("points/empty", { what: `${path} has no shape`, expected: "at least one" });
    const labels = shapes.map(({ shape: { label, shape_type, group_id }, image }) => {
      return {
        picture: `${image} ${kindOf(shape_type)}`,
        kind: label,
        ...(typeof group_id === "number" && { track: group_id }),
      };
    });
    const { names } = objectNames(labels);
    const frames = framesOf(shapes.map((one, i) => ({ ...one, name: names[i] })));
    const size = commonSize(
      pictures.map(({ imageWidth: width, imageHeight: height }) => ({ width, height })),
      path,
    );
    const objects = objectsIn(frames, new Map(names.map((name, i) => [name, labels[i].kind])));
    const annotations = usable({ ...(size && { size }), objects, frames }, path, options.logger);
    requireOnce(annotations, path);
    return annotations;
  },
  holds: HOLDS,
  write: writeLabelMe,
} satisfies AnnotationFormat<Annotations>;

const isLabelMe = (value: unknown): boolean =>
  hasKeys(value, "shapes") && Array.isArray(value.shapes) && !hasKeys(value, "boxes");

const OUTLINES = ["polygon", "mask", "circle"];

const kindOf = (type: string): string => (OUTLINES.includes(type) ? "outline" : type);

/**
 * Those that are read; the others are told. @throws UserError `annotations/tool` where there are only others,
 * `points/empty`
 */
function readableShapes(shapes: readonly Shape[], path: string, { logger }: ReadOptions, mayBeEmpty: boolean): Shape[] {
  const known = shapes.filter(({ shape_type, points }) => {
    return ["rectangle", "point", ...OUTLINES].includes(shape_type) && points.length > 0;
  });
  if (shapes.length === 0 && !mayBeEmpty)
    throw new UserError("points/empty", { what: `${path} has no shape`, expected: "at least one" });
  const others = shapes.filter((shape) => !known.includes(shape)).map((one) => `${one.shape_type} "${one.label}"`);
  if (known.length === 0 && others.length > 0 && !mayBeEmpty)
    throw new UserError("annotations/tool", {
      what: `${path} is a LabelMe file without a rectangle, polygon, mask or point`,
      got: listed(others),
      todo: "draw one of these",
    });
  if (others.length > 0) logger?.warn(`${path}: left out shapes of kinds that are not read: ${listed(others)}`);
  return known;
}

interface NamedShape {
  readonly shape: Shape;
  readonly file: string;
  readonly image: string;
  readonly name: string;
}

function framesOf(shapes: readonly NamedShape[]): FrameAnnotation[] {
  const images = [...new Set(shapes.map(({ image }) => image))];
  return images.map((image) => {
    const own = shapes.filter((one) => one.image === image);
    const polygons = outlinesOf(own);
    return {
      ...pictureFrame(image),
      points: own.flatMap(({ shape: { shape_type, points }, name }) =>
        shape_type === "point" ? points.map(([x, y]) => ({ name, x, y, visible: true })) : [],
      ),
      boxes: own.flatMap(({ shape, name }) => (shape.shape_type === "rectangle" ? [boxOf(shape, name)] : [])),
      ...(polygons.length > 0 && { polygons }),
    };
  });
}

/** Outlines of one group are parts of one object. */
function outlinesOf(shapes: readonly NamedShape[]) {
  const byName = new Map<string, (readonly Point[])[]>();
  for (const { shape, file, name } of shapes)
    if (OUTLINES.includes(shape.shape_type))
      byName.set(name, [...(byName.get(name) ?? []), ...ringsOfShape(shape, file)]);
  return [...byName].map(([name, rings]) => ({ name, rings }));
}

function ringsOfShape({ shape_type, points, mask, label }: Shape, file: string): (readonly Point[])[] {
  const places = points.map(([x, y]) => ({ x, y }));
  if (shape_type === "polygon") return [places];
  if (shape_type === "circle") return places.length < 2 ? [] : [circle(places[0], places[1])];
  const picture = decodeMaskPng(`${file}, the mask "${label}"`, Buffer.from(mask ?? "", "base64"));
  const { width, height } = requirePictureSize(picture, `${file}, the mask "${label}"`);
  const data = Uint8Array.from(picture.data, (value) => (value > 0 ? 1 : 0));
  if (picture.channels !== 1)
    throw new UserError("format/value", {
      what: `${file}, the mask "${label}"`,
      got: "colours",
      expected: "grey values",
    });
  const [x, y] = [Math.round(places[0].x), Math.round(places[0].y)];
  return outlineOf({ x, y, width, height, data });
}

/** Corners of the outline that a circle is read as. */
const CORNERS = 64;

function circle(centre: Point, edge: Point): Point[] {
  const radius = Math.hypot(edge.x - centre.x, edge.y - centre.y);
  return Array.from({ length: CORNERS }, (_, i) => {
    const angle = (2 * Math.PI * i) / CORNERS;
    return { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) };
  });
}

/** The corners may come in any order. */
function boxOf({ points }: Shape, name: string): BoxAnnotation {
  const { left, top, right, bottom } = boundsOf(points.map(([x, y]) => ({ x, y })));
  const isPlaced = points.flat().every((value) => Number.isFinite(value));
  return { name, x: isPlaced ? left : Number.NaN, y: top, width: right - left, height: bottom - top };
}

/** A file for each frame, named as it. @throws UserError `file/write`, `format/name` */
async function writeLabelMe(path: string, stream: AnnotationStream): Promise<void> {
  const numbers = new ObjectNumbers(stream.objects);
  for await (const frame of stream.frames) {
    const size = stream.size ?? frame.mask;
    const name = frameName(frame);
    const file = {
      version: "5.5.0",
      flags: {},
      shapes: instancesOf(frame, numbers).flatMap(shapesOf),
      imagePath: `${name}.png`,
      imageData: null,
      imageHeight: size?.height ?? null,
      imageWidth: size?.width ?? null,
    };
    await writeFileAtomic(join(path, `${name}.json`), `${JSON.stringify(file)}\n`);
  }
}

type Pair = readonly [number, number];

function shapesOf({ object, box, extent, points, verdict }: Instance): object[] {
  const shapes: object[] = [];
  if (extent !== undefined && isVisible(verdict)) {
    if ("region" in extent) shapes.push(shapeFor(object, "mask", maskCorners(extent.region), maskText(extent.region)));
    else
      shapes.push(
        ...extent.rings.map((ring) =>
          shapeFor(
            object,
            "polygon",
            ring.map(({ x, y }): Pair => [x, y]),
          ),
        ),
      );
  }
  if (box !== undefined && isVisible(box)) {
    const { x, y, width, height } = box;
    shapes.push(
      shapeFor(object, "rectangle", [
        [x, y],
        [x + width, y + height],
      ]),
    );
  }
  const seen = points.filter(isVisible);
  return [...shapes, ...seen.map(({ name, x, y }) => shapeFor({ class: name }, "point", [[x, y]]))];
}

const maskCorners = ({ x, y, width, height }: Region): Pair[] => [
  [x, y],
  [x + width - 1, y + height - 1],
];

function maskText({ width, height, data }: Region): string {
  const grey = data.map((value) => value * 255);
  return Buffer.from(encode({ width, height, data: grey, depth: 8, channels: 1 })).toString("base64");
}

function shapeFor(
  object: Pick<NumberedObject, "class"> & Partial<NumberedObject>,
  shape_type: string,
  points: readonly Pair[],
  mask: string | null = null,
): object {
  const { class: label, number: group_id = null } = object;
  return { label, points, group_id, description: "", shape_type, flags: {}, mask };
}
