/** @file Boxes and points that reach beyond the frame, brought into it or left out. */
import { type BoxAnnotation, clipBox } from "./box.ts";
import { clampToFrame, type FrameSize, isInFrame, type PointAnnotation } from "./point.ts";
import { isVisible } from "./verdict.ts";

/** Shapes of one frame. */
export interface Shapes {
  readonly points: readonly PointAnnotation[];
  readonly boxes: readonly BoxAnnotation[];
}

/** A shape that could not stay as it was. */
export interface Misfit {
  readonly shape: "point" | "box";
  readonly name: string;
  /** `moved`: clipped, or taken to the border; `outside`: left out. */
  readonly fate: "moved" | "outside";
  /** The place that it was given. */
  readonly place: string;
}

/** Rounding of other programs takes points of the last pixel this far out of the frame, px. */
const ROUNDING = 1;

/**
 * The shapes that have a part in the frame: boxes clipped to it, points that are off by up to a pixel on its border.
 * Those that are not visible stay as they are.
 */
export function fitToFrame(
  { points, boxes }: Shapes,
  size: FrameSize,
): Shapes & { readonly misfits: readonly Misfit[] } {
  const misfits: Misfit[] = [];
  const fit = <Shape extends PointAnnotation | BoxAnnotation>(shape: Misfit["shape"], given: Shape, fitted?: Shape) => {
    if (!isVisible(given)) return [given];
    if (fitted !== given)
      misfits.push({ shape, name: given.name, fate: fitted ? "moved" : "outside", place: placeOf(given) });
    return fitted === undefined ? [] : [fitted];
  };
  return {
    points: points.flatMap((point) => fit("point", point, pointWithin(point, size))),
    boxes: boxes.flatMap((box) => fit("box", box, clipBox(box, size))),
    misfits,
  };
}

function pointWithin(point: PointAnnotation, size: FrameSize): PointAnnotation | undefined {
  if (isInFrame(point, size)) return point;
  const border = clampToFrame(point, size);
  return Math.hypot(point.x - border.x, point.y - border.y) <= ROUNDING ? { ...point, ...border } : undefined;
}

function placeOf(shape: PointAnnotation | BoxAnnotation): string {
  const place = `x ${shape.x}, y ${shape.y}`;
  return "width" in shape ? `${place}, width ${shape.width}, height ${shape.height}` : place;
}
