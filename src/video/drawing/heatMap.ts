/** @file Numbers on a grid of cells as colours over a picture: 0 leaves the picture dark grey, high values glow. */
import { linearTap } from "../../core/linearTap.ts";
import { lumaAt } from "../luma.ts";
import type { RgbPicture } from "../picture.ts";

/** Values on a grid that begins at the picture's upper left corner. */
export interface CellValues {
  /** Cells. */
  readonly width: number;
  readonly height: number;
  /** `[height, width]`; 0 = cold, 1 and above = full heat. */
  readonly values: Float32Array;
  /** Pixels of the picture under the whole grid; may be more than the picture has. */
  readonly extent: { readonly width: number; readonly height: number };
}

/** How values become colours. */
export interface HeatOptions {
  /** Values between the cells' centres are interpolated (default); otherwise each cell is one square. */
  readonly smooth?: boolean;
}

/** The share of the picture's brightness kept where the values are 0. */
const GROUND = 0.45;
/** Share of the heat's colour at value 1. */
const OPACITY = 0.9;

/** sRGB at equal steps from cold to hot: black-body colours through purple, increasing in brightness. */
const RAMP = [
  [60, 15, 110],
  [140, 35, 130],
  [205, 60, 85],
  [245, 120, 35],
  [252, 190, 50],
  [255, 255, 170],
] as const;

/** @returns the picture with the values drawn over it, of the same size. */
export function drawHeat(picture: RgbPicture, cells: CellValues, { smooth = true }: HeatOptions = {}): RgbPicture {
  const { width, height, data } = picture;
  const out = new Uint8ClampedArray(data.length);
  const rows = taps(height, cells.height / cells.extent.height, cells.height, smooth);
  const columns = taps(width, cells.width / cells.extent.width, cells.width, smooth);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3) {
      const value = sample(cells, rows[y], columns[x]);
      const grey = GROUND * lumaAt(data, at);
      const share = OPACITY * Math.sqrt(value);
      const hot = heatColour(value);
      for (let c = 0; c < 3; c++) out[at + c] = grey + share * (hot[c] - grey);
    }
  return { width, height, data: new Uint8Array(out.buffer) };
}

/** sRGB of a value in 0..1. */
export function heatColour(value: number): [red: number, green: number, blue: number] {
  const { low, high, weight } = linearTap(value * (RAMP.length - 1) + 0.5, RAMP.length);
  const mixed = (c: 0 | 1 | 2): number => RAMP[low][c] + weight * (RAMP[high][c] - RAMP[low][c]);
  return [mixed(0), mixed(1), mixed(2)];
}

function taps(pixels: number, cellsPerPixel: number, cells: number, smooth: boolean) {
  return Array.from({ length: pixels }, (_, i) => {
    const { low, high, weight } = linearTap((i + 0.5) * cellsPerPixel, cells);
    if (smooth) return { low, high, weight };
    const cell = Math.min(cells - 1, Math.floor((i + 0.5) * cellsPerPixel));
    return { low: cell, high: cell, weight: 0 };
  });
}

type Tap = ReturnType<typeof taps>[number];

/** The value under a pixel, 0..1. */
function sample({ width, values }: CellValues, row: Tap, column: Tap): number {
  const across = (y: number): number =>
    (1 - column.weight) * values[y * width + column.low] + column.weight * values[y * width + column.high];
  return Math.min(1, Math.max(0, (1 - row.weight) * across(row.low) + row.weight * across(row.high)));
}
