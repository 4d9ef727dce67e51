/** @file Everything annotated in one frame. */
import type { BoxAnnotation } from "./box.ts";
import type { MaskAnnotation } from "./mask.ts";
import type { ObjectReference } from "./object.ts";
import type { PointAnnotation } from "./point.ts";
import type { PolygonAnnotation } from "./polygon.ts";

/** Annotations of one frame; positions in pixels of the original frame, origin at the corner of the first pixel. */
export interface FrameAnnotation extends MaskAnnotation {
  /** Index of the frame, from 0. */
  readonly frame: number;
  /** Seconds on the clip's own clock. */
  readonly timeSec?: number;
  /**
   * Name of the frame's picture without folder and extension, where the annotations name pictures; it then identifies
   * the frame.
   */
  readonly image?: string;
  readonly boxes?: readonly BoxAnnotation[];
  readonly polygons?: readonly PolygonAnnotation[];
  readonly points?: readonly PointAnnotation[];
  /** Ids of objects and names of points that are not there from this frame on, in the direction of tracking. */
  readonly ends?: readonly ObjectReference[];
}

/** The index of a frame from its picture's name: the number that the name's digits form, 0 if it has none. */
export function imageNumber(image: string): number {
  return Number(image.replaceAll(/\D/gu, ""));
}

/** All points, boxes and polygons of some frames, frame by frame. */
export function shapesIn(
  frames: readonly Pick<FrameAnnotation, "points" | "boxes" | "polygons">[],
): (PointAnnotation | BoxAnnotation | PolygonAnnotation)[] {
  return frames.flatMap(({ points = [], boxes = [], polygons = [] }) => [...points, ...boxes, ...polygons]);
}
