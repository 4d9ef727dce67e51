/** @file How far away the pixels of a frame are. */
import { median } from "../../core/median.ts";

/** The depth of a frame. */
export interface DepthMap {
  readonly width: number;
  readonly height: number;
  /** `[height, width]`, in any unit that is the same in all frames; what is not above 0 or not finite is unknown. */
  readonly data: Float32Array;
}

/** Depth of a clip's frames. */
export interface DepthSource {
  /** Of the folder, for messages. */
  readonly path: string;
  /** Known by its contents: names and numbers of the files, and the first, the middle and the last one. */
  readonly fingerprint: string;
  /** @param index of the frame @throws UserError `depth/unreadable`, `depth/size` */
  at(index: number): Promise<DepthMap>;
}

/** Places that are looked at in a cell, to each side. */
const PLACES = 3;

/**
 * The depth of cells: the median of some pixels of each, so that a cell at an edge has the depth of one side and none between.
 * @param grid cells over the whole map
 * @returns `[grid.height, grid.width]`, NaN where nothing is known
 */
export function depthOfCells(
  { width, height, data }: DepthMap,
  grid: { readonly width: number; readonly height: number },
): Float32Array {
  const out = new Float32Array(grid.width * grid.height);
  for (let cell = 0; cell < out.length; cell++) {
    const [column, row] = [cell % grid.width, Math.floor(cell / grid.width)];
    const known: number[] = [];
    for (let i = 0; i < PLACES * PLACES; i++) {
      const x = Math.floor(((column + ((i % PLACES) + 0.5) / PLACES) * width) / grid.width);
      const y = Math.floor(((row + (Math.floor(i / PLACES) + 0.5) / PLACES) * height) / grid.height);
      const depth = data[y * width + x];
      if (isKnown(depth)) known.push(depth);
    }
    out[cell] = known.length === 0 ? Number.NaN : median(known);
  }
  return out;
}

/** Whether a number is a depth. */
export const isKnown = (depth: number): boolean => depth > 0 && depth < Infinity;
