/** @file A frame's mask with its outlines painted in, for formats whose masks have one object a pixel. */
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import { isObjectId, MAX_OBJECT_ID } from "../annotations/object.ts";
import type { FrameSize } from "../annotations/point.ts";
import { filled, paint, type Region } from "../annotations/region.ts";
import { isVisible } from "../annotations/verdict.ts";
import { UserError } from "../core/errors.ts";
import type { LabelMap } from "../video/labelMap.ts";
import type { ObjectNumbers } from "./instances.ts";
import type { Losses } from "./losses.ts";

/**
 * The mask; outlines lie over it, later ones over earlier ones, by their objects' numbers.
 * @param size of the frame, where there is no mask.
 * @returns undefined where the frame has neither
 * @throws UserError `boxes/many` for more objects than a mask can have, `labels/relative` without a size
 */
export function paintedMask(
  { mask, polygons = [] }: FrameAnnotation,
  numbers: ObjectNumbers,
  { size, losses }: { readonly size: FrameSize | undefined; readonly losses: Losses },
): LabelMap | undefined {
  const drawn = polygons.filter(isVisible);
  if (drawn.length === 0) return mask;
  const { width, height } = mask ?? requireSize(size);
  const painted = { width, height, data: mask?.data.slice() ?? new Uint8Array(width * height) };
  for (const polygon of drawn) {
    const region = filled(polygon.rings, painted);
    if (region === undefined) continue;
    const covered = coveredBy(region, painted);
    if (covered > 0) losses.tell("one object a pixel: gave %s pixels of covered objects to the one on top", covered);
    paint(painted, region, idOf(polygon.name, numbers));
  }
  return painted;
}

function coveredBy({ x, y, width, height, data }: Region, on: LabelMap): number {
  let count = 0;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      if (data[row * width + column] !== 0 && on.data[(y + row) * on.width + x + column] !== 0) count++;
  return count;
}

function idOf(name: string, numbers: ObjectNumbers): number {
  const { number } = numbers.named(name);
  if (isObjectId(number)) return number;
  throw new UserError("boxes/many", { what: "too many objects for masks", expected: `at most ${MAX_OBJECT_ID}` });
}

/** @throws UserError `labels/relative` */
export function requireSize(size: FrameSize | undefined): FrameSize {
  if (size !== undefined) return size;
  throw new UserError("labels/relative", {
    what: "the size of the frames is not known",
    todo: "name the clip with --video, or give it with --size 854x480",
  });
}
