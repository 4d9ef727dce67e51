import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchMoments, momentRates, momentSums } from "../../src/metrics/moments.ts";

describe("moments", () => {
  it("by hand: each is paired once, within the tolerance", () => {
    expect(matchMoments([10, 11, 30], [10, 20, 31], 1)).toEqual({ hits: 2, found: 3, truths: 3 });
    expect(matchMoments([9, 10], [10], 1)).toEqual({ hits: 1, found: 2, truths: 1 });
    expect(matchMoments([], [1, 2], 1)).toEqual({ hits: 0, found: 0, truths: 2 });
  });

  it("rates, also of nothing", () => {
    expect(momentRates({ hits: 2, found: 4, truths: 2 })).toEqual({ precision: 0.5, recall: 1, f1: 4 / 6 });
    expect(momentRates({ hits: 0, found: 0, truths: 0 })).toEqual({ precision: 1, recall: 1, f1: 1 });
    expect(momentRates({ hits: 0, found: 0, truths: 3 })).toMatchObject({ recall: 0, f1: 0 });
    const both = momentSums([
      { hits: 1, found: 2, truths: 3 },
      { hits: 4, found: 4, truths: 4 },
    ]);
    expect(both).toEqual({ hits: 5, found: 6, truths: 7 });
  });

  it("finds as many pairs as any way of pairing does", () => {
    const times = fc
      .array(fc.integer({ min: 0, max: 12 }), { maxLength: 5 })
      .map((all) => all.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(times, times, fc.integer({ min: 0, max: 3 }), (found, truths, tolerance) => {
        expect(matchMoments(found, truths, tolerance).hits).toBe(mostPairs(found, truths, tolerance));
      }),
    );
  });
});

/** Tries everything. */
function mostPairs(found: readonly number[], truths: readonly number[], tolerance: number): number {
  const [first, ...rest] = found;
  if (first === undefined) return 0;
  const without = mostPairs(rest, truths, tolerance);
  const pairs = truths.flatMap((truth, i) =>
    Math.abs(truth - first) <= tolerance ? [1 + mostPairs(rest, truths.toSpliced(i, 1), tolerance)] : [],
  );
  return Math.max(without, ...pairs);
}
