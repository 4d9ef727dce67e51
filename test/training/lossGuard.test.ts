import { expect, test } from "vitest";
import { LossGuard, watchedLoss } from "../../src/training/lossGuard.ts";

const fed = (guard: LossGuard, losses: readonly number[]): number[] =>
  losses.map((loss, i) => guard.check({ step: i + 1, loss, gradientNorm: 1 }));

test("smooths the loss, beginning with the first", () => {
  expect(fed(new LossGuard(), [2, 1])).toEqual([2, 0.98 * 2 + 0.02]);
});

test("a loss that stays five times too high stops the run at the 20th step, not before", () => {
  const guard = new LossGuard(1);
  expect(fed(guard, Array<number>(19).fill(5)).at(-1)).toBe(1);
  expect(() => fed(guard, [5])).toThrow(/training broke.*got a loss of 5\.000.*expected about 1\.000/s);
});

test("single high losses are forgiven", () => {
  const losses = Array.from({ length: 100 }, (_, i) => (i % 20 === 0 ? 1 : 5));
  expect(() => fed(new LossGuard(1), losses)).not.toThrow();
});

test("what is no number stops it at once", () => {
  expect(() => new LossGuard(1).check({ step: 3, loss: Number.NaN, gradientNorm: 1 })).toThrow(/step 3.*loss NaN/s);
  expect(() => new LossGuard().check({ step: 1, loss: 1, gradientNorm: Infinity })).toThrow(/gradient norm Infinity/);
});

test("a fused loss below zero is not watched itself, but the sum of its parts", () => {
  expect(watchedLoss(-0.3, { reconstruction: 0.1, region: 0.15 })).toBeCloseTo(0.25);
  expect(watchedLoss(0.2)).toBe(0.2);
  expect(watchedLoss(Number.NaN, { reconstruction: 0.1 })).toBeNaN();
  const guard = new LossGuard();
  const losses = Array.from({ length: 100 }, (_, i) => watchedLoss(-1 + 0.02 * (i % 50), { one: 0.1, two: 0.1 }));
  expect(() => fed(guard, losses)).not.toThrow();
});
