/** @file Grows marked cells. */
import type { PictureSize } from "../../method/features.ts";

/**
 * The cells at most `by` columns and rows away from a marked one.
 * @param marked `[height, width]`, 0 or 1.
 */
export function grown(marked: Uint8Array, { width, height }: PictureSize, by: number): Uint8Array {
  const across = new Uint8Array(marked.length);
  for (let cell = 0; cell < marked.length; cell++) {
    if (marked[cell] === 0) continue;
    const column = cell % width;
    across.fill(1, cell - Math.min(by, column), cell + Math.min(by, width - 1 - column) + 1);
  }
  const out = new Uint8Array(marked.length);
  for (let cell = 0; cell < marked.length; cell++) {
    if (across[cell] === 0) continue;
    const row = Math.floor(cell / width);
    const [first, last] = [Math.max(0, row - by), Math.min(height - 1, row + by)];
    for (let at = cell + (first - row) * width; at <= cell + (last - row) * width; at += width) out[at] = 1;
  }
  return out;
}
