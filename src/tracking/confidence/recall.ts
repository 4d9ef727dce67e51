/**
 * @file Objects that come back: where they were out of sight, the latest frames have learned to call what they look like background, and outvote the
 * labelled frame. So that frame is asked alone, and an object is taken to be where most of its cells lie together.
 */
import type { CellGrid } from "../cellGrid.ts";
import { strongestLabels } from "./labelShape.ts";

/** What comes back is at least so much of the object, of its cells in the labelled frame. */
const LEAST_SHARE = 1 / 8;

/** What is given to `takeBack`. */
export interface Recall {
  /** `[cells, labels]`, as carried to the frame; changed in place. */
  readonly weights: Float32Array;
  /** `[cells, labels]`, as the labelled frame alone has it. */
  readonly recalled: Float32Array;
  readonly labels: number;
  readonly grid: CellGrid;
}

/**
 * Gives an object the cells that the labelled frame alone gives it, as far as they are background and hang together with the most of it.
 * @param label of the object. @param area its cells in the labelled frame.
 * @returns whether it got any.
 */
export function takeBack({ weights, recalled, labels, grid }: Recall, label: number, area: number): boolean {
  const carried = strongestLabels(weights, labels);
  const found = strongestLabels(recalled, labels);
  const own = Uint8Array.from(carried, (is, cell) => Number(is === label || (is === 0 && found[cell] === label)));
  const part = largestPart(own, grid);
  if (part.length < LEAST_SHARE * area) return false;
  const taken = part.filter((cell) => carried[cell] !== label);
  for (const cell of taken) weights.set(recalled.subarray(cell * labels, (cell + 1) * labels), cell * labels);
  return taken.length > 0;
}

/** The most marked cells that touch one another by their sides. @param marked `[height, width]`, 0 or 1; used up. */
export function largestPart(marked: Uint8Array, { width, height }: CellGrid): number[] {
  let largest: number[] = [];
  for (let start = 0; start < marked.length; start++) {
    if (marked[start] === 0) continue;
    const part = [start];
    marked[start] = 0;
    const visit = (cell: number): void => {
      if (marked[cell] === 1) part.push(cell);
      marked[cell] = 0;
    };
    for (let i = 0; i < part.length; i++) {
      const cell = part[i];
      const [x, y] = [cell % width, Math.floor(cell / width)];
      if (x > 0) visit(cell - 1);
      if (x < width - 1) visit(cell + 1);
      if (y > 0) visit(cell - width);
      if (y < height - 1) visit(cell + width);
    }
    if (part.length > largest.length) largest = part;
  }
  return largest;
}
