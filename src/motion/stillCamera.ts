/**
 * @file Whether the camera's motion is estimated or known to be zero, and how two frames decide it.
 *
 * When something that fills the picture moves, its motion is fitted as the camera's. The evidence against that: near
 * the border, structures stay exactly in place although that "camera" should carry them away. Under a camera that
 * really moves there are none.
 */
import type { Evidence, OpticalFlow } from "../kernels/opticalFlow.ts";
import { type CameraChoice, type CameraMotion, mapPoint, STILL_CAMERA } from "./cameraMotion.ts";
import { CELL, type CellFlow } from "./opticalFlow.ts";
import { cameraOf } from "./residualFlow.ts";

/** Share of the picture's width and height to each side that is its border. */
const BORDER = 0.15;
/** A cell counts if the fitted camera would move it by at least this much, working pixels. */
const LEAST_CARRIED = 0.5;
/** It stands still if its flow is below this share of that movement. */
const STILL_SHARE = 0.2;
/** Share of the border's cells that must stand still. docs/motion.md has the measurements. */
const LEAST_STILL = 0.1;

/** A region moves if the camera leaves this many times the variance that the flow leaves, with noise added to both. */
export const EVIDENCE_RATIO = 2;
/** Variance of rounding to whole grey levels, and a little more. */
const QUANTISATION = 0.5;

/** The camera between two frames. */
export interface ChosenCamera {
  readonly camera: CameraMotion;
  /** Whether it is assumed to stand still, so that most of the picture may move. */
  readonly still: boolean;
}

/** @param kernel the one that computed the flow, not used since. */
export async function cameraFor(choice: CameraChoice, kernel: OpticalFlow, flow: CellFlow): Promise<ChosenCamera> {
  if (choice === "still") return { camera: STILL_CAMERA, still: true };
  const camera = cameraOf(flow);
  if (choice === "estimate") return { camera, still: false };
  const still = stillShare(flow, camera, await cameraEvidence(kernel, flow, camera)) >= LEAST_STILL;
  return { camera: still ? STILL_CAMERA : camera, still };
}

/** What the camera's motion and what the flow leave unexplained, cell by cell. */
export function cameraEvidence(kernel: OpticalFlow, flow: CellFlow, { map: m }: CameraMotion): Promise<Evidence> {
  const { factor, width, height } = flow;
  const map = [m[0], m[1], m[2] / factor, m[3], m[4], m[5] / factor, m[6] * factor, m[7] * factor, m[8]];
  return kernel.evidence(map, { cell: CELL, width, height });
}

/** The variance that noise alone leaves, to be added to both. */
export function noiseOf({ flow }: Evidence): number {
  return flow.toSorted()[flow.length >> 1] + QUANTISATION;
}

/** Share of the border's cells that show structure and stand still although the camera should carry them away. */
function stillShare(flow: CellFlow, { map }: CameraMotion, evidence: Evidence): number {
  const { width, height, cell, factor, dx, dy, valid } = flow;
  const noise = noiseOf(evidence);
  let [border, still] = [0, 0];
  for (let c = 0; c < width * height; c++) {
    const [column, row] = [(c % width) + 0.5, Math.floor(c / width) + 0.5];
    if (valid[c] === 0 || (!isBorder(column / width) && !isBorder(row / height))) continue;
    border++;
    const [x, y] = mapPoint(map, column * cell, row * cell);
    const carried = Math.hypot(x - column * cell, y - row * cell);
    const stays = carried >= LEAST_CARRIED * factor && Math.hypot(dx[c], dy[c]) < STILL_SHARE * carried;
    if (stays && evidence.map[c] + noise > EVIDENCE_RATIO * (evidence.flow[c] + noise)) still++;
  }
  return border === 0 ? 0 : still / border;
}

/** @param place 0..1 along one side. */
function isBorder(place: number): boolean {
  return Math.min(place, 1 - place) <= BORDER;
}
