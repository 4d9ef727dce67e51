/** @file Positions that are given as shares of the frame, in pixels. */
import type { Annotations } from "./annotations.ts";
import type { BoxAnnotation } from "./box.ts";
import type { FrameAnnotation } from "./frameAnnotation.ts";
import type { FrameSize } from "./point.ts";

/** The annotations in pixels of a frame of this size; those that are in pixels already are returned as they are. */
export function inPixels(annotations: Annotations, size: FrameSize): Annotations {
  const { relative, ...rest } = annotations;
  if (relative === undefined) return annotations;
  return { ...rest, size, frames: annotations.frames.map((frame) => scaled(frame, size)) };
}

function scaled(frame: FrameAnnotation, { width, height }: FrameSize): FrameAnnotation {
  const place = <Placed extends { readonly x: number; readonly y: number }>(at: Placed): Placed => ({
    ...at,
    x: at.x * width,
    y: at.y * height,
  });
  const { boxes, polygons, points } = frame;
  const sized = (box: BoxAnnotation) => ({ ...place(box), width: box.width * width, height: box.height * height });
  return {
    ...frame,
    ...(boxes && { boxes: boxes.map(sized) }),
    ...(points && { points: points.map(place) }),
    ...(polygons && {
      polygons: polygons.map((polygon) => ({ ...polygon, rings: polygon.rings.map((ring) => ring.map(place)) })),
    }),
  };
}
