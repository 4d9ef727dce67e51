/** @file Opens a motion estimator by its name. */
import type { Threads } from "../core/machine.ts";
import { OpticalFlow } from "../kernels/opticalFlow.ts";
import type { RgbPicture } from "../video/picture.ts";
import type { CameraChoice } from "./cameraMotion.ts";
import { flowMotion } from "./flowMotion.ts";
import { type MotionEstimator, type MotionEstimatorName, type MotionMap, zeroMap } from "./motionMap.ts";
import type { MotionContext, MotionMethod } from "./motionMethod.ts";
import { cellGrid } from "./opticalFlow.ts";
import { temporalDifference } from "./temporalDifference.ts";

export { CAMERA_CHOICES, type CameraChoice } from "./cameraMotion.ts";
export {
  MOTION_ESTIMATORS,
  type MotionEstimator,
  type MotionEstimatorName,
  type MotionKind,
  type MotionMap,
} from "./motionMap.ts";

/** Settings of `openMotionEstimator`. */
export interface MotionEstimatorOptions extends Threads {
  readonly estimator: MotionEstimatorName;
  /** What is known about the camera; default `estimate`. */
  readonly camera?: CameraChoice | undefined;
  /**
   * Pixels on the short side of the pictures that flow is computed on, about; default 160. A larger value detects
   * smaller objects and takes longer.
   */
  readonly shortSide?: number | undefined;
}

const SHORT_SIDE = 160;

const methods: Readonly<Record<MotionEstimatorName, MotionMethod>> = {
  flow: flowMotion,
  difference: temporalDifference,
};

/** The number of frames that an estimator uses before the requested one. */
export function lookBackOf(estimator: MotionEstimatorName): number {
  return methods[estimator].lookBack;
}

/** Starts an estimator; dispose of it to end its threads. */
export async function openMotionEstimator(options: MotionEstimatorOptions): Promise<MotionEstimator> {
  const { estimator, camera = "estimate", threads, shortSide = SHORT_SIDE } = options;
  return new KernelEstimator(methods[estimator], { kernel: await OpticalFlow.open({ threads }), shortSide, camera });
}

/** A method with its own kernel. */
class KernelEstimator implements MotionEstimator {
  readonly name: MotionEstimatorName;
  readonly lookBack: number;
  private readonly method: MotionMethod;
  private readonly context: MotionContext;

  constructor(method: MotionMethod, context: MotionContext) {
    this.name = method.name;
    this.lookBack = method.lookBack;
    this.method = method;
    this.context = context;
  }

  async estimate(frames: readonly RgbPicture[]): Promise<MotionMap> {
    const seen = frames.slice(-this.lookBack - 1);
    if (seen.length > this.lookBack) return this.method.map(seen, this.context);
    const { width, height } = seen.at(-1) ?? { width: 1, height: 1 };
    const grid = cellGrid(width, height, this.context.shortSide);
    return zeroMap(grid.width, grid.height, "start");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.context.kernel.close();
  }
}
