import { expect, test } from "vitest";
import { type EnsembleView, openEnsemble } from "../../src/method/encoderEnsemble.ts";
import { openEncoder } from "../../src/method/node/openEncoder.ts";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import type { FeatureExtractor, FeatureMap } from "../../src/method/features.ts";
import type { RgbPicture } from "../../src/video/picture.ts";

const STRIDE = 4;

/** Two channels: the mean red of a cell, and 1. */
function meanRed(opened: { count: number; closed: number }): FeatureExtractor {
  opened.count++;
  return {
    name: "red",
    stride: STRIDE,
    channels: 2,
    encode: async ({ width, height, data }: RgbPicture): Promise<FeatureMap> => {
      const [w, h] = [Math.ceil(width / STRIDE), Math.ceil(height / STRIDE)];
      const out = new Float32Array(2 * w * h).fill(1);
      for (let cell = 0; cell < w * h; cell++) {
        let [sum, pixels] = [0, 0];
        for (let y = Math.floor(cell / w) * STRIDE; y < Math.min(height, (Math.floor(cell / w) + 1) * STRIDE); y++)
          for (let x = (cell % w) * STRIDE; x < Math.min(width, ((cell % w) + 1) * STRIDE); x++, pixels++)
            sum += data[(y * width + x) * 3];
        out[cell] = sum / pixels;
      }
      return { channels: 2, width: w, height: h, data: out };
    },
    [Symbol.asyncDispose]: async () => {
      opened.closed++;
    },
  };
}

const openNano = () => openEncoder({ weights: untrainedWeights("nano") });

/** Red rises from left to right and from top to bottom. */
function ramp(width: number, height: number): RgbPicture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[(y * width + x) * 3] = 3 * x + 2 * y;
  return { width, height, data };
}

test.each<EnsembleView>(["mirror", "half", "double"])("%s: every cell meets itself again in the view", async (view) => {
  const opened = { count: 0, closed: 0 };
  const encoder = await openEnsemble([view], async () => meanRed(opened));
  const { channels, width, height, data } = await encoder.encode(ramp(32, 24));
  expect([channels, width, height]).toEqual([4, 8, 6]);
  const at = (c: number, x: number, y: number): number => data[(c * height + y) * width + x];
  // At the border the view's cells end earlier.
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      expect(at(0, x, y) ** 2 + at(1, x, y) ** 2).toBeCloseTo(0.5, 5);
      const [red, seen] = [at(0, x, y) / at(1, x, y), at(2, x, y) / at(3, x, y)];
      // Shrunk and grown pictures are rounded to bytes.
      expect(Math.abs(red - seen)).toBeLessThan(1.1);
    }
  await encoder[Symbol.asyncDispose]();
  expect(opened).toEqual({ count: 2, closed: 2 });
});

test("a width that is no multiple of the stride: mirrored cells lie where they belong", async () => {
  const encoder = await openEnsemble(["mirror"], async () => meanRed({ count: 0, closed: 0 }));
  const { width, height, data } = await encoder.encode(ramp(30, 8));
  const red = (c: number, x: number): number => data[c * width * height + x] / data[(c + 1) * width * height + x];
  for (let x = 1; x < width - 1; x++) expect(red(2, x)).toBeCloseTo(red(0, x), 3);
});

test("no view is the encoder itself; a real one keeps its size and has as many channels more", async () => {
  await using plain = await openEnsemble([], openNano);
  await using both = await openEnsemble(["mirror", "half"], openNano);
  expect(plain.name).toBe("nano");
  expect(both.name).toBe("nano+mirror+half");
  const [one, more] = [await plain.encode(ramp(40, 36)), await both.encode(ramp(40, 36))];
  expect([more.channels, more.width, more.height]).toEqual([3 * one.channels, one.width, one.height]);
  expect(more.data.every(Number.isFinite)).toBe(true);
});

test("a frame that is encoded apart has no views", async () => {
  await using plain = await openNano();
  await using both = await openEnsemble(["mirror", "half"], openNano);
  const size = { width: 24, height: 20 };
  expect(await both.encodeApart?.(ramp(40, 36), size)).toEqual(await plain.encodeApart(ramp(40, 36), size));
  expect(await both.encode(ramp(40, 36))).toMatchObject({ channels: 3 * plain.channels });
});

test("an encoder that cannot be opened closes those that are open", async () => {
  const opened = { count: 0, closed: 0 };
  const open = async (): Promise<FeatureExtractor> => {
    if (opened.count === 2) throw new Error("no memory");
    return meanRed(opened);
  };
  await expect(openEnsemble(["mirror", "half"], open)).rejects.toThrow("no memory");
  expect(opened).toEqual({ count: 2, closed: 2 });
});

test.each(["float32", "int8"] as const)(
  "%s: resumed with what all views reached, the bits are the same",
  async (precision) => {
    // The first is the brightest, so that ranges found anew from a later one would be narrower.
    const frames = [1, 0.6, 0.3].map((light) => {
      const picture = ramp(40, 36);
      return { ...picture, data: picture.data.map((value) => light * value) };
    });
    await using straight = await openEnsemble(["mirror", "half"], openNano);
    const wanted = [];
    for (const frame of frames) wanted.push(await straight.encode(frame, precision));
    await using resumed = await openEnsemble(["mirror", "half"], openNano);
    await resumed.encode(frames[2], precision);
    resumed.restart?.({ count: 1, reached: wanted[0].reached ?? null });
    for (const t of [1, 2]) expect(await resumed.encode(frames[t], precision)).toEqual(wanted[t]);
  },
);
