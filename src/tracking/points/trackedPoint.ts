/**
 * @file A point to follow, and its verdict in every frame. Positions are pixels of the frame here, cells elsewhere in
 * this folder.
 */
import { clampToFrame, type FrameSize, isInFrame, type NamedPoint } from "../../annotations/point.ts";
import type { Estimate } from "../../annotations/verdict.ts";
import { UserError } from "../../core/errors.ts";
import type { Frame } from "../../video/frame.ts";
import type { Point } from "../../video/point.ts";
import { POINT_SEEN, pointConfidence } from "../confidence/pointCalibration.ts";
import type { PointSignals } from "./pointAgreement.ts";

/** A point to follow: the model's name and place, nothing more. */
export type PointQuery = NamedPoint;

/** A point in a frame; its confidence is calibrated, see docs/confidence.md, and 1 in the first frame. */
export interface TrackedPoint extends NamedPoint, Estimate {
  /** What that rests on; absent in the first frame and where nothing supports the place. */
  readonly signals?: PointSignals;
}

/** One frame with all points, in the order of the queries. */
export interface TrackedPointFrame {
  readonly frame: Frame;
  readonly points: readonly TrackedPoint[];
  /** The camera cuts between this frame and the one before it in the order of tracking. */
  readonly cut: boolean;
  /**
   * Seconds spent on this frame; reading and encoding run beside the matching of the frames before, so they overlap.
   */
  readonly seconds: { readonly read: number; readonly encode: number; readonly match: number };
}

/** A point in the frame in which it is known. */
export const givenPoint = (point: PointQuery): TrackedPoint => ({ ...point, visible: true, confidence: 1 });

/** A point found at (x, y), px; beyond the frame it is moved to the border. */
export function inPixels(name: string, place: Point, signals: PointSignals | null, size: FrameSize): TrackedPoint {
  const confidence = pointConfidence(signals);
  const found = { name, ...clampToFrame(place, size), confidence, visible: confidence >= POINT_SEEN };
  return signals === null ? found : { ...found, signals };
}

/** @param pointsName where they come from, in messages. @throws UserError `points/outside` */
export function requireInside(points: readonly PointQuery[], size: FrameSize, pointsName = "the points"): void {
  const outside = points.find((point) => !isInFrame(point, size));
  if (outside === undefined) return;
  throw new UserError("points/outside", {
    what: `${pointsName}: the point "${outside.name}" lies outside the frame`,
    got: `(${outside.x}, ${outside.y})`,
    expected: `x from 0 to ${size.width}, y from 0 to ${size.height}`,
    todo: "positions are pixels of this video; scale them if they belong to another size",
  });
}
