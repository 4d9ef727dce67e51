/**
 * @file Objects that come back: while they were out of sight, the latest frames labelled what looks like them as
 * background, and these outvote the labelled frame. So that frame is searched alone, and an object is taken to be where
 * most of its cells are connected.
 */
import { connectedParts } from "../../core/connectedParts.ts";
import type { Point } from "../../video/point.ts";
import { giveToBackground, strongestLabels } from "./labelShape.ts";

/** The least share of its labelled cells with which an object comes back. */
const LEAST_SHARE = 1 / 8;
/** An object that was found grows by so many cells a frame. */
const GROWTH = 2;
/** Of parts with at least this share of the largest one's cells the nearest to the last place is taken. */
const COMPARABLE = 0.5;

/** One frame's cells, as they were carried to it and as the labelled frame alone has them. */
export class Recall {
  private readonly weights: Float32Array;
  private readonly recalled: Float32Array;
  private readonly labels: number;
  private readonly width: number;
  private readonly carried: Uint8Array;
  private readonly found: Uint8Array;

  /**
   * @param weights `[cells, labels]`, as carried; changed in place. @param recalled `[cells, labels]`, as the labelled
   * frame alone has it.
   * @param width of the grid, cells.
   */
  constructor(weights: Float32Array, recalled: Float32Array, labels: number, width: number) {
    this.weights = weights;
    this.recalled = recalled;
    this.labels = labels;
    this.width = width;
    this.carried = strongestLabels(weights, labels);
    this.found = strongestLabels(recalled, labels);
  }

  /** What was carried of an object says nothing: it goes to the background. */
  drop(label: number): void {
    const { weights, labels, carried } = this;
    for (let cell = 0; cell < carried.length; cell++) {
      giveToBackground(weights, labels, label, cell);
      if (carried[cell] === label) carried[cell] = 0;
    }
  }

  /**
   * Gives an object the cells that it has by the labelled frame alone, as far as they are background and in one connected
   * part: the largest, or of several such the one nearest to where it was.
   * @param label of the object. @param area its cells in the labelled frame. @param last where it was seen last, cells.
   */
  takeBack(label: number, area: number, last?: Point): void {
    this.take(label, area, () => true, last);
  }

  /** As `takeBack`, but only cells next to what was carried: an object that was found grows bit by bit. */
  grow(label: number, area: number): void {
    const beside = besideLabel(this.carried, this.width, label);
    this.take(label, area, (cell) => beside[cell]);
  }

  private take(label: number, area: number, allowed: (cell: number) => boolean, last?: Point): void {
    const { weights, recalled, labels, width, carried, found } = this;
    const own = Uint8Array.from(carried, (is, cell) =>
      Number(is === label || (is === 0 && found[cell] === label && allowed(cell))),
    );
    const part = chosenPart(connectedParts(own, width), width, last);
    if (part.length < LEAST_SHARE * area) return;
    for (const cell of part) {
      if (carried[cell] === label) continue;
      weights.set(recalled.subarray(cell * labels, (cell + 1) * labels), cell * labels);
      carried[cell] = label;
    }
  }
}

function chosenPart(parts: readonly (readonly number[])[], width: number, last: Point | undefined): readonly number[] {
  const most = Math.max(0, ...parts.map((part) => part.length));
  const large = parts.filter((part) => part.length >= (last === undefined ? most : COMPARABLE * most));
  const far = large.map((part) => (last === undefined ? 0 : distance(part, width, last)));
  return large[far.indexOf(Math.min(...far))] ?? [];
}

/** From the centre of some cells to a place, cells. */
function distance(cells: readonly number[], width: number, { x, y }: Point): number {
  const columns = cells.reduce((sum, cell) => sum + (cell % width), 0) / cells.length;
  const rows = cells.reduce((sum, cell) => sum + Math.floor(cell / width), 0) / cells.length;
  return Math.hypot(columns - x, rows - y);
}

/** Whether each cell has one of the label at most `GROWTH` to its sides, above or below. */
function besideLabel(cells: Uint8Array, width: number, label: number): boolean[] {
  const steps = Array.from({ length: GROWTH }, (_, i) => i + 1);
  return Array.from(cells, (_, cell) => {
    const column = cell % width;
    return steps.some(
      (step) =>
        (column >= step && cells[cell - step] === label) ||
        (column + step < width && cells[cell + step] === label) ||
        cells[cell - step * width] === label ||
        cells[cell + step * width] === label,
    );
  });
}
