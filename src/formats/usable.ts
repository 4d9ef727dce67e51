/** @file Leaves out what a file has without a place or a size, so that one bad entry does not refuse all. */
import type { Annotations } from "../annotations/annotations.ts";
import { boxFault } from "../annotations/box.ts";
import { type FrameAnnotation, shapesIn } from "../annotations/frameAnnotation.ts";
import type { PolygonAnnotation } from "../annotations/polygon.ts";
import { isVisible } from "../annotations/verdict.ts";
import { UserError } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";

/**
 * The annotations without visible points that have no place, boxes that have no place or size, and polygons without
 * area; points that are not visible get the place (0, 0) where they have none. Frames and objects that are left without any shape go too.
 * @param path of the file, for messages.
 * @param logger is told what is left out; where nobody is, nothing may be.
 * @throws UserError `points/empty` where nothing is left, `points/value` where something would be left out without a
 * logger
 */
export function usable(annotations: Annotations, path: string, logger?: Logger): Annotations {
  const faults: string[] = [];
  const frames = annotations.frames.flatMap((frame) => usableFrame(frame, faults));
  if (faults.length === 0) return { ...annotations, frames };
  const named = listed(faults);
  if (frames.length === 0)
    throw new UserError("points/empty", { what: `${path} has no usable point and no box`, got: named });
  if (logger === undefined)
    throw new UserError("points/value", { what: `${path} has points or boxes that cannot be used`, got: named });
  logger.warn(`${path}: left out ${named}`);
  const names = new Set(shapesIn(frames).map(({ name }) => name));
  return { ...annotations, frames, objects: annotations.objects.filter(({ name }) => names.has(name)) };
}

function usableFrame(frame: FrameAnnotation, faults: string[]): FrameAnnotation[] {
  const { points = [], boxes = [], polygons = [], ...rest } = frame;
  const where = `in frame ${frame.image ?? frame.frame}`;
  const placed = points.flatMap((point) => {
    if (Number.isFinite(point.x) && Number.isFinite(point.y)) return [point];
    if (!isVisible(point)) return [{ ...point, x: 0, y: 0 }];
    faults.push(`the point "${point.name}" ${where} (it has no position)`);
    return [];
  });
  const sized = boxes.filter((box) => {
    const fault = boxFault(box);
    if (fault !== undefined) faults.push(`the box "${box.name}" ${where} (${fault})`);
    return fault === undefined;
  });
  const drawn = polygons.filter((polygon) => {
    const fault = polygonFault(polygon);
    if (fault !== undefined) faults.push(`the outline "${polygon.name}" ${where} (${fault})`);
    return fault === undefined;
  });
  const kept = {
    ...(placed.length > 0 && { points: placed }),
    ...(sized.length > 0 && { boxes: sized }),
    ...(drawn.length > 0 && { polygons: drawn }),
  };
  if (shapesIn([kept]).length === 0 && shapesIn([frame]).length > 0) return [];
  return [{ ...rest, ...kept }];
}

/** What makes a polygon none; undefined for a sound one. */
function polygonFault({ rings }: PolygonAnnotation): string | undefined {
  if (rings.length === 0 || rings.some((ring) => ring.length < 3)) return "it has less than three corners";
  const isPlaced = rings.every((ring) => ring.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)));
  return isPlaced ? undefined : "a corner has no position";
}

/** The first of some things, and how many more there are. */
export function listed(things: readonly string[], most = 5): string {
  const more = things.length - most;
  return more > 0 ? `${things.slice(0, most).join(", ")} and ${more} more` : things.join(", ");
}
