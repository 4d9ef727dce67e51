/** @file Labels that are outlines, as masks of the clip: ids for their names, and their pixels. */
import { objectIdsIn } from "../../annotations/mask.ts";
import { MAX_OBJECT_ID } from "../../annotations/object.ts";
import type { FrameSize } from "../../annotations/point.ts";
import { filled, paint } from "../../annotations/region.ts";
import { UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import { ObjectNumbers } from "../../formats/instances.ts";
import { listed } from "../../formats/usable.ts";
import type { GivenLabels } from "./givenLabels.ts";

/**
 * Labels whose outlines are masks. A name that is an id keeps it, others get the lowest that no mask has, the same in all
 * files, and so do the boxes beside them; which name has which is told. Of outlines that overlap the later one is on top.
 * @throws UserError `boxes/many`, `labels/empty`
 */
export function drawOutlines(labels: readonly GivenLabels[], clip: FrameSize, logger: Logger): GivenLabels[] {
  const outlined = labels.filter(({ outlines = [] }) => outlines.length > 0);
  if (outlined.length === 0) return [...labels];
  const numbers = new ObjectNumbers(masksIds(labels).map((id) => ({ id, name: String(id) })));
  const drawn = labels.map((one) => drawnLabels(one, numbers, clip));
  const named = numbers.all.filter(({ name, number }) => name !== String(number));
  if (named.length > 0)
    logger.info(`objects by their ids: ${listed(named.map(({ name, number }) => `${number} = ${name}`))}`);
  return drawn;
}

function masksIds(labels: readonly GivenLabels[]): number[] {
  return [...new Set(labels.flatMap(({ mask }) => (mask === undefined ? [] : objectIdsIn(mask))))];
}

function drawnLabels(given: GivenLabels, numbers: ObjectNumbers, { width, height }: FrameSize): GivenLabels {
  const { outlines = [], boxes = [], name = "the labels", ...rest } = given;
  const idOf = (thing: string): number => idAmong(numbers, thing, name);
  const numbered = boxes.map((box) => ({ ...box, name: String(idOf(box.name)) }));
  const shapes = { ...rest, name, ...(boxes.length > 0 && { boxes: numbered }) };
  if (outlines.length === 0) return shapes;
  const mask = { width, height, data: new Uint8Array(width * height) };
  for (const outline of outlines) {
    const region = filled(outline.rings, { width, height });
    if (region !== undefined) paint(mask, region, idOf(outline.name));
  }
  const ids = objectIdsIn(mask);
  if (ids.length > 0) return { ...shapes, mask, objects: ids };
  throw new UserError("labels/empty", {
    what: `${name}: the outlines of frame ${given.frame} cover no pixel of ${width}x${height}`,
    todo: "positions are pixels of this video; scale them if they belong to another size",
  });
}

function idAmong(numbers: ObjectNumbers, thing: string, file: string): number {
  const { number } = numbers.named(thing);
  if (number <= MAX_OBJECT_ID) return number;
  throw new UserError("boxes/many", {
    what: `${file} has too many objects`,
    expected: `at most ${MAX_OBJECT_ID}`,
    todo: "track the clip in several runs",
  });
}
