/**
 * @file The record of tracking: an object (mask, box or point) in a frame, measured. docs/results.md says what each
 * value means. It is not part of the annotation model but a row computed from it: area, centroid and speed follow from
 * masks and times and are never annotated, and a row stands for any shape.
 */
import type { Box } from "../video/box.ts";
import type { BoxAnnotation } from "./box.ts";
import type { PointAnnotation } from "./point.ts";
import type { TrackState } from "./trackState.ts";
import type { Estimate } from "./verdict.ts";

/** An object in a frame; pixels of the original frame, origin at the corner of the first pixel. */
export interface TrackRecord extends Estimate {
  /** Index of the frame, from 0. */
  readonly frame: number;
  /** Seconds on the clip's own clock. */
  readonly timeSec: number;
  /** What the object is called: the id of a mask, the name of a box or point; one name, one object. */
  readonly name: string;
  /** 1..254: the object's value in masks, and its colour in pictures. */
  readonly label: number;
  /** Follows from the verdict, the labels and the frames before. */
  readonly state: TrackState;
  /**
   * A point's place or the mean of a mask's pixel centres; the best guess where it is not visible, null without one.
   */
  readonly place: readonly [x: number, y: number] | null;
  /** The mask's tight box; null for points and where there is no mask. */
  readonly box: Box | null;
  /** Pixels of the mask; null for points. */
  readonly area: number | null;
  /** px/s. */
  readonly speed: TrackSpeed;
}

/** How fast an object moves, px/s; null where that cannot be said. */
export interface TrackSpeed {
  /** Path since the frame before over the time between. */
  readonly raw: number | null;
  /** That of a straight line fitted through the places of the last quarter of a second, see `Speedometer`. */
  readonly smooth: number | null;
}

/** The point that a record measures; undefined for a mask's record and for a point without a place. */
export function pointOf({ name, place, area, visible, confidence }: TrackRecord): PointAnnotation | undefined {
  if (place === null || area !== null) return undefined;
  return { name, x: place[0], y: place[1], visible, confidence };
}

/** The box of a visible object that has one. */
export function boxOf({ name, box, visible, confidence }: TrackRecord): BoxAnnotation | undefined {
  if (!visible || box === null) return undefined;
  const [x, y, width, height] = box;
  return { name, x, y, width, height, visible, confidence };
}
