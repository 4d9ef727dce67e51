import { describe, expect, it } from "vitest";
import { averageStatistics, estimateOf, lateMeanOf, meanOf, statisticsOf } from "../../src/metrics/statistics.ts";

describe("statistics over frames", () => {
  it("8 frames: the quarters are frames 1-3 and 6-8, since 1 + 7/4 rounds to 3 and 1 + 21/4 to 6", () => {
    const { mean, recall, decay } = statisticsOf([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]);
    expect(mean).toBeCloseTo(0.55, 12);
    expect(recall).toBe(0.5); // 0.5 itself is not recalled
    expect(decay).toBeCloseTo(0.8 - 0.3, 12);
  });

  it("a bound that falls on a half is rounded up: 7 frames have bounds 1, 2.5, 4, 5.5, 7", () => {
    expect(statisticsOf([1, 0, 0.5, 0, 0, 0.2, 0.4]).decay).toBeCloseTo(0.5 - 0.3, 12);
  });

  it("one frame decays by nothing", () => {
    expect(statisticsOf([0.4])).toEqual({ mean: 0.4, recall: 0, decay: 0 });
  });

  it("NaN is left out of means but is a frame that is not recalled", () => {
    expect(statisticsOf([Number.NaN, 1, 1, 1])).toEqual({ mean: 1, recall: 0.75, decay: 0 });
    expect(meanOf([Number.NaN])).toBeNaN();
    expect(statisticsOf([]).mean).toBeNaN();
  });

  it("more than 256 frames: the last quarter is the last quarter", () => {
    const values = Array.from({ length: 401 }, (_, i) => (i <= 100 ? 1 : 0));
    expect(statisticsOf(values).decay).toBe(1);
  });

  it("objects are averaged number by number", () => {
    expect(
      averageStatistics([
        { mean: 0.2, recall: 0, decay: -0.5 },
        { mean: 0.6, recall: 1, decay: 0.25 },
      ]),
    ).toEqual({ mean: 0.4, recall: 0.5, decay: -0.125 });
  });

  it("late is the last quarter, as decay has it", () => {
    expect(lateMeanOf([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2])).toBeCloseTo(0.3, 12);
    expect(lateMeanOf([0.4])).toBe(0.4);
    expect(lateMeanOf([])).toBeNaN();
  });

  it("a mean of independent values has a standard error: s / √n", () => {
    expect(estimateOf([1, 2, 3, 4])).toEqual({ mean: 2.5, standardError: expect.closeTo(Math.sqrt(5 / 3 / 4), 12) });
    expect(estimateOf([2, 2])).toEqual({ mean: 2, standardError: 0 });
    expect(estimateOf([2]).standardError).toBeNaN();
  });
});
