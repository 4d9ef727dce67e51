/**
 * @file Rectangles and points of LabelMe files (https://github.com/wkentaro/labelme), one file a picture. Conventions:
 * positions are pixels of the picture on Qt's canvas, with the origin at the corner of the first pixel, as ours; a
 * rectangle is two opposite corners. Other shapes are left out.
 */
import { z } from "zod";
import type { Annotations } from "../annotations/annotations.ts";
import type { BoxAnnotation } from "../annotations/box.ts";
import { UserError } from "../core/errors.ts";
import { type FileContents, hasKeys } from "./contents.ts";
import type { AnnotationFormat } from "./format.ts";
import { type ReadOptions, readJson } from "./json.ts";
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
});

const schema = z.object({
  shapes: z.array(shapeSchema),
  imagePath: z.string().nullish(),
  imageHeight: z.int().positive().nullish(),
  imageWidth: z.int().positive().nullish(),
});

type Shape = z.output<typeof shapeSchema>;

/**
 * Reading throws UserError `annotations/tool`, `points/empty`, `points/twice`, `json/invalid`, `text/encoding`,
 * `file/missing`.
 */
export const labelMe = {
  name: "labelme",
  layout: [".json"],
  async sniff(file: FileContents): Promise<boolean> {
    const value = await file.json();
    return hasKeys(value, "shapes") && Array.isArray(value.shapes) && !hasKeys(value, "boxes");
  },
  async read(path: string, options: ReadOptions = {}): Promise<Annotations> {
    const {
      shapes,
      imagePath,
      imageHeight: height,
      imageWidth: width,
    } = await readJson(path, schema, "LabelMe file", options);
    const known = readableShapes(shapes, path, options);
    const picture = pictureFrame(imagePath ?? path);
    const { names } = objectNames(
      known.map(({ label, shape_type, group_id }) => {
        return { picture: shape_type, kind: label, ...(typeof group_id === "number" && { track: group_id }) };
      }),
    );
    const frames = [
      {
        ...picture,
        points: known.flatMap(({ shape_type, points }, i) =>
          shape_type === "point" ? points.map(([x, y]) => ({ name: names[i], x, y, visible: true })) : [],
        ),
        boxes: known.flatMap((shape, i) => (shape.shape_type === "rectangle" ? [boxOf(shape, names[i])] : [])),
      },
    ];
    const all = { ...(width && height && { size: { width, height } }), objects: objectsIn(frames), frames };
    const annotations = usable(all, path, options.logger);
    requireOnce(annotations, path);
    return annotations;
  },
} satisfies AnnotationFormat<Annotations>;

/**
 * Rectangles and points; the others are told. @throws UserError `annotations/tool` where there are only others,
 * `points/empty`
 */
function readableShapes(shapes: readonly Shape[], path: string, { logger }: ReadOptions): Shape[] {
  const known = shapes.filter(({ shape_type, points }) => {
    return (shape_type === "rectangle" || shape_type === "point") && points.length > 0;
  });
  if (shapes.length === 0)
    throw new UserError("points/empty", { what: `${path} has no shape`, expected: "at least one" });
  const others = shapes.filter((shape) => !known.includes(shape)).map((one) => `${one.shape_type} "${one.label}"`);
  if (known.length === 0)
    throw new UserError("annotations/tool", {
      what: `${path} is a LabelMe file without a rectangle or point`,
      got: listed(others),
      todo: "draw rectangles or points, or export masks with labelme_export_json and give the label.png",
    });
  if (others.length > 0) logger?.warn(`${path}: left out what is no rectangle and no point: ${listed(others)}`);
  return known;
}

/** The corners may come in any order. */
function boxOf({ points }: Shape, name: string): BoxAnnotation {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { name, x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
