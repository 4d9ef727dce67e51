/** @file Single pixels of a frame on a regular grid: enough for shares and means, at a fraction of the cost. */
import type { RgbPicture } from "../video/picture.ts";
import { LUMA } from "./luma.ts";

/** Rows of the grid, about. */
const ROWS = 90;

/** Calls `see` for every pixel of the grid: red, green, blue, luma, and its place in the grid's 8 × 8 tiles (0..63). */
export function forSamples(
  { width, height, data }: RgbPicture,
  see: (r: number, g: number, b: number, luma: number, tile: number) => void,
): void {
  const step = Math.max(1, Math.floor(Math.min(width, height) / ROWS));
  for (let y = step >> 1; y < height; y += step) {
    const row = 8 * Math.floor((8 * y) / height);
    for (let x = step >> 1; x < width; x += step) {
      const i = 3 * (y * width + x);
      const r = data[i];
      const g = data[i + 1];
      const b = data[i + 2];
      see(r, g, b, LUMA[0] * r + LUMA[1] * g + LUMA[2] * b, row + Math.floor((8 * x) / width));
    }
  }
}
