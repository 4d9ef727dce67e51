import { expect, it } from "vitest";
import { unitLength } from "../../src/method/unitLength.ts";

it("by hand: every cell by itself, one without features stays 0, what was given stays as it was", () => {
  const features = { channels: 2, width: 3, height: 1, data: Float32Array.of(3, 0, -1, 4, 0, 0) };
  const { data, ...shape } = unitLength(features);
  expect(shape).toEqual({ channels: 2, width: 3, height: 1 });
  [0.6, 0, -1, 0.8, 0, 0].forEach((value, i) => expect(data[i]).toBeCloseTo(value, 6));
  expect([...features.data]).toEqual([3, 0, -1, 4, 0, 0]);
});

it("of any length, also a tiny one", () => {
  for (const length of [1e-12, 1, 1e12]) {
    const data = Float32Array.from({ length: 64 }, (_, i) => length * Math.sin(i + 1));
    const unit = unitLength({ channels: 16, width: 2, height: 2, data }).data;
    for (let cell = 0; cell < 4; cell++) {
      let square = 0;
      for (let c = 0; c < 16; c++) square += unit[4 * c + cell] ** 2;
      expect(square).toBeCloseTo(1, 5);
    }
  }
});
