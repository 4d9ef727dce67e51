/** @file A named point of a frame, and what it means for one to lie within a frame. */
import type { Point } from "../video/point.ts";
import type { Verdict } from "./verdict.ts";

/** Width and height in pixels. */
export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** A point with the name that it has in all frames. */
export interface NamedPoint extends Point {
  readonly name: string;
}

/** What a point is a part of. */
export interface PointPart {
  /** Name of the object. */
  readonly object: string;
  /** Name of the point within any object of this class, such as `nose`. */
  readonly part: string;
}

/** A point in a frame; where it is not visible, x and y are a guess or meaningless. */
export interface PointAnnotation extends NamedPoint, Verdict {
  /** Absent: a point on its own. */
  readonly of?: PointPart;
}

/** Whether a place lies within a frame, its border included: 0 ≤ x ≤ width, 0 ≤ y ≤ height. False for NaN. */
export function isInFrame({ x, y }: Point, { width, height }: FrameSize): boolean {
  return x >= 0 && y >= 0 && x <= width && y <= height;
}

/** The place in a frame, its border included, that is nearest to (x, y). */
export function clampToFrame({ x, y }: Point, { width, height }: FrameSize): Point {
  return { x: Math.min(width, Math.max(0, x)), y: Math.min(height, Math.max(0, y)) };
}
