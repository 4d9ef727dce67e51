import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { resizeArea, resizeFloat, resizeLabels, resizeRgb, shrunk, sizeWithin } from "../../src/video/resize.ts";
import { area, bilinear, triangle } from "../reference/resize.ts";

const sizes = [
  [7, 5, 14, 10],
  [7, 5, 3, 2],
  [13, 9, 13, 9],
  [16, 8, 5, 11],
  [1, 1, 4, 3],
  [9, 1, 2, 3],
  [8, 6, 1, 1],
] as const;

function randomPlane(length: number, seed = 3): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length }, () => random.uniform(-2, 2));
}

describe.each(sizes)("%i x %i to %i x %i", (inW, inH, outW, outH) => {
  test("bilinear equals F.interpolate's definition on every plane", () => {
    const planes = randomPlane(2 * inW * inH);
    const out = resizeFloat(planes, [2, inH, inW], outW, outH);
    const expected = [0, 1].flatMap((c) => bilinear(planes.subarray(c * inW * inH), inW, inH, outW, outH));
    expect(out.length).toBe(expected.length);
    expected.forEach((v, i) => expect(out[i]).toBeCloseTo(v, 5));
  });

  test("area equals adaptive average pooling on every plane", () => {
    const planes = randomPlane(2 * inW * inH);
    const out = resizeArea(planes, [2, inH, inW], outW, outH);
    const expected = [0, 1].flatMap((c) => area(planes.subarray(c * inW * inH), inW, inH, outW, outH));
    expected.forEach((v, i) => expect(out[i]).toBeCloseTo(v, 5));
  });

  test("RGB equals the triangle filter", () => {
    const random = new Random(5);
    const data = Uint8Array.from({ length: inW * inH * 3 }, () => random.integer(256));
    const out = resizeRgb({ width: inW, height: inH, data }, outW, outH);
    expect(out.length).toBe(outW * outH * 3);
    for (let c = 0; c < 3; c++) {
      const plane = Float32Array.from({ length: inW * inH }, (_, i) => data[i * 3 + c]);
      triangle(plane, inW, inH, outW, outH).forEach((v, i) => expect(Math.abs(out[i * 3 + c] - v)).toBeLessThan(0.502));
    }
  });
});

test("bilinear by hand: 2 x 3 to 3 x 2", () => {
  const out = resizeFloat(Float32Array.from([0, 1, 2, 3, 4, 5]), [1, 2, 3], 2, 3);
  [0.25, 1.75, 1.75, 3.25, 3.25, 4.75].forEach((v, i) => expect(out[i]).toBeCloseTo(v, 6));
});

test("shrinking a fine checkerboard gives grey: no aliasing", () => {
  const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => {
    const p = Math.floor(i / 3);
    return ((p % 64) + Math.floor(p / 64)) % 2 === 0 ? 255 : 0;
  });
  const out = resizeRgb({ width: 64, height: 64, data }, 16, 16);
  for (const v of out) expect(Math.abs(v - 127.5)).toBeLessThan(2);
});

test("an unchanged size gives a copy, not the same memory", () => {
  const picture = { width: 2, height: 1, data: Uint8Array.from([1, 2, 3, 4, 5, 6]) };
  const out = resizeRgb(picture, 2, 1);
  expect(out).toEqual(picture.data);
  expect(out.buffer).not.toBe(picture.data.buffer);
});

test("labels take the nearest pixel", () => {
  const labels = { width: 4, height: 2, data: Uint8Array.from([0, 1, 2, 255, 4, 5, 6, 7]) };
  expect([...resizeLabels(labels, 2, 1).data]).toEqual([5, 7]);
  expect([...resizeLabels(labels, 8, 2).data]).toEqual([0, 0, 1, 1, 2, 2, 255, 255, 4, 4, 5, 5, 6, 6, 7, 7]);
  expect(resizeLabels(labels, 4, 2)).toEqual(labels);
});

describe("a shorter side of at most so many pixels", () => {
  test.each([
    [1920, 1080, 480, 853, 480],
    [1080, 1920, 480, 480, 853],
    [320, 240, 240, 320, 240],
    [64, 48, 240, 64, 48],
  ])("%i x %i within %i is %i x %i", (width, height, side, wanted, high) => {
    expect(sizeWithin({ width, height }, side)).toEqual({ width: wanted, height: high });
  });

  test("a picture that is no larger is the same one, a larger one is resized", () => {
    const picture = { width: 12, height: 8, data: Uint8Array.from({ length: 288 }, (_, i) => i % 256) };
    expect(shrunk(picture, 8)).toBe(picture);
    expect(shrunk(picture, 4)).toEqual({ width: 6, height: 4, data: resizeRgb(picture, 6, 4) });
  });
});
