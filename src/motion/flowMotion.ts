/** @file The motion estimator "flow": optical flow to the previous frame, camera motion removed, noise floor (steps 1–3 of MEE). */
import { type Evidence, OpticalFlow } from "../kernels/opticalFlow.ts";
import type { RgbPicture } from "../video/picture.ts";
import { type CameraChoice, type CameraMotion, STILL_CAMERA } from "./cameraMotion.ts";
import { type MotionEstimator, type MotionMap, zeroMap } from "./motionMap.ts";
import { floorFactor, motionStrength } from "./motionStrength.ts";
import { CELL, cellFlow, type CellFlow, cellGrid } from "./opticalFlow.ts";
import { cameraOf, type ResidualFlow, residualFlow } from "./residualFlow.ts";

/** Lowest noise floor, frame pixels. */
const LEAST_FLOOR = 0.3;
/** With fewer valid cells than this the frames do not belong together. */
const LEAST_VALID = 0.4;
/** A region moves when the camera leaves this many times the variance that the flow leaves, noise added to both. */
const EVIDENCE_RATIO = 2;
/** Variance of rounding to whole grey levels, and a little more. */
const QUANTISATION = 0.5;

export class FlowMotion implements MotionEstimator {
  readonly name = "flow";
  private readonly kernel: OpticalFlow;
  private readonly shortSide: number;
  private readonly camera: CameraChoice;

  private constructor(kernel: OpticalFlow, shortSide: number, camera: CameraChoice) {
    this.kernel = kernel;
    this.shortSide = shortSide;
    this.camera = camera;
  }

  static async open(shortSide: number, camera: CameraChoice, threads?: number): Promise<FlowMotion> {
    return new FlowMotion(await OpticalFlow.open(threads === undefined ? {} : { threads }), shortSide, camera);
  }

  async estimate(frames: readonly RgbPicture[]): Promise<MotionMap> {
    const [previous, frame] = frames.slice(-2);
    if (frame === undefined) {
      const grid = cellGrid(previous?.width ?? 1, previous?.height ?? 1, this.shortSide);
      return zeroMap(grid.width, grid.height, "start");
    }
    const flow = await cellFlow(this.kernel, frame, previous, this.shortSide);
    if (flow.validShare < LEAST_VALID) return zeroMap(flow.width, flow.height, "cut");
    const residual = residualFlow(flow, this.camera === "still" ? STILL_CAMERA : cameraOf(flow));
    return mapOf(flow, residual, await this.evidence(flow, residual.camera), floorFactor(this.camera));
  }

  /** What the camera's motion and what the flow leave unexplained. */
  private evidence({ factor, width, height }: CellFlow, { map: m }: CameraMotion): Promise<Evidence> {
    const map = [m[0], m[1], m[2] / factor, m[3], m[4], m[5] / factor, m[6] * factor, m[7] * factor, m[8]];
    return this.kernel.evidence(map, { cell: CELL, width, height });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kernel.close();
  }
}

function mapOf(
  { width, height, valid }: CellFlow,
  residual: ResidualFlow,
  { map, flow }: Evidence,
  factor: number,
): MotionMap {
  const noise = median(flow) + QUANTISATION;
  const contra = flow.map((value) => value + noise);
  const evidence = { pro: map.map((value) => value + noise), contra, ratio: EVIDENCE_RATIO };
  const { strength } = motionStrength(residual.magnitude, valid, width, { least: LEAST_FLOOR, factor, evidence });
  if (!strength.some((value) => value > 0)) return zeroMap(width, height, "still");
  return { width, height, strength, flow: residual.flow, kind: "motion" };
}

function median(values: Float32Array): number {
  return values.toSorted()[values.length >> 1];
}
