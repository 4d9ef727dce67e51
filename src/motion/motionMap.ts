/** @file The result of a motion estimator: the border between motion estimation and everything that uses it. */
import type { RgbPicture } from "../video/picture.ts";

/**
 * What happened between the frames: "motion" = something moves on its own; "still" = nothing does, apart from noise and
 * camera; "cut" = the frames are not consecutive (a cut, a flash, a camera too fast to follow); "start" = too few
 * frames. The map is all zero except for "motion".
 */
export type MotionKind = "motion" | "still" | "cut" | "start";

/**
 * Motion of one frame, on a grid of square cells. A cell is `2 · factor` pixels wide, where `factor` is the whole
 * number by which the frame's short side comes closest to the working size; so a frame of 854 × 480 has 142 × 80 cells
 * of 6 pixels.
 */
export interface MotionMap {
  readonly width: number;
  readonly height: number;
  /** `[height, width]` m̂ in 0..1: how strongly the pixel moves on its own, camera motion removed. */
  readonly strength: Float32Array;
  /**
   * `[2, height, width]` residual flow (dx, dy): how far the cell's contents have moved on their own from the previous
   * frame to this one, in pixels of the original frame, x to the right and y down; 0 where unknown.
   */
  readonly flow: Float32Array;
  readonly kind: MotionKind;
}

/**
 * "flow" = optical flow between two frames; "difference" = grey differences of three frames, cheaper and without
 * direction.
 */
export const MOTION_ESTIMATORS = ["flow", "difference"] as const;
export type MotionEstimatorName = (typeof MOTION_ESTIMATORS)[number];

/** Estimates motion maps; one call at a time. */
export interface MotionEstimator extends AsyncDisposable {
  readonly name: MotionEstimatorName;
  /** The number of frames that it uses before the requested one. */
  readonly lookBack: number;
  /**
   * @param frames oldest first, the last one is the requested frame, all of one size (which may change from call to
   * call). Only the last `lookBack + 1` are used; with fewer the map is zero.
   */
  estimate(frames: readonly RgbPicture[]): Promise<MotionMap>;
}

/** A map of this strength and flow: "motion", or "still" where the strength is zero everywhere. */
export function mapOfStrength({ width, height, strength, flow }: Omit<MotionMap, "kind">): MotionMap {
  if (!strength.some((value) => value > 0)) return zeroMap(width, height, "still");
  return { width, height, strength, flow, kind: "motion" };
}

/** A map without any motion. */
export function zeroMap(width: number, height: number, kind: MotionKind): MotionMap {
  const cells = width * height;
  return { width, height, strength: new Float32Array(cells), flow: new Float32Array(2 * cells), kind };
}
