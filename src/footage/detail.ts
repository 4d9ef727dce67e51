/** @file How much detail a small picture has. */
import type { GreyPicture } from "../kernels/opticalFlow.ts";

/** A picture with less detail than this is one colour, mean grey levels between neighbours. */
export const UNIFORM = 0.25;

/** Mean difference of neighbouring pixels. */
export function detailOf({ width, height, data }: GreyPicture): number {
  let sum = 0;
  for (let y = 0; y < height; y += 2)
    for (let p = y * width, end = p + width - 1; p < end; p++) sum += Math.abs(data[p + 1] - data[p]);
  return sum / (Math.ceil(height / 2) * Math.max(1, width - 1));
}
