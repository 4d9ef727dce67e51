import { expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { labToRgb, rgbToLab } from "../../src/video/lab.ts";
import { labOfPixel } from "../reference/lab.ts";

/** Every 5th value of each channel, and 255. */
function colourCube(): Uint8Array {
  const values = Array.from({ length: 52 }, (_, i) => i * 5);
  return Uint8Array.from(values.flatMap((r) => values.flatMap((g) => values.flatMap((b) => [r, g, b]))));
}

function worstError(data: Uint8Array): number {
  const pixels = data.length / 3;
  const lab = rgbToLab({ width: pixels, height: 1, data });
  let worst = 0;
  for (let p = 0; p < pixels; p++)
    labOfPixel([data[3 * p], data[3 * p + 1], data[3 * p + 2]]).forEach((value, c) => {
      worst = Math.max(worst, Math.abs(value - lab[c * pixels + p]));
    });
  return worst;
}

test("agrees with the formula to 1e-4 on the whole colour cube", () => {
  expect(worstError(colourCube())).toBeLessThan(1e-4);
});

test("agrees with the formula on the darkest colours, where the cube root is steepest", () => {
  const dark = Array.from({ length: 32 ** 3 }, (_, i) => [i & 31, (i >> 5) & 31, i >> 10]).flat();
  expect(worstError(Uint8Array.from(dark))).toBeLessThan(1e-4);
});

test("black, white and pure red by hand; planes come one after another", () => {
  const lab = rgbToLab({ width: 3, height: 1, data: Uint8Array.from([0, 0, 0, 255, 255, 255, 255, 0, 0]) });
  // White: L = 100, red: L = 53.24, a = 80.09, b = 67.20.
  [-1, 1, 53.24 / 50 - 1, 0, 0, 80.09 / 127, 0, 0, 67.2 / 127].forEach((v, i) => expect(lab[i]).toBeCloseTo(v, 3));
});

test("back to RGB gives every colour again", () => {
  const random = new Random(1);
  const data = Uint8Array.from({ length: 3 * 64 * 64 }, () => random.integer(256));
  const back = labToRgb(rgbToLab({ width: 64, height: 64, data }), 64, 64);
  expect(back.data).toEqual(data);
});

test("colours outside sRGB are clipped", () => {
  expect([...labToRgb(Float32Array.from([1.5, 0, 0]), 1, 1).data]).toEqual([255, 255, 255]);
  expect(labToRgb(Float32Array.from([0, 2, 0]), 1, 1).data[1]).toBe(0);
});
