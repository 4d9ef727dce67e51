/**
 * @file The colours of a frame's cells, and how far those of one thing are shifted from those of another. Features are
 * trained to look past colours and light, so colours tell apart what they do not.
 */
import { median } from "../../core/median.ts";
import { rgbToLab } from "../../video/lab.ts";
import type { RgbPicture } from "../../video/picture.ts";
import type { CellGrid } from "../matching/cellGrid.ts";

/**
 * Mean colours of some cells.
 * @param cells indices, row by row.
 * @returns `[cells, 2]`: a and b of scaled Lab (see `rgbToLab`); lightness changes with shadows and exposure.
 */
export function cellColours(picture: RgbPicture, { width, height }: CellGrid, cells: readonly number[]): Float32Array {
  const means = new Uint8Array(3 * cells.length);
  for (const [i, cell] of cells.entries())
    means.set(meanColour(picture, { x: cell % width, y: Math.floor(cell / width), width, height }), 3 * i);
  const lab = rgbToLab({ width: cells.length, height: 1, data: means });
  const out = new Float32Array(2 * cells.length);
  for (let i = 0; i < cells.length; i++) for (let c = 0; c < 2; c++) out[2 * i + c] = lab[(c + 1) * cells.length + i];
  return out;
}

/** How the colours of one thing differ from those of another. */
export interface ColourDifference {
  /**
   * How far the colours of matching places are shifted as a whole: the length of the median difference in a and b, 0..;
   * 0 without any. The same thing in another light has much the same; one like it but of another colour has not.
   */
  readonly tint: number;
  /** What is left of the differences without that shift, their median length, 0..: other things match in no order. */
  readonly mottle: number;
}

/**
 * Compares colours of matching places.
 * @param a of `cellColours`.
 * @param matches for every colour of `a` the one of `b` that it belongs to.
 */
export function colourDifference(a: Float32Array, b: Float32Array, matches: readonly number[]): ColourDifference {
  if (matches.length === 0) return { tint: 0, mottle: 0 };
  const differences = [0, 1].map((c) => matches.map((match, i) => a[2 * i + c] - b[2 * match + c]));
  const shift = differences.map((some) => median(some));
  const left = matches.map((_, i) => Math.hypot(...shift.map((by, c) => differences[c][i] - by)));
  return { tint: Math.hypot(...shift), mottle: median(left) };
}

interface Block {
  readonly x: number;
  readonly y: number;
  /** Of the grid. */
  readonly width: number;
  readonly height: number;
}

function meanColour({ width, height, data }: RgbPicture, block: Block): number[] {
  const [left, right] = [block.x, block.x + 1].map((x) => Math.floor((x * width) / block.width));
  const [top, bottom] = [block.y, block.y + 1].map((y) => Math.floor((y * height) / block.height));
  const sums = [0, 0, 0];
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) for (let c = 0; c < 3; c++) sums[c] += data[3 * (y * width + x) + c];
  const pixels = Math.max(1, (bottom - top) * (right - left));
  return sums.map((sum) => Math.round(sum / pixels));
}
