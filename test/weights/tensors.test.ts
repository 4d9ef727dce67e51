import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { float16Bits, float16Value, fromBfloat16, fromFloat16, toFloat16 } from "../../src/weights/tensors.ts";

describe("float16", () => {
  it.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [-Infinity, 0xfc00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000], // tie between 0 and the smallest subnormal: to even
    [2 ** -25 * 1.0001, 0x0001],
    [3 * 2 ** -25, 0x0002], // tie: to even
    [2 ** -14 - 2 ** -25, 0x0400], // the largest subnormals round up to a normal number
    [1 + 2 ** -11, 0x3c00], // tie: to even
    [1 + 3 * 2 ** -11, 0x3c02],
    [2 - 2 ** -12, 0x4000], // the carry goes into the exponent
  ])("%d is %i", (value, bits) => {
    expect(float16Bits(value)).toBe(bits);
  });

  it("keeps every one of the 65536 bit patterns, not-a-number aside", () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const back = toFloat16(fromFloat16(halves));
    for (const half of halves) {
      const isNaN16 = (half & 0x7fff) > 0x7c00;
      expect(isNaN16 ? back[half] & 0x7fff : back[half]).toBe(isNaN16 ? 0x7e00 : half);
    }
  });

  it("is the nearest of the neighbouring values", () => {
    fc.assert(
      fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (value) => {
        const bits = float16Bits(value);
        const error = Math.abs(float16Value(bits) - value);
        for (const other of [bits - 1, bits + 1]) {
          if ((other & 0x7c00) === 0x7c00 || (other & 0x7fff) === 0x7fff) continue;
          expect(error).toBeLessThanOrEqual(Math.abs(float16Value(other & 0xffff) - value));
        }
      }),
      { numRuns: 2000 },
    );
  });
});

it("bfloat16 is the upper half of a float32", () => {
  expect([...fromBfloat16(Uint16Array.of(0x3f80, 0xc000, 0x7f80, 0x0001))]).toEqual([1, -2, Infinity, 2 ** -133]);
});
