/** @file Arithmetic in 8-bit integers against real numbers that are rounded where the graph rounds. */
import { describe, expect, test } from "vitest";
import * as t from "../../../src/tensor/index.ts";
import { convolved, onSteps, stepOf } from "../../reference/quantised.ts";
import type { Nd } from "../../reference/tensor.ts";
import { evaluate, feed, values } from "../check.ts";

const numbers = ({ shape, data }: { shape: t.Shape; data: ArrayLike<number> }): Nd => ({
  shape,
  data: Float64Array.from(data),
});

/** Every number at most `most` steps away. */
function expectSteps(got: Nd, wanted: Nd, { scale }: t.Quantisation, most: number): void {
  expect(got.shape).toEqual([...wanted.shape]);
  const away = Array.from(got.data, (x, i) => Math.abs(x - wanted.data[i]) / scale);
  expect(Math.max(...away)).toBeLessThanOrEqual(most + 1e-3);
}

describe("steps", () => {
  test("0 is a step, whatever the range", () => {
    expect(t.quantisationOf(0, 255)).toEqual({ scale: 1, zero: 0 });
    expect(t.quantisationOf(1, 255)).toEqual({ scale: 1, zero: 0 });
    expect(t.quantisationOf(-1, 1)).toEqual({ scale: 2 / 255, zero: 128 });
    expect(t.quantisationOf(-255, -1)).toEqual({ scale: 1, zero: 255 });
    expect(t.quantisationOf(0, 0).scale).toBeGreaterThan(0);
  });

  test("a range that is not finite is refused", () => {
    expect(() => t.quantisationOf(0, Infinity)).toThrow("finite");
    expect(() => t.quantisationOf(Number.NaN, 1)).toThrow("finite");
  });

  test("numbers go to the nearest step and to the ends of the range", async () => {
    const x = { shape: [7], data: Float32Array.of(-9, -0.9, -0.003, 0, 0.3, 0.9, 9) };
    const steps = t.quantisationOf(-1, 1);
    const got = await evaluate((y) => t.dequantise(t.quantise(y, steps)), [x]);
    expectSteps(got, onSteps(numbers(x), steps), steps, 0);
    expect(stepOf(9, steps)).toBe(255);
  });
});

describe("conv2dQuantised", () => {
  const cases = [
    { x: [1, 3, 9, 8], w: [4, 3, 7, 7], stride: 2, padding: 3 },
    { x: [1, 32, 5, 7], w: [16, 32, 3, 3], stride: 1, padding: 1 },
    { x: [1, 5, 6, 5], w: [3, 5, 3, 3], stride: 2, padding: 1 },
    { x: [1, 16, 4, 4], w: [8, 16, 1, 1], stride: 2, padding: 0 },
  ] as const;

  test.each(cases)("$x * $w, $stride $padding", async ({ x, w, ...options }) => {
    const picture = feed(x, 1);
    const kernel = t.quantiseKernel(values(w, 2), w, values([w[0]], 3));
    const from = t.quantisationOf(-1, 1);
    const wanted = convolved(onSteps(numbers(picture), from), kernel, options);
    const to = t.quantisationOf(Math.min(...wanted.data), Math.max(...wanted.data));
    const got = await evaluate(
      (y) => t.dequantise(t.conv2dQuantised(t.quantise(y, from), kernel, to, options)),
      [picture],
    );
    // The bias is rounded to the unit of the sums, so a number on the edge between two steps may fall to the other one.
    expectSteps(got, onSteps(wanted, to), to, 1);
  });

  test("steps from 0 on are a ReLU", async () => {
    const kernel = t.quantiseKernel(Float32Array.of(1), [1, 1, 1, 1], Float32Array.of(0));
    const [from, to] = [t.quantisationOf(-1, 1), t.quantisationOf(0, 1)];
    const x = { shape: [1, 1, 1, 3], data: Float32Array.of(-0.8, 0, 0.8) };
    const got = await evaluate((y) => t.dequantise(t.conv2dQuantised(t.quantise(y, from), kernel, to)), [x]);
    expectSteps(got, { shape: x.shape, data: Float64Array.of(0, 0, 0.8) }, to, 1);
  });

  test("two products of largest bytes do not overflow 16 bits on any processor", () => {
    const { weights, scales } = t.quantiseKernel(Float32Array.of(-3, 1, 0, 0.5), [2, 2, 1, 1], new Float32Array(2));
    expect([...weights]).toEqual([-63, 21, 0, 63]);
    expect(scales[0]).toBeCloseTo(3 / 63, 6);
    expect(2 * 255 * 63).toBeLessThan(2 ** 15);
  });

  test("wrong channels and unquantised tensors are errors that name the argument", () => {
    const kernel = t.quantiseKernel(new Float32Array(2), [1, 2, 1, 1], new Float32Array(1));
    const steps = t.quantisationOf(0, 1);
    const x = t.quantise(t.input("x", [1, 3, 2, 2]), steps);
    expect(() => t.conv2dQuantised(x, kernel, steps)).toThrow("wrong shape");
    const plain = { values: t.input("y", [1, 2, 2, 2]), steps };
    expect(() => t.conv2dQuantised(plain, kernel, steps)).toThrow("element type");
  });
});

test("addQuantised and maxPoolQuantised", async () => {
  const [a, b] = [feed([1, 2, 5, 6], 4), feed([1, 2, 5, 6], 5, { low: 0, high: 2 })];
  const [p, q, to] = [t.quantisationOf(-1, 1), t.quantisationOf(0, 2), t.quantisationOf(0, 3)];
  const [x, y] = [onSteps(numbers(a), p), onSteps(numbers(b), q)];
  const sums = { shape: a.shape, data: x.data.map((value, i) => value + y.data[i]) };
  const summed = await evaluate((u, v) => t.dequantise(t.addQuantised(t.quantise(u, p), t.quantise(v, q), to)), [a, b]);
  expectSteps(summed, onSteps(sums, to), to, 1);
  const pool = { kernel: 3, stride: 2, padding: 1 };
  const pooled = await evaluate((u) => t.dequantise(t.maxPoolQuantised(t.quantise(u, p), pool)), [a]);
  const plain = await evaluate((u) => t.maxPool2d(u, pool), [{ shape: a.shape, data: Float32Array.from(x.data) }]);
  expectSteps(pooled, plain, p, 0);
  expect(() => t.addQuantised(t.quantise(t.input("c", [2]), p), t.quantise(t.input("d", [3]), p), p)).toThrow("shape");
});
