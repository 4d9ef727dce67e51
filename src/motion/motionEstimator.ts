/** @file Opens an estimator of motion by its name. */
import { FlowMotion } from "./flowMotion.ts";
import type { MotionEstimator } from "./motionMap.ts";
import { TemporalDifference } from "./temporalDifference.ts";

export type { MotionEstimator, MotionKind, MotionMap } from "./motionMap.ts";

/** Settings of `openMotionEstimator`. */
export interface MotionEstimatorOptions {
  /** "flow" = optical flow between two frames; "difference" = grey differences of three frames, cheaper and without direction. */
  readonly estimator: "flow" | "difference";
  /** Worker threads; default the available cores. */
  readonly threads?: number;
  /** Pixels on the short side of the pictures that flow is computed on, about; default 160. Larger sees smaller movers and takes longer. */
  readonly shortSide?: number;
}

const SHORT_SIDE = 160;

/** Starts an estimator; dispose of it to end its threads. */
export async function openMotionEstimator(options: MotionEstimatorOptions): Promise<MotionEstimator> {
  const { estimator, threads, shortSide = SHORT_SIDE } = options;
  return estimator === "flow" ? FlowMotion.open(shortSide, threads) : TemporalDifference.open(shortSide, threads);
}
