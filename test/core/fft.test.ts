import * as fc from "fast-check";
import { expect, test } from "vitest";
import { PowerFft } from "../../src/core/fft.ts";

/** |X_k|² by the definition. */
function slow(values: readonly number[]): number[] {
  const n = values.length;
  return Array.from({ length: n / 2 + 1 }, (_, k) => {
    const turn = (i: number): number => (2 * Math.PI * k * i) / n;
    const re = values.reduce((sum, value, i) => sum + value * Math.cos(turn(i)), 0);
    const im = values.reduce((sum, value, i) => sum + value * Math.sin(turn(i)), 0);
    return re * re + im * im;
  });
}

test("agrees with the definition, for every power of two", () => {
  const sizes = fc
    .integer({ min: 1, max: 7 })
    .chain((bits) =>
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2 ** bits, maxLength: 2 ** bits }),
    );
  fc.assert(
    fc.property(sizes, (values) => {
      const power = new PowerFft(values.length).power(values);
      for (const [k, expected] of slow(values).entries()) expect(power[k]).toBeCloseTo(expected, 8);
    }),
    { numRuns: 60 },
  );
});

test("a sine has all its power in one bin", () => {
  const power = new PowerFft(64).power(Array.from({ length: 64 }, (_, i) => Math.sin((2 * Math.PI * 5 * i) / 64)));
  expect(power[5]).toBeCloseTo(32 ** 2, 6);
  expect(power.reduce((sum, value) => sum + value, 0)).toBeCloseTo(32 ** 2, 6);
});

test("other lengths are refused", () => {
  for (const size of [0, 1, 3, 100]) expect(() => new PowerFft(size)).toThrow(/internal: an FFT of/);
});
