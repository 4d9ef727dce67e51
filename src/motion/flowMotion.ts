/**
 * @file The motion estimator "flow": optical flow to the previous frame, camera motion removed, noise floor (steps 1–3
 * of MEE).
 */
import type { Evidence } from "../kernels/opticalFlow.ts";
import { mapOfStrength, type MotionMap, zeroMap } from "./motionMap.ts";
import type { MotionMethod } from "./motionMethod.ts";
import { floorFactor, motionStrength } from "./motionStrength.ts";
import { cellFlow, type CellFlow, isConsecutive } from "./opticalFlow.ts";
import { type ResidualFlow, residualFlow } from "./residualFlow.ts";
import { cameraEvidence, cameraFor, EVIDENCE_RATIO, noiseOf } from "./stillCamera.ts";

/** Lowest noise floor, frame pixels. */
const LEAST_FLOOR = 0.3;
export const flowMotion: MotionMethod = {
  name: "flow",
  lookBack: 1,
  async map([previous, frame], { kernel, shortSide, camera: choice }) {
    const flow = await cellFlow(kernel, frame, previous, shortSide);
    if (!isConsecutive(flow)) return zeroMap(flow.width, flow.height, "cut");
    const { camera, still } = await cameraFor(choice, kernel, flow);
    const evidence = await cameraEvidence(kernel, flow, camera);
    return mapOf(flow, residualFlow(flow, camera), evidence, floorFactor(still));
  },
};

function mapOf({ width, height, valid }: CellFlow, residual: ResidualFlow, found: Evidence, factor: number): MotionMap {
  const noise = noiseOf(found);
  const contra = found.flow.map((value) => value + noise);
  const evidence = { pro: found.map.map((value) => value + noise), contra, ratio: EVIDENCE_RATIO };
  const { strength } = motionStrength(residual.magnitude, valid, width, { least: LEAST_FLOOR, factor, evidence });
  return mapOfStrength({ width, height, strength, flow: residual.flow });
}
