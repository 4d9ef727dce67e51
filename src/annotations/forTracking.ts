/** @file Which of a thing's shapes it is tracked from, where a file has several of it. */
import type { Annotations } from "./annotations.ts";
import { type FrameAnnotation, shapesIn } from "./frameAnnotation.ts";
import type { PointAnnotation } from "./point.ts";
import { isKey, isVisible } from "./verdict.ts";

/**
 * The annotations that a tracker is given: without what a tool filled in between labelled frames, and without the boxes of
 * things whose outline or points the frame has. Frames and objects that are left without any shape go too.
 */
export function forTracking(annotations: Annotations): Annotations {
  const frames = annotations.frames.flatMap(chosen);
  const names = new Set(shapesIn(frames).map(({ name }) => name));
  return {
    ...annotations,
    frames,
    objects: annotations.objects.filter(({ id, name }) => id !== undefined || names.has(name)),
  };
}

function chosen(frame: FrameAnnotation): FrameAnnotation[] {
  const { points = [], boxes = [], polygons = [], ...rest } = frame;
  if (shapesIn([frame]).length === 0) return [frame];
  const drawn = polygons.filter((one) => isKey(one) && isVisible(one));
  const placed = points.filter(isKey);
  const known = new Set([...drawn.map(({ name }) => name), ...placed.map(({ of }) => of?.object)]);
  const kept = {
    points: placed.map(onItsOwn),
    boxes: boxes.filter((one) => isKey(one) && !known.has(one.name)),
    polygons: drawn,
  };
  if (shapesIn([kept]).length === 0) return rest.mask === undefined ? [] : [rest];
  return [
    {
      ...rest,
      ...(kept.points.length > 0 && { points: kept.points }),
      ...(kept.boxes.length > 0 && { boxes: kept.boxes }),
      ...(kept.polygons.length > 0 && { polygons: kept.polygons }),
    },
  ];
}

function onItsOwn(point: PointAnnotation): PointAnnotation {
  const { of: _, ...rest } = point;
  return rest;
}
