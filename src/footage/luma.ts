/** @file Luma of pictures (Rec. 601 weights, as the flow kernel has them), at full size and shrunk. */
import type { GreyPicture } from "../kernels/opticalFlow.ts";
import { lumaAt, lumaOfColour } from "../video/luma.ts";
import type { RgbPicture } from "../video/picture.ts";

/** Luma of every pixel, `[height, width]` in 0..255. */
export function lumaOf({ width, height, data }: RgbPicture): Float32Array {
  const out = new Float32Array(width * height);
  for (let p = 0, i = 0; p < out.length; p++, i += 3) out[p] = lumaAt(data, i);
  return out;
}

/**
 * Mean luma of squares of factor × factor pixels, of large squares of every other row; the remainder at the right and
 * bottom is ignored.
 */
export function shrunkLuma(
  { width: w, data }: RgbPicture,
  factor: number,
  size: readonly [number, number],
): GreyPicture {
  const [width, height] = size;
  const out = new Float32Array(width * height);
  const every = factor < 4 ? 1 : 2;
  const share = 1 / (factor * Math.ceil(factor / every));
  for (let y = 0; y < height * factor; y++) {
    if ((y % factor) % every !== 0) continue;
    const row = Math.floor(y / factor) * width;
    let i = 3 * y * w;
    for (let x = 0; x < width; x++) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (let k = 0; k < factor; k++, i += 3) {
        r += data[i];
        g += data[i + 1];
        b += data[i + 2];
      }
      out[row + x] += share * lumaOfColour(r, g, b);
    }
  }
  return { width, height, data: out };
}
