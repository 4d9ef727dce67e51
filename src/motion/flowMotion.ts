/** @file The motion estimator "flow": optical flow to the previous frame, camera motion removed, noise floor (steps 1–3 of MEE). */
import { OpticalFlow } from "../kernels/opticalFlow.ts";
import type { RgbPicture } from "../video/picture.ts";
import { type MotionEstimator, type MotionMap, zeroMap } from "./motionMap.ts";
import { motionStrength } from "./motionStrength.ts";
import { cellFlow, type CellFlow, cellGrid } from "./opticalFlow.ts";
import { residualFlow } from "./residualFlow.ts";

/** Lowest noise floor, frame pixels. */
const LEAST_FLOOR = 0.3;
/** With fewer valid cells than this the frames do not belong together. */
const LEAST_VALID = 0.4;

export class FlowMotion implements MotionEstimator {
  readonly name = "flow";
  private readonly kernel: OpticalFlow;
  private readonly shortSide: number;

  private constructor(kernel: OpticalFlow, shortSide: number) {
    this.kernel = kernel;
    this.shortSide = shortSide;
  }

  static async open(shortSide: number, threads?: number): Promise<FlowMotion> {
    return new FlowMotion(await OpticalFlow.open(threads === undefined ? {} : { threads }), shortSide);
  }

  async estimate(frames: readonly RgbPicture[]): Promise<MotionMap> {
    const [previous, frame] = frames.slice(-2);
    if (frame === undefined) {
      const grid = cellGrid(previous?.width ?? 1, previous?.height ?? 1, this.shortSide);
      return zeroMap(grid.width, grid.height, "start");
    }
    return mapOf(await cellFlow(this.kernel, frame, previous, this.shortSide));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kernel.close();
  }
}

function mapOf(flow: CellFlow): MotionMap {
  const { width, height, valid, validShare } = flow;
  if (validShare < LEAST_VALID) return zeroMap(width, height, "cut");
  const residual = residualFlow(flow);
  const { strength } = motionStrength(residual.magnitude, valid, width, { least: LEAST_FLOOR });
  if (!strength.some((value) => value > 0)) return zeroMap(width, height, "still");
  return { width, height, strength, flow: residual.flow, kind: "motion" };
}
