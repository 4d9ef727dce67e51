import { describe, expect, it } from "vitest";
import { mergeCells, mergedPoint } from "../../../src/tracking/session/merge.ts";

const cells = (...values: number[]): Float32Array => Float32Array.from(values);
const columns = { objects: 2, points: 0, aheadOnly: [] };

describe("two passes made one", () => {
  it("equally sure, each counts as its key frame is near", () => {
    const merged = mergeCells(cells(1, 0), cells(0, 1), columns, { ahead: 0.75, points: [] });
    expect([...merged]).toEqual([0.75, 0.25]);
  });

  it("the surer one counts more", () => {
    // Halfway: weights 0.5 · 0.5 and 0.5 · 1.
    const merged = mergeCells(cells(0.5, 0.5), cells(0, 1), columns, { ahead: 0.5, points: [] });
    expect(merged[0]).toBeCloseTo(1 / 6, 6);
    expect(merged[1]).toBeCloseTo(5 / 6, 6);
  });

  it("what only the pass ahead can tell keeps its weight", () => {
    const three = { objects: 3, points: 0, aheadOnly: [2] };
    const merged = mergeCells(cells(0.2, 0.2, 0.6, 0, 0, 1), cells(1, 0, 0, 1, 0, 0), three, {
      ahead: 0.5,
      points: [],
    });
    expect(merged[2]).toBeCloseTo(0.6, 6);
    expect(merged[0] + merged[1]).toBeCloseTo(0.4, 6);
    expect([...merged.subarray(3)]).toEqual([0, 0, 1]);
  });

  it("points: heat maps are mixed, a place is their peak or lies between both", () => {
    const point = { objects: 1, points: 1, aheadOnly: [] };
    const weight = { ahead: 1, back: 3 };
    const ahead = cells(1, 1, 1, 0, 1, 0, 1, 0);
    const back = cells(1, 0, 1, 0, 1, 0, 1, 1);
    const merged = mergeCells(ahead, back, point, { ahead: 0.5, points: [weight] });
    expect([merged[1], merged[7]]).toEqual([0.25, 0.75]);
    const both = [
      { place: { x: 0, y: 0 }, confidence: 1 },
      { place: { x: 4, y: 8 }, confidence: 0.6 },
    ] as const;
    const empty = new Float32Array(8);
    const found = mergedPoint(empty, { width: 2, height: 2 }, 1, both, weight);
    expect(found.place).toEqual({ x: 3, y: 6 });
    expect(found.confidence).toBeCloseTo(0.7, 9);
  });
});
