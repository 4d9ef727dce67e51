import { describe, expect, it } from "vitest";
import { BoundedSeries } from "../../src/core/boundedSeries.ts";

const sums = (count: number, limit: number): number[] => {
  const series = new BoundedSeries<number>((a, b) => a + b, limit);
  for (let i = 0; i < count; i++) series.add(1);
  return series.items();
};

describe("BoundedSeries", () => {
  it("keeps all up to its limit, then merges in pairs, then in fours", () => {
    expect(sums(3, 4)).toEqual([1, 1, 1]);
    expect(sums(4, 4)).toEqual([2, 2]);
    expect(sums(7, 4)).toEqual([2, 2, 2, 1]);
    expect(sums(8, 4)).toEqual([4, 4]);
    expect(sums(11, 4)).toEqual([4, 4, 3]);
  });

  it("keeps within its limit and loses nothing, however many are added", () => {
    const items = sums(100_003, 64);
    expect(items.length).toBeLessThanOrEqual(64);
    expect(items.length).toBeGreaterThan(31);
    expect(items.reduce((a, b) => a + b, 0)).toBe(100_003);
  });

  it("merges the earlier with the later", () => {
    const series = new BoundedSeries<string>((a, b) => a + b, 2);
    for (const letter of "abcdefg") series.add(letter);
    expect(series.items().join("|")).toBe("abcd|efg");
  });
});
