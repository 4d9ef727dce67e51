/** @file Where a matcher's arrays lie: none overlaps another, and what does not fit is the user's error. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  allocate,
  type MatcherOptions,
  MAX_TOP_K,
  planLayout,
  slotAddresses,
  tilesOf,
} from "../../../src/kernels/matcher/layout.ts";

const options = (pruned: boolean, shape: Partial<MatcherOptions> = {}): MatcherOptions => ({
  height: 9,
  width: 13,
  channels: 24,
  labels: 3,
  slots: 4,
  normalise: true,
  ...(pruned && { pruning: { cells: 4, reach: 8, energy: 1, belief: 1, settle: 0.9 } }),
  ...shape,
});

describe("what does not fit", () => {
  it("more than WebAssembly can address names its size and what to do", () => {
    const layout = planLayout(options(false, { height: 400, width: 700, channels: 512, slots: 20 }), 2);
    expect(() => allocate(layout)).toThrow(
      /^the memory of the tracker would take \d+ MB: expected at most 4096 MB; use fewer/u,
    );
  });
});

describe("arrays", () => {
  const side = fc.integer({ min: 1, max: 40 });
  const shapes = fc.record({
    height: side,
    width: side,
    channels: fc.integer({ min: 1, max: 300 }),
    labels: fc.integer({ min: 1, max: 9 }),
    slots: fc.integer({ min: 1, max: 5 }),
  });

  it("of a slot lie side by side, each large enough", () => {
    fc.assert(
      fc.property(shapes, fc.boolean(), (shape, pruned) => {
        const wanted = options(pruned, shape);
        const layout = planLayout(wanted, 2);
        const { features, residuals, labels, coarse, tables, regions, singles } = slotAddresses(
          layout,
          shape.slots - 1,
        );
        const cells = shape.height * layout.rowBlocks * 4;
        const end = layout.scratch;
        expect(residuals - features).toBeGreaterThanOrEqual(cells * shape.channels * 4);
        expect(labels - residuals).toBeGreaterThanOrEqual(cells * layout.stageEnds.length * 4);
        expect(coarse - labels).toBeGreaterThanOrEqual(shape.height * shape.width * shape.labels * 4);
        expect(tables[0] - coarse).toBeGreaterThanOrEqual(pruned ? shape.height * shape.width * 64 : 0);
        expect(tables[1] - tables[0]).toBeGreaterThanOrEqual(pruned ? tilesOf(shape) * 4 : 0);
        expect(regions - tables[1]).toBe(tables[1] - tables[0]);
        expect(singles - regions).toBeGreaterThanOrEqual(cells * 4);
        expect(end - singles).toBeGreaterThanOrEqual(shape.height * shape.width);
      }),
    );
  });

  it("before the slots lie side by side too", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const layout = planLayout(options(true, shape), 2);
        const { entries, locations, windows, basis, input, queryRegions, slots } = layout;
        const order = [entries, locations, windows, basis, input, queryRegions, slots, layout.scratch, layout.total];
        expect(order.toSorted((a, b) => a - b)).toEqual(order);
        expect(input - basis).toBeGreaterThanOrEqual(shape.channels * shape.channels * 4);
        expect(queryRegions - input).toBeGreaterThanOrEqual(shape.channels * shape.height * shape.width * 4);
        expect(slots - queryRegions).toBeGreaterThanOrEqual(shape.height * shape.width * 4);
      }),
    );
  });

  it("every thread has scratch memory for the largest top-k", () => {
    const { scratch, scratchBytes, total } = planLayout(options(false), 3);
    expect(total - scratch).toBe(3 * scratchBytes);
    expect(scratchBytes).toBeGreaterThanOrEqual(2 * 13 * MAX_TOP_K * 8);
  });

  it("channels are padded to whole stages", () => {
    expect(planLayout(options(false, { channels: 1 }), 1).stageEnds).toEqual([16]);
    expect(planLayout(options(false, { channels: 70 }), 1).stageEnds).toEqual([16, 32, 64, 80]);
    expect(planLayout(options(false, { channels: 128 }), 1).stageEnds).toEqual([16, 32, 64, 96, 128]);
  });
});
