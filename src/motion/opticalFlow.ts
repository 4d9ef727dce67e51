/**
 * @file Step 1 of MEE: dense flow of colour pictures at reduced resolution, on the grid of cells that motion maps have.
 *
 * The flow is computed from the frame back to the one before it, so that it lies on the pixels of the requested frame.
 */
import type { CheckedFlow, GreyPicture, OpticalFlow } from "../kernels/opticalFlow.ts";
import type { RgbPicture } from "../video/picture.ts";

/** Side of a cell, working pixels. */
export const CELL = 2;

/** With a smaller share of valid cells than this, the frames are not consecutive. */
const LEAST_VALID = 0.4;

/** Grid of the cells of a frame. */
export interface CellGrid {
  /** Side of a working pixel, frame pixels. */
  readonly factor: number;
  /** Side of a cell, frame pixels: `2 · factor`. */
  readonly cell: number;
  readonly width: number;
  readonly height: number;
}

/** Where the contents of each cell were in the previous frame. */
export interface CellFlow extends CellGrid {
  /**
   * `[height, width]` frame pixels: what is in the cell at x was at x + dx in the previous frame; means over the valid
   * working pixels.
   */
  readonly dx: Float32Array;
  readonly dy: Float32Array;
  /** `[height, width]` 1 where at least half of the working pixels passed the forward-backward check. */
  readonly valid: Uint8Array;
  /** Share of valid cells, 0..1. */
  readonly validShare: number;
}

/**
 * The grid for frames of a size.
 * @param shortSide working pixels wanted on the short side; the nearest whole factor is taken.
 */
export function cellGrid(width: number, height: number, shortSide: number): CellGrid {
  const factor = Math.max(1, Math.round(Math.min(width, height) / shortSide));
  const cells = (side: number): number => Math.max(1, Math.floor(Math.floor(side / factor) / CELL));
  return { factor, cell: CELL * factor, width: cells(width), height: cells(height) };
}

/** Checked flow from `frame` back to `previous`, as cells. */
export async function cellFlow(
  kernel: OpticalFlow,
  frame: RgbPicture,
  previous: RgbPicture,
  shortSide: number,
): Promise<CellFlow> {
  const grid = cellGrid(frame.width, frame.height, shortSide);
  return flowInCells(await kernel.checkedFlowOfColour(frame, previous, grid.factor), grid);
}

/**
 * The same between grey pictures that are already small.
 * @param factor pixels of the frame to a side of a pixel of these.
 */
export async function greyCellFlow(
  kernel: OpticalFlow,
  frame: GreyPicture,
  previous: GreyPicture,
  factor: number,
): Promise<CellFlow> {
  const cells = (side: number): number => Math.max(1, Math.floor(side / CELL));
  const grid = { factor, cell: CELL * factor, width: cells(frame.width), height: cells(frame.height) };
  return flowInCells(await kernel.checkedFlow(frame, previous), grid);
}

/**
 * Whether enough of the flow is reliable for the two frames to be consecutive; otherwise there is a cut between them.
 */
export function isConsecutive({ validShare }: CellFlow): boolean {
  return validShare >= LEAST_VALID;
}

/** Flow of working pixels as cells. @param flow on pictures shrunk by the grid's factor. */
export function flowInCells(flow: CheckedFlow, grid: CellGrid): CellFlow {
  const { width, height, factor } = grid;
  const dx = new Float32Array(width * height);
  const dy = new Float32Array(width * height);
  const valid = new Uint8Array(width * height);
  let sound = 0;
  for (let y = 0, c = 0; y < height; y++) {
    for (let x = 0; x < width; x++, c++) {
      const bottom = Math.min(flow.height, (y + 1) * CELL);
      const right = Math.min(flow.width, (x + 1) * CELL);
      let count = 0;
      let pixels = 0;
      for (let j = y * CELL; j < bottom; j++) {
        for (let p = j * flow.width + x * CELL; p < j * flow.width + right; p++) {
          pixels++;
          if (flow.valid[p] === 0) continue;
          count++;
          dx[c] += flow.u[p];
          dy[c] += flow.v[p];
        }
      }
      if (count > 0) dx[c] *= factor / count;
      if (count > 0) dy[c] *= factor / count;
      valid[c] = Number(2 * count >= pixels);
      sound += valid[c];
    }
  }
  return { ...grid, dx, dy, valid, validShare: sound / (width * height) };
}
