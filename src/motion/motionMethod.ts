/** @file A stateless method of estimating motion from frames; `openMotionEstimator` chooses one. */
import type { OpticalFlow } from "../kernels/opticalFlow.ts";
import type { RgbPicture } from "../video/picture.ts";
import type { CameraChoice } from "./cameraMotion.ts";
import type { MotionEstimatorName, MotionMap } from "./motionMap.ts";

/** The context of a method. */
export interface MotionContext {
  readonly kernel: OpticalFlow;
  /** Working pixels on the short side, see `cellGrid`. */
  readonly shortSide: number;
  readonly camera: CameraChoice;
}

/** Estimates a motion map from frames. */
export interface MotionMethod {
  readonly name: MotionEstimatorName;
  /** The number of frames that it needs before the requested one, 1 or more. */
  readonly lookBack: number;
  /** @param frames `lookBack + 1` of one size, oldest first; the last one is the requested frame. */
  map(frames: readonly RgbPicture[], context: MotionContext): Promise<MotionMap>;
}
