/** @file The simplest encoder there is, for tests: mean colours of square cells, padded at the border by what is there. */
import type { FeatureExtractor, FeatureMap } from "../../src/method/features.ts";
import type { RgbPicture } from "../../src/video/picture.ts";

/** Mean R, G, B of every cell, centred, plus a constant so that grey has a direction too. */
export function pooledColours(stride: number): FeatureExtractor {
  return {
    name: "pooled colours",
    stride,
    channels: 4,
    encode: async (picture) => pool(picture, stride),
    [Symbol.asyncDispose]: async () => {},
  };
}

function pool({ width: w, height: h, data: rgb }: RgbPicture, stride: number): FeatureMap {
  const width = Math.ceil(w / stride);
  const height = Math.ceil(h / stride);
  const data = new Float32Array(4 * width * height).fill(0.1);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sums = [0, 0, 0];
      let count = 0;
      for (let py = y * stride; py < Math.min(h, (y + 1) * stride); py++) {
        for (let px = x * stride; px < Math.min(w, (x + 1) * stride); px++, count++) {
          for (let c = 0; c < 3; c++) sums[c] += rgb[(py * w + px) * 3 + c];
        }
      }
      for (let c = 0; c < 3; c++) data[(c * height + y) * width + x] = sums[c] / count / 127.5 - 1;
    }
  }
  return { channels: 4, width, height, data };
}
