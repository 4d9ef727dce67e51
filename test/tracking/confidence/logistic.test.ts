import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.ts";
import { fitLogistic, fitSigned, probability } from "../../../src/tracking/confidence/logistic.ts";

describe("logistic model", () => {
  it("applies bias and weights; signals without a weight do not count", () => {
    expect(probability({ bias: 0, weights: {} }, {})).toBe(0.5);
    const model = { bias: -1, weights: { a: 2 } };
    expect(probability(model, { a: 0.5 })).toBe(0.5);
    expect(probability(model, { a: 2 })).toBeCloseTo(1 / (1 + Math.exp(-3)), 12);
  });

  it("finds the model that made the observations", () => {
    const random = new Random(3);
    const made = { bias: -0.7, weights: { a: 1.5, b: -0.03 } };
    const observations = Array.from({ length: 20000 }, () => {
      const signals = { a: random.normal(), b: 50 * random.normal() };
      return { signals, truth: random.chance(probability(made, signals)) };
    });
    const found = fitLogistic(observations, ["a", "b"], 1);
    expect(found.bias).toBeCloseTo(made.bias, 1);
    expect(found.weights.a).toBeCloseTo(made.weights.a, 1);
    expect(found.weights.b).toBeCloseTo(made.weights.b, 2);
  });

  it("without signals it says the share that is true", () => {
    const observations = [true, true, true, false].map((truth) => ({ signals: {}, truth }));
    expect(probability(fitLogistic(observations, []), {})).toBeCloseTo(0.75, 6);
  });

  it("leaves out a signal that came out against its sign", () => {
    const random = new Random(5);
    const observations = Array.from({ length: 2000 }, () => {
      const signals = { a: random.normal(), b: random.normal() };
      return { signals, truth: random.chance(probability({ bias: 0, weights: { a: 1, b: -1 } }, signals)) };
    });
    const signed = fitSigned(observations, { a: 1, b: 1 });
    expect(signed.weights.b).toBe(0);
    expect(signed.weights.a).toBeCloseTo(fitLogistic(observations, ["a"]).weights.a, 9);
    expect(fitSigned(observations, { a: 1, b: -1 })).toEqual(fitLogistic(observations, ["a", "b"]));
    expect(fitSigned(observations, { a: -1, b: 1 }).weights).toEqual({ a: 0, b: 0 });
  });

  it("stays finite where a signal tells all, or nothing", () => {
    const observations = [0, 1, 2, 3].map((a) => ({ signals: { a, same: 1 }, truth: a >= 2 }));
    const { bias, weights } = fitLogistic(observations, ["a", "same"], 0.1);
    expect([bias, weights.a, weights.same].every(Number.isFinite)).toBe(true);
    expect(weights.a).toBeGreaterThan(0);
    expect(() => fitLogistic([], [])).toThrow("internal");
  });
});
