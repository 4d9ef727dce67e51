/**
 * @file What motion says of cells: whether they move as an object does, or as the ground. What
 * moves with an object belongs to it, also where it looks like nothing that was labelled (the back of somebody who
 * turns round); what stays with the ground does not, also where it looks like the object.
 */
import type { PictureSize } from "../../method/features.ts";
import type { FrameMotion } from "./frameMotion.ts";

/** Motion that is no more than the noise of optical flow, pixels of the pictures that it is computed on. */
const NOISE = 0.25;
/** With fewer cells that show how an object moves, nothing is said of it. */
const LEAST_CELLS = 3;

/** The labels of the frame that motion leads from. */
export interface MovedLabels {
  /** `[cells, labels]`; label 0 is the background. */
  readonly weights: Float32Array;
  readonly labels: number;
  readonly grid: PictureSize;
}

/** Displacement in pixels, with how well it is known. */
interface Displacement {
  readonly x: number;
  readonly y: number;
}

/** How many planes `motionPlanes` has. */
export function motionDims(labels: number): number {
  return labels - 1;
}

/**
 * For each object how far a cell moves as the object does rather than as the camera, −1..1: 2ρ·ρₒ − |ρₒ|² over
 * |ρₒ|² + σ², cut at ±1, with ρ the cell's motion against the camera, ρₒ the object's mean and σ the noise; times |ρₒ|²
 * over |ρₒ|² + 4σ², since an object that hardly moves tells nothing. 0 where nothing is known. That something moves at all is not told: the next thing that comes in
 * moves too, and would be taken for one that has left.
 * @returns `[objects, cells]`.
 */
export function motionPlanes(motion: FrameMotion, { weights, labels, grid }: MovedLabels): Float32Array {
  const cells = grid.width * grid.height;
  const places = placesOf(motion, grid);
  const objects = meanMotions(motion, places, { weights, labels, grid });
  const noise = (NOISE * motion.flow.factor) ** 2;
  const out = new Float32Array(motionDims(labels) * cells);
  for (let cell = 0; cell < cells; cell++) {
    const place = places[cell];
    if (place < 0) continue;
    const { x, y } = displacementAt(motion, place);
    for (const [object, mean] of objects.entries()) {
      if (mean === undefined) continue;
      const all = mean.x * mean.x + mean.y * mean.y;
      const along = (2 * (x * mean.x + y * mean.y) - all) / (all + noise);
      out[object * cells + cell] = (Math.max(-1, Math.min(1, along)) * all) / (all + 4 * noise);
    }
  }
  return out;
}

/** For each cell that of the flow which shows its centre; −1 where the flow is not valid. */
function placesOf({ frame, flow }: FrameMotion, grid: PictureSize): Int32Array {
  const out = new Int32Array(grid.width * grid.height);
  for (let cell = 0; cell < out.length; cell++) {
    const centre = centreOf(cell, grid, frame);
    const column = Math.min(flow.width - 1, Math.floor(centre.x / flow.cell));
    const row = Math.min(flow.height - 1, Math.floor(centre.y / flow.cell));
    const place = row * flow.width + column;
    out[cell] = flow.valid[place] === 1 ? place : -1;
  }
  return out;
}

/** The mean motion of what each object was; undefined where too little of it is seen. */
function meanMotions(
  motion: FrameMotion,
  places: Int32Array,
  { weights, labels, grid }: MovedLabels,
): (Displacement | undefined)[] {
  const sums = Array.from({ length: labels - 1 }, () => ({ x: 0, y: 0, weight: 0 }));
  for (const [cell, place] of places.entries()) {
    const from = place < 0 ? -1 : cameFrom(motion, cell, place, grid);
    if (from < 0) continue;
    const { x, y } = displacementAt(motion, place);
    for (const [object, sum] of sums.entries()) {
      const weight = weights[from * labels + object + 1];
      if (weight <= 0.5) continue;
      sum.x += weight * x;
      sum.y += weight * y;
      sum.weight += weight;
    }
  }
  return sums.map(({ x, y, weight }) => (weight < LEAST_CELLS ? undefined : { x: x / weight, y: y / weight }));
}

/** The cell whose label a cell had: its own in the labelled frame, else where it was a frame before; −1 outside. */
function cameFrom({ frame, flow, isBefore }: FrameMotion, cell: number, place: number, grid: PictureSize): number {
  if (!isBefore) return cell;
  const { x, y } = centreOf(cell, grid, frame);
  const column = Math.floor(((x + flow.dx[place]) / frame.width) * grid.width);
  const row = Math.floor(((y + flow.dy[place]) / frame.height) * grid.height);
  const isInside = column >= 0 && row >= 0 && column < grid.width && row < grid.height;
  return isInside ? row * grid.width + column : -1;
}

/** Pixels of the frame. */
function centreOf(cell: number, grid: PictureSize, frame: PictureSize): Displacement {
  const [column, row] = [cell % grid.width, Math.floor(cell / grid.width)];
  return { x: ((column + 0.5) * frame.width) / grid.width, y: ((row + 0.5) * frame.height) / grid.height };
}

function displacementAt({ flow, moved }: FrameMotion, place: number): Displacement {
  return { x: moved[place], y: moved[flow.width * flow.height + place] };
}
