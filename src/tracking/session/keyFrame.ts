/** @file The labels of one frame of a session, checked and normalised: a key frame. */
import { createHash } from "node:crypto";
import type { BoxAnnotation } from "../../annotations/box.ts";
import type { FrameAnnotation } from "../../annotations/frameAnnotation.ts";
import { isObjectId, MAX_OBJECT_ID } from "../../annotations/object.ts";
import { isVisible } from "../../annotations/verdict.ts";
import { UserError } from "../../core/errors.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import { boxMask, type NumberedBoxes } from "../masks/boxLabels.ts";
import { emptyMask, firstLabels, idsIn, objectMask } from "../masks/firstLabels.ts";
import { type PointQuery, requireInside } from "../points/trackedPoint.ts";

/**
 * Labels of one frame: the model's annotation, of which at least one thing must be given. A box whose name is a number
 * from 1 to 254 is the object with that id, any other name gets the lowest free one; objects not named are carried on;
 * points and boxes that are not visible are left out, and so are times, picture names and verdicts. Polygons cannot be
 * tracked from yet.
 */
export interface FrameLabels extends Omit<FrameAnnotation, "polygons"> {
  readonly polygons?: never;
  /** Where the labels come from, in messages. */
  readonly name?: string;
}

/** Labels of one frame in the form in which they are kept. */
export interface KeyFrame {
  readonly frame: number;
  /** Ids that the mask labels, ascending. */
  readonly objects: readonly number[];
  /** Ids, ascending. */
  readonly ends: readonly number[];
  readonly points: readonly PointQuery[];
  /** Names. */
  readonly endedPoints: readonly string[];
  /** The named objects at the clip's size, 0 elsewhere. */
  readonly mask: LabelMap;
}

/** The clip, and which object has which name. */
export interface Labelled {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly frameCount: number;
  /** Ids of objects that were given names; new ones are added. */
  readonly names: Map<string, number>;
  /** All ids that any frame has; new ones are added. */
  readonly used: Set<number>;
}

/** The mask that boxes of a frame stand for. */
export type MaskOfBoxes = (boxes: NumberedBoxes) => LabelMap;

/**
 * @param maskOf default: their rectangles.
 * @throws UserError `labels/frame`, `labels/empty`, `labels/none`, `labels/twice`, `labels/object`, `labels/size`,
 * `points/outside`, `boxes/outside`, `boxes/hidden`, `boxes/many`
 */
export function keyFrame(
  given: FrameLabels,
  clip: Labelled,
  maskOf: MaskOfBoxes = (boxes) => boxMask(boxes, clip),
): KeyFrame {
  const { frame, ends = [], name = `the labels of frame ${frame}` } = given;
  const [points, boxes] = [(given.points ?? []).filter(isVisible), (given.boxes ?? []).filter(isVisible)];
  requireFrame(frame, clip, name);
  const isAlone = given.objects === undefined && points.length + boxes.length + ends.length === 0;
  const mask = given.mask && (isAlone ? firstLabels(given.mask, clip, name).mask : objectMask(given.mask, clip, name));
  const objects = mask === undefined ? [] : namedObjects(mask, given.objects, name);
  const boxIds = idsOfBoxes(boxes, objects, clip);
  requireInside(points, clip, name);
  const key: KeyFrame = {
    frame,
    objects: [...objects, ...boxIds].sort(ascending),
    ends: ends.filter((end) => typeof end === "number").toSorted(ascending),
    points: points.map(({ name, x, y }) => ({ name, x, y })),
    endedPoints: ends.filter((end) => typeof end === "string").toSorted(),
    mask: over(mask ?? emptyMask(clip), boxes.length === 0 ? undefined : maskOf({ boxes, ids: boxIds, name })),
  };
  requireOnce(key, name);
  return key;
}

/**
 * Merges two key frames of one frame; what both label is an error, or is taken from the second.
 * @throws UserError `labels/twice`
 */
export function mergeKeyFrames(first: KeyFrame, second: KeyFrame, twice: "refuse" | "replace", name: string): KeyFrame {
  const again = new Set<number | string>([...second.objects, ...second.ends]);
  const pointsAgain = new Set([...second.points.map(({ name }) => name), ...second.endedPoints]);
  const kept: KeyFrame = {
    frame: first.frame,
    objects: first.objects.filter((id) => !again.has(id)),
    ends: first.ends.filter((id) => !again.has(id)),
    points: first.points.filter(({ name }) => !pointsAgain.has(name)),
    endedPoints: first.endedPoints.filter((name) => !pointsAgain.has(name)),
    mask: { ...first.mask, data: first.mask.data.map((id) => (again.has(id) ? 0 : id)) },
  };
  const all: KeyFrame = {
    frame: first.frame,
    objects: [...(twice === "refuse" ? first : kept).objects, ...second.objects].sort(ascending),
    ends: [...(twice === "refuse" ? first : kept).ends, ...second.ends].sort(ascending),
    points: [...(twice === "refuse" ? first : kept).points, ...second.points],
    endedPoints: [...(twice === "refuse" ? first : kept).endedPoints, ...second.endedPoints].sort(),
    mask: over(kept.mask, second.mask),
  };
  requireOnce(all, name);
  return all;
}

/** A hash of the key frame's contents. */
export function digestOf({ mask, ...rest }: KeyFrame): string {
  return createHash("sha256").update(JSON.stringify(rest)).update(mask.data).digest("hex").slice(0, 16);
}

/** The first mask, with the second on top of it. */
export function over(below: LabelMap, above: LabelMap | undefined): LabelMap {
  if (above === undefined) return below;
  return { ...below, data: below.data.map((id, p) => (above.data[p] === 0 ? id : above.data[p])) };
}

const ascending = (a: number, b: number): number => a - b;

function requireFrame(frame: number, { path, frameCount }: Labelled, name: string): void {
  if (Number.isInteger(frame) && frame >= 0 && frame < frameCount) return;
  throw new UserError("labels/frame", {
    what: `${name}: ${path} has no such frame`,
    got: `frame ${frame}`,
    expected: `0 to ${frameCount - 1}`,
    todo: "frames are counted from 0",
  });
}

function namedObjects(mask: LabelMap, named: readonly number[] | undefined, name: string): readonly number[] {
  const present = idsIn(mask);
  if (named === undefined) return present;
  const strange = present.find((id) => !named.includes(id)) ?? named.find((id) => !isObjectId(id));
  if (strange === undefined) return named;
  throw new UserError("labels/object", {
    what: `${name}: object ${strange} is ${isObjectId(strange) ? "in the mask but not among its objects" : "no object id"}`,
    expected: `whole numbers from 1 to ${MAX_OBJECT_ID}, all that the mask has among them`,
  });
}

function idsOfBoxes(boxes: readonly BoxAnnotation[], objects: readonly number[], { names, used }: Labelled): number[] {
  for (const id of objects) used.add(id);
  return boxes.map(({ name }) => {
    const number = Number(name);
    const known = isObjectId(number) ? number : names.get(name);
    if (known !== undefined) {
      used.add(known);
      return known;
    }
    let id = 1;
    while (used.has(id)) id++;
    if (id > MAX_OBJECT_ID)
      throw new UserError("boxes/many", { what: "too many objects", expected: `at most ${MAX_OBJECT_ID}` });
    names.set(name, id);
    used.add(id);
    return id;
  });
}

/** Everything is labelled at most once, and something is labelled. */
function requireOnce({ objects, ends, points, endedPoints }: KeyFrame, name: string): void {
  const all = [
    ...[...objects, ...ends].map((id) => `object ${id}`),
    ...[...points.map((point) => point.name), ...endedPoints].map((point) => `point "${point}"`),
  ];
  const twice = all.find((one, i) => all.indexOf(one) !== i);
  if (twice !== undefined)
    throw new UserError("labels/twice", {
      what: `${name}: the ${twice} is given twice`,
      expected: "every object and point once in a frame",
      todo: "leave one of them out, or give it an id of its own",
    });
  if (all.length === 0)
    throw new UserError("labels/none", {
      what: `${name}: there is no object and no point`,
      expected: "at least one pixel with an object id from 1 to 254, a box, a point or an end",
    });
}
