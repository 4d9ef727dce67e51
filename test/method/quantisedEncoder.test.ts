/** @file The encoder in 8-bit integers gives nearly the float32 features, for every clip by its own ranges. */
import { describe, expect, it } from "vitest";
import { openEncoder } from "../../src/method/node/openEncoder.ts";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import type { FeatureMap } from "../../src/method/features.ts";
import { rangesOf } from "../../src/method/quantisedEncoder.ts";
import { resizeRgb } from "../../src/video/resize.ts";

/** Stripes with a slope of brightness. */
const picture = (width: number, height: number, period: number, light = 200) => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return (light * (0.5 + 0.4 * Math.sin(x / period) * Math.cos(y / (period + (i % 3))))) & 255;
  }),
});

/** Mean cosine similarity of the cells. */
function likeness(a: FeatureMap, b: FeatureMap): number {
  const cells = a.height * a.width;
  let sum = 0;
  for (let i = 0; i < cells; i++) {
    let [ab, aa, bb] = [0, 0, 0];
    for (let c = 0; c < a.channels; c++) {
      const [p, q] = [a.data[c * cells + i], b.data[c * cells + i]];
      [ab, aa, bb] = [ab + p * q, aa + p * p, bb + q * q];
    }
    sum += ab / Math.sqrt(aa * bb);
  }
  return sum / cells;
}

describe.each(["small", "nano"] as const)("%s in int8", (variant) => {
  it("is nearly float32, also for pictures after the one that the ranges come from", async () => {
    await using encoder = await openEncoder({ weights: untrainedWeights(variant), threads: 1 });
    for (const one of [picture(64, 48, 3), picture(64, 48, 5), picture(61, 46, 4)]) {
      const [exact, quantised] = [await encoder.encode(one), await encoder.encode(one, "int8")];
      expect(quantised).toMatchObject({ height: exact.height, width: exact.width, channels: exact.channels });
      expect(likeness(exact, quantised)).toBeGreaterThan(0.995);
    }
  });

  it("of a larger picture is nearly that of the resized one, whatever sizes came before", async () => {
    await using encoder = await openEncoder({ weights: untrainedWeights(variant), threads: 1 });
    for (const [width, height] of [
      [48, 32],
      [46, 33],
    ]) {
      const large = picture(101, 75, 6);
      const found = await encoder.encodeResized(large, { width, height }, "int8");
      const small = { width, height, data: resizeRgb(large, width, height) };
      const wanted = await encoder.encode(small, "int8");
      expect(found).toMatchObject({ height: wanted.height, width: wanted.width });
      expect(likeness(found, wanted)).toBeGreaterThan(0.99);
      expect(await encoder.encodeResized(large, { width, height })).toEqual(await encoder.encode(small));
    }
  });

  it("does not depend on clips before", async () => {
    const weights = untrainedWeights(variant);
    const [dark, light] = [picture(48, 32, 4, 20), picture(48, 32, 3, 255)];
    await using fresh = await openEncoder({ weights, threads: 1 });
    const wanted = await fresh.encode(light, "int8");
    await using used = await openEncoder({ weights, threads: 1 });
    await used.encode(dark, "int8");
    expect(await used.encode(light, "int8")).not.toEqual(wanted);
    used.restart();
    expect(await used.encode(light, "int8")).toEqual(wanted);
  });
});

it("a variant without a last convolution is nearly float32 too", async () => {
  await using encoder = await openEncoder({ weights: untrainedWeights("crw"), threads: 1 });
  const one = picture(64, 48, 3);
  expect(likeness(await encoder.encode(one), await encoder.encode(one, "int8"))).toBeGreaterThan(0.995);
});

it("ranges are named by what they are of", () => {
  const found = { "a/high": Float32Array.of(2), "a/low": Float32Array.of(3) };
  expect([...rangesOf(found)]).toEqual([["a", { low: -3, high: 2 }]]);
});

it("a stream that becomes lighter is looked at again after a while", async () => {
  await using encoder = await openEncoder({ weights: untrainedWeights("nano"), threads: 1 });
  const [dark, light] = [picture(32, 24, 4, 12), picture(32, 24, 3, 255)];
  const wanted = await encoder.encode(light);
  const unlike = async (): Promise<number> => 1 - likeness(await encoder.encode(light, "int8"), wanted);
  await encoder.encode(dark, "int8");
  const clipped = await unlike();
  for (let t = 0; t < 249; t++) await encoder.encode(light, "int8");
  expect(await unlike()).toBeLessThan(clipped / 2);
});
