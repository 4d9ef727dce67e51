/** @file Single pixels of a frame on a regular grid: enough for shares and means, at a fraction of the cost. */
import { lumaAt } from "../video/luma.ts";
import type { RgbPicture } from "../video/picture.ts";

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
      see(data[i], data[i + 1], data[i + 2], lumaAt(data, i), row + Math.floor((8 * x) / width));
    }
  }
}
