import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { bootstrap, percentileRange, quantile, shareAbove } from "../../src/metrics/bootstrap.ts";
import { meanOf, estimateOf } from "../../src/metrics/statistics.ts";

describe("the bootstrap", () => {
  it("draws as many clusters as there are, the same ones from the same seed", () => {
    const sizes: number[] = [];
    const draw = (seed: number) =>
      bootstrap([1, 2, 3], (drawn) => (sizes.push(drawn.length), meanOf(drawn)), { draws: 50, seed });
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    expect(new Set(sizes)).toEqual(new Set([3]));
  });

  it("its spread is the standard error of a mean, but for the factor √((n−1)/n)", () => {
    const random = new Random(5);
    const values = Array.from({ length: 30 }, () => random.normal());
    const means = bootstrap(values, meanOf, { draws: 20_000 });
    const centre = meanOf(means);
    const spread = Math.sqrt(meanOf(means.map((mean) => (mean - centre) ** 2)));
    expect(spread / (estimateOf(values).standardError * Math.sqrt(29 / 30))).toBeCloseTo(1, 1);
  });

  it("leaves out draws without a number", () => {
    const values = bootstrap([Number.NaN, 1], ([first]) => first, { draws: 100 });
    expect(values.length).toBeGreaterThan(20);
    expect(values.length).toBeLessThan(80);
    expect(new Set(values)).toEqual(new Set([1]));
  });
});

it.each([
  [0, 1],
  [0.25, 1.75],
  [0.5, 3],
  [0.9, 6.8],
  [1, 8],
])("the quantile %f of 1, 2, 4, 8 is NumPy's %f", (share, value) => {
  expect(quantile([1, 2, 4, 8], share)).toBeCloseTo(value, 12);
});

it("percentiles are those of the sorted values; of none, none", () => {
  const { low, high } = percentileRange([3, 1, 2, 5, 4], 0.5);
  expect([low, high]).toEqual([2, 4]);
  expect(percentileRange([])).toEqual({ low: Number.NaN, high: Number.NaN });
});

describe("the paired bootstrap", () => {
  it("says in how many draws one is better", () => {
    expect(shareAbove([[0.1], [0.2, 0.1]])).toBe(1);
    expect(shareAbove([[-0.1], [-0.2], []])).toBe(0);
    expect(shareAbove([[0], [0]])).toBe(0.5);
  });

  it("two clusters, one better by as much as the other is worse: a quarter each way, half of the draws equal", () => {
    expect(shareAbove([[0.1], [-0.1]], { draws: 4000 })).toBeCloseTo(0.5, 1);
  });

  it("frames of one cluster are drawn together: a cluster of many cannot outvote its own", () => {
    // One bad clip of three: it is drawn at least twice in 7 of 27 draws, and outweighs then.
    expect(
      shareAbove(
        [
          [1, 1],
          [1, 1],
          [-1.5, -1.5],
        ],
        { draws: 20_000 },
      ),
    ).toBeCloseTo(20 / 27, 1);
  });
});
