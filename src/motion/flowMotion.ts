/** @file The motion estimator "flow": optical flow to the previous frame, camera motion removed, noise floor (steps 1–3 of MEE). */
import { type Evidence, OpticalFlow } from "../kernels/opticalFlow.ts";
import type { RgbPicture } from "../video/picture.ts";
import type { CameraChoice } from "./cameraMotion.ts";
import { type MotionEstimator, type MotionMap, zeroMap } from "./motionMap.ts";
import { floorFactor, motionStrength } from "./motionStrength.ts";
import { cellFlow, type CellFlow, cellGrid } from "./opticalFlow.ts";
import { type ResidualFlow, residualFlow } from "./residualFlow.ts";
import { cameraEvidence, cameraFor, EVIDENCE_RATIO, noiseOf } from "./stillCamera.ts";

/** Lowest noise floor, frame pixels. */
const LEAST_FLOOR = 0.3;
/** With fewer valid cells than this the frames do not belong together. */
const LEAST_VALID = 0.4;

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
    const { camera, still } = await cameraFor(this.camera, this.kernel, flow);
    const evidence = await cameraEvidence(this.kernel, flow, camera);
    return mapOf(flow, residualFlow(flow, camera), evidence, floorFactor(still));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kernel.close();
  }
}

function mapOf({ width, height, valid }: CellFlow, residual: ResidualFlow, found: Evidence, factor: number): MotionMap {
  const noise = noiseOf(found);
  const contra = found.flow.map((value) => value + noise);
  const evidence = { pro: found.map.map((value) => value + noise), contra, ratio: EVIDENCE_RATIO };
  const { strength } = motionStrength(residual.magnitude, valid, width, { least: LEAST_FLOOR, factor, evidence });
  if (!strength.some((value) => value > 0)) return zeroMap(width, height, "still");
  return { width, height, strength, flow: residual.flow, kind: "motion" };
}
