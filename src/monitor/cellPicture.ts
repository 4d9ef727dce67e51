/**
 * @file A picture as cells: what each looks like when its fine detail is left out, and how much of that there is. A lens
 * out of focus takes the fine detail and leaves the rest; what stands before the lens changes both.
 */
import { shrunkLuma } from "../footage/luma.ts";
import type { RgbPicture } from "../video/picture.ts";

/** Side of a coarse pixel, and of a cell, in pixels of the fine picture. */
const COARSE = 4;
/** Coarse pixels along a cell's side. */
const SAMPLES = 4;
/** Rows of the fine picture, about. */
const FINE_ROWS = 240;

/** A picture in cells. */
export interface CellPicture {
  readonly columns: number;
  readonly rows: number;
  /** `[4 · rows, 4 · columns]` luma in 0..255. */
  readonly coarse: Float32Array;
  /** `[rows, columns]` mean step between neighbours, grey levels. */
  readonly fine: Float32Array;
}

/** Pixels of a frame to a side of a pixel of its fine picture. */
export function fineFactor({ width, height }: Pick<RgbPicture, "width" | "height">): number {
  return Math.max(1, Math.round(Math.min(width, height) / FINE_ROWS));
}

/** Pixels of a frame to a cell's side. */
export function cellSide(size: Pick<RgbPicture, "width" | "height">): number {
  return SAMPLES * COARSE * fineFactor(size);
}

/** The remainder at the right and bottom is left out. */
export function cellPicture(picture: RgbPicture): CellPicture {
  const factor = fineFactor(picture);
  const side = cellSide(picture);
  const [columns, rows] = [picture.width, picture.height].map((length) => Math.max(1, Math.floor(length / side)));
  const size = [picture.width, picture.height].map((length) => Math.max(1, Math.floor(length / factor)));
  const { data, width } = shrunkLuma(picture, factor, [size[0], size[1]]);
  const across = SAMPLES * columns;
  const coarse = new Float32Array(across * SAMPLES * rows);
  const fine = new Float32Array(columns * rows);
  const [lastX, lastY] = [Math.min(width - 1, COARSE * across), Math.min(size[1] - 1, COARSE * SAMPLES * rows)];
  for (let y = 0; y < lastY; y++)
    for (let x = 0, p = y * width; x < lastX; x++, p++) {
      const value = data[p];
      coarse[(y >> 2) * across + (x >> 2)] += value / (COARSE * COARSE);
      fine[(y >> 4) * columns + (x >> 4)] += Math.abs(data[p + 1] - value) + Math.abs(data[p + width] - value);
    }
  const count = 2 * (COARSE * SAMPLES) ** 2;
  return { columns, rows, coarse, fine: fine.map((sum) => sum / count) };
}
