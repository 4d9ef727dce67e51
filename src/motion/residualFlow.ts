/** @file Step 2 of MEE, continued: flow minus camera motion = the residual flow ρ, the motion of objects. */
import { type CameraMotion, fitCameraMotion, mapPoint, type PointPairs } from "./cameraMotion.ts";
import type { CellFlow } from "./opticalFlow.ts";

/** Largest residual of a cell that follows the camera, in working pixels. */
const TOLERANCE = 0.75;
/** Approximate number of points that the camera motion is fitted to. */
const FITTED = 1500;

/** Residual flow on the cells of the flow. */
export interface ResidualFlow {
  readonly camera: CameraMotion;
  /** `[2, height, width]` frame pixels, from the previous frame to this one; 0 where the flow is not valid. */
  readonly flow: Float32Array;
  /** `[height, width]` |ρ|, frame pixels; 0 where not valid. */
  readonly magnitude: Float32Array;
}

/** How the camera's motion is fitted. */
export interface CameraFit {
  /** Approximate number of points; default 1500. */
  readonly points?: number;
  /** See `CameraMotionOptions`. */
  readonly model?: "homography" | "affine";
}

/** The motion of the camera from the frame to the previous one, from a regular sample of the valid cells. */
export function cameraOf(flow: CellFlow, { points = FITTED, model = "homography" }: CameraFit = {}): CameraMotion {
  return fitCameraMotion(pairsOf(flow, points), { tolerance: TOLERANCE * flow.factor, model });
}

function pairsOf({ width, height, cell, dx, dy, valid, validShare }: CellFlow, points: number): PointPairs {
  const step = Math.max(1, Math.round(Math.sqrt((width * height * validShare) / points)));
  const chosen: number[] = [];
  for (let y = step >> 1; y < height; y += step) {
    for (let c = y * width + (step >> 1); c < (y + 1) * width; c += step) if (valid[c] === 1) chosen.push(c);
  }
  const x = Float64Array.from(chosen, (c) => ((c % width) + 0.5) * cell);
  const y = Float64Array.from(chosen, (c) => (Math.floor(c / width) + 0.5) * cell);
  return {
    x,
    y,
    tx: x.map((value, i) => value + dx[chosen[i]]),
    ty: y.map((value, i) => value + dy[chosen[i]]),
    weight: x.map((_, i) => borderWeight(x[i] / (width * cell), y[i] / (height * cell))),
  };
}

/** 1 at the centre, 3 at the border. */
function borderWeight(x: number, y: number): number {
  const r = 2 * Math.max(Math.abs(x - 0.5), Math.abs(y - 0.5));
  return 1 + 2 * r * r;
}

/** ρ = where the camera says that the cell's contents were − where they were. */
export function residualFlow(flow: CellFlow, camera: CameraMotion = cameraOf(flow)): ResidualFlow {
  const { width, height, cell, dx, dy, valid } = flow;
  const cells = width * height;
  const residual = new Float32Array(2 * cells);
  const magnitude = new Float32Array(cells);
  for (let c = 0; c < cells; c++) {
    if (valid[c] === 0) continue;
    const x = ((c % width) + 0.5) * cell;
    const y = (Math.floor(c / width) + 0.5) * cell;
    const [cx, cy] = mapPoint(camera.map, x, y);
    residual[c] = cx - x - dx[c];
    residual[cells + c] = cy - y - dy[c];
    magnitude[c] = Math.hypot(residual[c], residual[cells + c]);
  }
  return { camera, flow: residual, magnitude };
}
