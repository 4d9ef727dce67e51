/** @file Averages of weights. */
import { expect, test } from "vitest";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { averageWeights } from "../../src/method/weightAverage.ts";

test("number by number; what only one holds is left out", () => {
  const [first, second] = [untrainedWeights("nano", 1), untrainedWeights("nano", 2)];
  const more = {
    ...first,
    values: new Map([...first.values, ["value.x", { shape: [1], data: Float32Array.of(1) }] as const]),
  };
  const mean = averageWeights(more, second, 0.25);
  expect([...mean.values.keys()]).toEqual([...first.values.keys()]);
  const [a, b, m] = [first, second, mean].map(({ values }) => values.get("layer1.0.conv1.weight")?.data ?? []);
  expect(mean.metadata).toMatchObject({ averagedShare: "0.25" });
  expect(m[5]).toBeCloseTo(0.75 * a[5] + 0.25 * b[5], 6);
  expect(averageWeights(first, second, 0).values.get("conv1.weight")?.data).toEqual(
    first.values.get("conv1.weight")?.data,
  );
});

test("weights of different variants are refused", () => {
  expect(() => averageWeights(untrainedWeights("nano"), untrainedWeights("small"), 0.5)).toThrow(/nano and small/);
});
