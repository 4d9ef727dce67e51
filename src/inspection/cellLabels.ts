/** @file Converts labels of cells to labels of pixels. */
import type { PictureSize } from "../method/features.ts";
import type { LabelMap } from "../video/labelMap.ts";

/** @param labels `[h, columns]`, one per cell of `stride` × `stride` pixels. @returns labels of a picture's pixels. */
export function cellLabels(labels: Uint8Array, columns: number, stride: number, size: PictureSize): LabelMap {
  const { width, height } = size;
  const data = new Uint8Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor(y / stride) * columns;
    for (let x = 0; x < width; x++, at++) data[at] = labels[row + Math.floor(x / stride)];
  }
  return { width, height, data };
}
