/** @file The parts of a frame that move on their own: connected cells of a motion map, small gaps closed. */
import { connectedParts } from "../core/connectedParts.ts";
import type { MotionMap } from "./motionMap.ts";

/** A part of the picture that moves, on the cells of its motion map. */
export interface MovingRegion {
  /** Cells, ascending. */
  readonly cells: readonly number[];
  /** First and last columns and rows, in cells. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Sum of the strengths of its cells. */
  readonly strength: number;
  /** Mean residual flow of its cells that move, cells a frame. */
  readonly flow: readonly [dx: number, dy: number];
  /** Share of its outline that lies on the picture's edge, 0..1. */
  readonly atEdge: number;
}

/** Cells that move at least this strongly. */
const LEAST_STRENGTH = 0.15;
/** Gaps of up to twice as many cells are closed. */
const CLOSED = 1;
/** The smallest region, as a share of all cells, and in cells. */
const LEAST = { share: 0.001, cells: 6 };

/** Regions of one frame, the strongest first. @param cellPx side of a cell, frame pixels. */
export function movingRegions(map: MotionMap, cellPx: number): MovingRegion[] {
  const { width, height, strength } = map;
  const moving = Uint8Array.from(strength, (value) => Number(value >= LEAST_STRENGTH));
  const closed = withGapsClosed(moving, width);
  const least = Math.max(LEAST.cells, LEAST.share * width * height);
  return connectedParts(closed, width)
    .filter((cells) => cells.length >= least)
    .map((cells) => regionOf(cells, map, cellPx))
    .sort((a, b) => b.strength - a.strength);
}

function regionOf(
  cells: readonly number[],
  { width, height, strength, flow }: MotionMap,
  cellPx: number,
): MovingRegion {
  const count = width * height;
  let [left, top, right, bottom] = [width, height, -1, -1];
  let [sum, dx, dy, moving, edge] = [0, 0, 0, 0, 0];
  for (const cell of cells) {
    const [x, y] = [cell % width, Math.floor(cell / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) edge++;
    if (strength[cell] === 0) continue;
    sum += strength[cell];
    dx += flow[cell];
    dy += flow[count + cell];
    moving++;
  }
  const outline = 2 * (right - left + bottom - top + 2);
  const mean = (value: number): number => value / Math.max(1, moving) / cellPx;
  const ascending = [...cells].sort((a, b) => a - b);
  return {
    cells: ascending,
    left,
    top,
    right,
    bottom,
    strength: sum,
    flow: [mean(dx), mean(dy)],
    atEdge: edge / outline,
  };
}

/** Grown and shrunk again: gaps that are narrower vanish. */
function withGapsClosed(marked: Uint8Array, width: number): Uint8Array {
  const height = marked.length / width;
  // With room around, so that what is grown over the picture's edge shrinks from there.
  const across = width + 2 * CLOSED;
  const padded = new Uint8Array(across * (height + 2 * CLOSED));
  const rowAt = (y: number): number => (y + CLOSED) * across + CLOSED;
  for (let y = 0; y < height; y++) padded.set(marked.subarray(y * width, (y + 1) * width), rowAt(y));
  const closed = squareWise(squareWise(padded, across, Math.max), across, Math.min);
  const out = new Uint8Array(marked.length);
  for (let y = 0; y < height; y++) out.set(closed.subarray(rowAt(y), rowAt(y) + width), y * width);
  return out;
}

/** The largest or smallest value of the square around each cell, rows before columns. */
function squareWise(values: Uint8Array, width: number, choose: (a: number, b: number) => number): Uint8Array {
  const height = values.length / width;
  const along = values.map((own, c) => {
    const x = c % width;
    let value = own;
    for (let k = Math.max(-CLOSED, -x); k <= Math.min(CLOSED, width - 1 - x); k++) value = choose(value, values[c + k]);
    return value;
  });
  return along.map((own, c) => {
    const y = Math.floor(c / width);
    let value = own;
    for (let k = Math.max(-CLOSED, -y); k <= Math.min(CLOSED, height - 1 - y); k++)
      value = choose(value, along[c + k * width]);
    return value;
  });
}
