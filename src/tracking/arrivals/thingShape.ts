/** @file The form of a thing on the cells of a frame: which cells around its middle belong to it. */
import type { PictureSize } from "../../method/features.ts";
import type { Point } from "../../video/point.ts";

/** Whole cells to the right of the cell that holds the middle, and below it. */
export interface ThingShape {
  readonly across: readonly number[];
  readonly down: readonly number[];
}

/** The mean place of some cells, cells. @param cells at least one. */
export function middleOf(cells: readonly number[], width: number): Point {
  let [x, y] = [0, 0];
  for (const cell of cells) {
    x += cell % width;
    y += Math.floor(cell / width);
  }
  return { x: x / cells.length, y: y / cells.length };
}

/** The form that some cells have around a place. */
export function shapeAt(cells: readonly number[], place: Point, width: number): ThingShape {
  const [x, y] = [Math.round(place.x), Math.round(place.y)];
  return { across: cells.map((cell) => (cell % width) - x), down: cells.map((cell) => Math.floor(cell / width) - y) };
}

/** The cells of a form at a place, those beyond the frame left out. */
export function cellsAt({ across, down }: ThingShape, place: Point, { width, height }: PictureSize): number[] {
  const [left, top] = [Math.round(place.x), Math.round(place.y)];
  const out: number[] = [];
  for (let i = 0; i < across.length; i++) {
    const [x, y] = [left + across[i], top + down[i]];
    if (x >= 0 && x < width && y >= 0 && y < height) out.push(y * width + x);
  }
  return out;
}

/** Whether any of the cells lies at most `by` cells from the frame's edge. */
export function nearEdge(cells: readonly number[], { width, height }: PictureSize, by: number): boolean {
  return cells.some((cell) => {
    const [x, y] = [cell % width, Math.floor(cell / width)];
    return x <= by || y <= by || x >= width - 1 - by || y >= height - 1 - by;
  });
}
