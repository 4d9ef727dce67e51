/**
 * @file The shapes of CVAT's XML 1.1 (https://docs.cvat.ai/docs/dataset_management/formats/xml_format; CVAT's `load_anno`).
 * Positions are as ours, with the origin at the corner of the first pixel. A mask is run lengths along the rows of its
 * rectangle, background first. Of a skeleton's points, `outside` ones are not labelled and `occluded` ones covered, as v 0
 * and 1 of COCO; a covered point is one that is not visible here. A box with a `rotation` is an outline.
 */
import { outlineOf } from "../annotations/outline.ts";
import { type Region, regionOf } from "../annotations/region.ts";
import type { Point } from "../video/point.ts";
import { requirePictureSize } from "./limits.ts";
import { rotatedBox } from "./rotatedBox.ts";
import { valuesOfRuns } from "./runs.ts";
import { type XmlElement, childrenOf } from "./xml.ts";

/** A shape without its moment. */
export type CvatShape =
  | { readonly kind: "box"; readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  | { readonly kind: "outline"; readonly rings: readonly (readonly Point[])[] }
  | { readonly kind: "points"; readonly points: readonly CvatPoint[] };

/** A point of a shape. */
export interface CvatPoint extends Point {
  /** Of a skeleton; absent for a point on its own. */
  readonly part?: string;
  readonly visible: boolean;
}

const SHAPES = ["box", "polygon", "points", "mask", "skeleton"];

/** Whether an element is a shape that is read. */
export const isCvatShape = ({ name }: XmlElement): boolean => SHAPES.includes(name);

/** Whether an element is a shape that CVAT has and the model has not. */
export const isOtherShape = ({ name }: XmlElement): boolean => ["polyline", "ellipse", "cuboid"].includes(name);

/** @param where for messages. @throws UserError `format/value`, `format/limit` */
export function cvatShape(element: XmlElement, where: string): CvatShape {
  switch (element.name) {
    case "box":
      return boxOf(element);
    case "mask":
      return { kind: "outline", rings: ringsOfMask(element, where) };
    case "polygon":
      return { kind: "outline", rings: [placesOf(element)] };
    case "points":
      return {
        kind: "points",
        points: placesOf(element).map((at) => ({ ...at, visible: !isSet(element, "occluded") })),
      };
    default:
      return { kind: "points", points: skeletonPoints(element) };
  }
}

export const isSet = ({ attributes }: XmlElement, name: string): boolean => attributes[name] === "1";

const numberAt = ({ attributes }: XmlElement, name: string): number => {
  const text = attributes[name] ?? "";
  return text.trim() === "" ? Number.NaN : Number(text);
};

function boxOf(element: XmlElement): CvatShape {
  const [left, top, right, bottom] = ["xtl", "ytl", "xbr", "ybr"].map((name) => numberAt(element, name));
  const rotation = numberAt(element, "rotation");
  const box = { x: left, y: top, width: right - left, height: bottom - top };
  if (!(Math.abs(rotation) > 0)) return { kind: "box", ...box };
  const ring = rotatedBox(box, rotation, { x: (left + right) / 2, y: (top + bottom) / 2 });
  return { kind: "outline", rings: [ring] };
}

function placesOf({ attributes }: XmlElement): Point[] {
  return (attributes["points"] ?? "").split(";").map((pair) => {
    const [x = Number.NaN, y = Number.NaN] = pair
      .split(",")
      .map((text) => (text.trim() === "" ? Number.NaN : Number(text)));
    return { x, y };
  });
}

function ringsOfMask(element: XmlElement, where: string): readonly (readonly Point[])[] {
  const [left, top, width, height] = ["left", "top", "width", "height"].map((name) => numberAt(element, name));
  const size = requirePictureSize({ width, height }, `${where}: a mask`);
  const runs = (element.attributes["rle"] ?? "").split(",").map(Number);
  const data = valuesOfRuns(runs, width * height, where);
  const region = regionOf({ ...size, data }, 1);
  return region === undefined ? [] : outlineOf({ ...region, x: region.x + left, y: region.y + top } satisfies Region);
}

function skeletonPoints(element: XmlElement): CvatPoint[] {
  return childrenOf(element, "points")
    .filter((child) => !isSet(child, "outside"))
    .flatMap((child) =>
      placesOf(child).map((at) => {
        return { ...at, part: child.attributes["label"] ?? "", visible: !isSet(child, "occluded") };
      }),
    );
}
