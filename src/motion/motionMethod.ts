/** @file One way to tell motion from frames, without state: what `openMotionEstimator` chooses from. */
import type { OpticalFlow } from "../kernels/opticalFlow.ts";
import type { RgbPicture } from "../video/picture.ts";
import type { CameraChoice } from "./cameraMotion.ts";
import type { MotionEstimatorName, MotionMap } from "./motionMap.ts";

/** What a method works with. */
export interface MotionContext {
  readonly kernel: OpticalFlow;
  /** Working pixels on the short side, see `cellGrid`. */
  readonly shortSide: number;
  readonly camera: CameraChoice;
}

/** From frames to a motion map. */
export interface MotionMethod {
  readonly name: MotionEstimatorName;
  /** Frames before the one asked about that it needs, 1 or more. */
  readonly lookBack: number;
  /** @param frames `lookBack + 1` of one size, oldest first; the last one is asked about. */
  map(frames: readonly RgbPicture[], context: MotionContext): Promise<MotionMap>;
}
