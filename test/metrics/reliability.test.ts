import { describe, expect, it } from "vitest";
import { auroc, errorCaught, rankCorrelation, reliability } from "../../src/metrics/reliability.ts";

const judged = (values: readonly [number, boolean][]) => values.map(([confidence, right]) => ({ confidence, right }));

describe("reliability", () => {
  it("AUROC is the share of pairs in order, ties half", () => {
    const all = judged([
      [0.9, true],
      [0.4, true],
      [0.4, false],
      [0.1, false],
    ]);
    // Pairs: (.9,.4) (.9,.1) (.4,.1) in order, (.4,.4) a tie.
    expect(auroc(all)).toBeCloseTo(3.5 / 4, 12);
    expect(auroc(judged([[0.3, true]]))).toBeNaN();
  });

  it("the calibration error is the mean gap of the bins", () => {
    const { bins, calibrationError, brier, right, count } = reliability(
      judged([
        [0.2, false],
        [0.4, true],
        [0.9, true],
        [1, false],
      ]),
      2,
    );
    expect(bins.map((bin) => [bin.count, bin.confidence, bin.right])).toEqual([
      [2, expect.closeTo(0.3, 12), 0.5],
      [2, expect.closeTo(0.95, 12), 0.5],
    ]);
    expect(calibrationError).toBeCloseTo((2 * 0.2 + 2 * 0.45) / 4, 12);
    expect(brier).toBeCloseTo((0.04 + 0.36 + 0.01 + 1) / 4, 12);
    expect([right, count]).toEqual([0.5, 4]);
  });

  it("an empty bin has no values and does not count", () => {
    const { bins, calibrationError } = reliability(judged([[1, true]]), 4);
    expect(bins.map(({ count }) => count)).toEqual([0, 0, 0, 1]);
    expect(bins[0].right).toBeNaN();
    expect(calibrationError).toBe(0);
  });

  it("ranks: 1 for the same order, −1 for the opposite, ties share their rank", () => {
    expect(rankCorrelation([1, 2, 30], [0.1, 0.2, 0.3])).toBeCloseTo(1, 12);
    expect(rankCorrelation([3, 2, 1], [0.1, 0.2, 0.3])).toBeCloseTo(-1, 12);
    // Ranks 1.5, 1.5, 3 and 1, 2, 3: covariance 1.5, variances 1.5 and 2.
    expect(rankCorrelation([5, 5, 9], [1, 2, 3])).toBeCloseTo(1.5 / Math.sqrt(3), 12);
    expect(rankCorrelation([1, 1], [1, 2])).toBeNaN();
    expect(() => rankCorrelation([1], [1, 2])).toThrow("internal");
  });

  it("how much of the error the least sure frames hold", () => {
    const frames = [
      { confidence: 0.1, error: 0.6 },
      { confidence: 0.9, error: 0.1 },
      { confidence: 0.8, error: 0.2 },
      { confidence: 0.7, error: 0.1 },
    ];
    expect(errorCaught(frames, 0.25)).toBeCloseTo(0.6, 12);
    expect(errorCaught(frames, 1)).toBeCloseTo(1, 12);
  });
});
