import { expect, it } from "vitest";
import { encodeApart } from "../../src/method/encodeApart.ts";
import type { FeatureExtractor } from "../../src/method/features.ts";
import type { RgbPicture } from "../../src/video/picture.ts";
import { resizeRgb } from "../../src/video/resize.ts";
import { pooledColours } from "../reference/pooledColours.ts";

const picture: RgbPicture = { width: 12, height: 8, data: Uint8Array.from({ length: 288 }, (_, i) => (i * 37) % 251) };
const size = { width: 6, height: 4 };

it("is the encoder's own way, where it has one", async () => {
  const asked: unknown[] = [];
  const encoder: FeatureExtractor = {
    ...pooledColours(2),
    encode: () => Promise.reject(new Error("not apart")),
    encodeApart: async (...given) => {
      asked.push(given);
      return { channels: 1, width: 1, height: 1, data: Float32Array.of(7) };
    },
  };
  expect((await encodeApart(encoder, picture, size, "int8")).data[0]).toBe(7);
  expect(asked).toEqual([[picture, size, "int8"]]);
});

it("of another encoder are the features of the resized picture, which it does not know the place of", async () => {
  const seen: object[] = [];
  const inner = pooledColours(2);
  const encoder: FeatureExtractor = {
    ...inner,
    encode: (given) => {
      seen.push(given);
      return inner.encode(given);
    },
  };
  const resized = { ...size, data: resizeRgb(picture, 6, 4) };
  expect(await encodeApart(encoder, { ...picture, index: 5 } as RgbPicture, size)).toEqual(await inner.encode(resized));
  expect(seen).toEqual([resized]);
});
