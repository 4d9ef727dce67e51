/** @file Opens an estimator of motion by its name. */
import type { CameraChoice } from "./cameraMotion.ts";
import { FlowMotion } from "./flowMotion.ts";
import type { MotionEstimator } from "./motionMap.ts";
import { TemporalDifference } from "./temporalDifference.ts";

export { CAMERA_CHOICES, type CameraChoice } from "./cameraMotion.ts";
export type { MotionEstimator, MotionKind, MotionMap } from "./motionMap.ts";

/** Settings of `openMotionEstimator`. */
export interface MotionEstimatorOptions {
  /** "flow" = optical flow between two frames; "difference" = grey differences of three frames, cheaper and without direction. */
  readonly estimator: "flow" | "difference";
  /** What is known of the camera; default `estimate`. */
  readonly camera?: CameraChoice;
  /** Worker threads; default the available cores. */
  readonly threads?: number;
  /** Pixels on the short side of the pictures that flow is computed on, about; default 160. Larger sees smaller movers and takes longer. */
  readonly shortSide?: number;
}

const SHORT_SIDE = 160;

/** Starts an estimator; dispose of it to end its threads. */
export async function openMotionEstimator(options: MotionEstimatorOptions): Promise<MotionEstimator> {
  const { estimator, camera = "estimate", threads, shortSide = SHORT_SIDE } = options;
  const kind = estimator === "flow" ? FlowMotion : TemporalDifference;
  return kind.open(shortSide, camera, threads);
}
