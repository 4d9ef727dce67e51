/** @file Ranges of activations from clip to clip: none without a picture, widened when they must be, resumed as they were. */
import { describe, expect, it } from "vitest";
import { ActivationRanges } from "../../src/method/activationRanges.ts";

const extremes =
  (high: number, low = 0) =>
  async () => ({
    "a/high": Float32Array.of(high),
    "a/low": Float32Array.of(low),
  });
const unseen = (): never => {
  throw new Error("not to be measured");
};

describe("ranges of a clip", () => {
  it("without a picture there are none", () => {
    const ranges = new ActivationRanges(1);
    expect(() => ranges.ranges).toThrow("internal: ranges of a clip without a picture");
    expect(() => ranges.reached).toThrow("internal");
  });

  it("come from the first pictures and every 250th; the object changes only when they grow beyond the headroom", async () => {
    const ranges = new ActivationRanges(2);
    await ranges.observe(extremes(1));
    const first = ranges.ranges;
    expect([...first]).toEqual([["a", { low: -0, high: 1 }]]);
    await ranges.observe(extremes(1.05, -3));
    expect(ranges.ranges).toBe(first);
    for (let count = 2; count < 250; count++) await ranges.observe(unseen);
    await ranges.observe(extremes(0.5, 4));
    expect(ranges.ranges).not.toBe(first);
    expect(ranges.reached).toEqual({ "a/high": [1], "a/low": [4] });
  });

  it("a number that is none widens them", async () => {
    const ranges = new ActivationRanges(2);
    await ranges.observe(extremes(1));
    await ranges.observe(extremes(Number.NaN));
    expect(ranges.reached["a/high"]).toEqual([Number.NaN]);
  });

  it("resumed with what was reached: measured again where it would have been, else from the beginning", async () => {
    const ranges = new ActivationRanges(1);
    ranges.restart({ count: 249, reached: { "a/high": [2], "a/low": [1] } });
    const kept = ranges.ranges;
    expect([...kept]).toEqual([["a", { low: -1, high: 2 }]]);
    await ranges.observe(unseen);
    await ranges.observe(extremes(2));
    expect(ranges.ranges).toBe(kept);
    ranges.restart({ count: 100, reached: null });
    expect(() => ranges.ranges).toThrow("internal");
    await ranges.observe(extremes(3));
    await ranges.observe(unseen);
    expect(ranges.reached["a/high"]).toEqual([3]);
  });
});
