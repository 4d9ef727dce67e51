/** @file Spots on a lens: cells side by side that stay without their fine detail while the rest of the picture has it. */
import { connectedParts } from "../core/connectedParts.ts";
import type { Resumable } from "../core/resumable.ts";
import type { Box } from "../video/box.ts";
import { CELL_STATES, type CellsNow } from "./usualView.ts";

/** A cell belongs to a spot once it was blurred at so many looks in a row. */
const LOOKS = 4;
/** The fewest cells of a spot. */
const LEAST_CELLS = 3;
/** The rest of the picture keeps so much of its fine detail: else it is the focus, or the compression. */
const REST_KEEPS = 0.75;

export interface LensSpotsState {
  /** `[rows, columns]` looks in a row; null before the first. */
  readonly looks: Uint8Array | null;
}

/** Remembers for how long each cell has been blurred. */
export class LensSpots implements Resumable<LensSpotsState> {
  private looks: Uint8Array | null = null;
  /** Cells of each, and cells in a row. */
  private spots: readonly (readonly number[])[] = [];
  private columns = 1;

  state(): LensSpotsState {
    return { looks: this.looks?.slice() ?? null };
  }

  resume({ looks }: LensSpotsState): void {
    this.looks = looks?.slice() ?? null;
  }

  /** @param cells undefined where nothing is known. @returns the cells in spots, as a share of those with detail, 0..1 */
  see(cells: CellsNow | undefined, columns: number): number {
    [this.spots, this.columns] = [[], columns];
    if (cells === undefined) {
      this.looks = null;
      return 0;
    }
    const { states, textured, leftInPlace } = cells;
    const before = this.looks?.length === states.length ? this.looks : new Uint8Array(states.length);
    this.looks = before.map((count, cell) => (states[cell] === CELL_STATES.blurred ? Math.min(LOOKS, count + 1) : 0));
    if (leftInPlace < REST_KEEPS) return 0;
    const long = this.looks.map((count) => Number(count === LOOKS));
    this.spots = connectedParts(long, columns).filter((part) => part.length >= LEAST_CELLS);
    return this.spots.flat().length / Math.max(1, textured);
  }

  /** Around each spot of the last look, pixels. @param side of a cell. */
  boxes(side: number): Box[] {
    return this.spots.map((cells) => {
      const [x, y] = [cells.map((cell) => cell % this.columns), cells.map((cell) => Math.floor(cell / this.columns))];
      const [left, top] = [Math.min(...x), Math.min(...y)];
      const [width, height] = [Math.max(...x) + 1 - left, Math.max(...y) + 1 - top];
      return [side * left, side * top, side * width, side * height];
    });
  }
}
