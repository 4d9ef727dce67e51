/** @file Windows of candidates, against the plain rule for a single cell. */
import { describe, expect, it } from "vitest";
import { halfWidths, type MatchWindow } from "../../../src/kernels/matcher/window.ts";
import { insideWindow } from "../../reference/matching.ts";

const disc = (cells: number, inclusive = false): MatchWindow => ({ shape: "euclidean", cells, inclusive });
const square = (cells: number): MatchWindow => ({ shape: "square", cells, inclusive: true });

describe("windows", () => {
  it.each([disc(12), disc(12, true), disc(2.5), disc(1), square(3), { ...square(3), inclusive: false }])(
    "half-widths hold exactly the cells inside (%o)",
    (window) => {
      const widths = halfWidths(window, 40, 50);
      for (let dy = 0; dy < 40; dy++) {
        for (let dx = 0; dx < 50; dx++) expect(dx <= (widths[dy] ?? -1)).toBe(insideWindow(window, dx, dy));
      }
    },
  );

  it("a strict disc of radius 12 has 437 cells", () => {
    const widths = halfWidths(disc(12), 60, 107);
    expect(widths.reduce((sum, half, dy) => sum + (dy === 0 ? 1 : 2) * (2 * half + 1), 0)).toBe(437);
  });

  it("without a window every cell is a candidate", () => {
    expect(halfWidths(undefined, 3, 7)).toEqual([7, 7, 7]);
  });

  it("one that holds nothing has no rows", () => {
    expect(halfWidths({ shape: "square", cells: 0, inclusive: false }, 3, 7)).toEqual([]);
    expect(halfWidths(disc(0), 3, 7)).toEqual([]);
  });

  it("one wider than the frame ends with it", () => {
    expect(halfWidths(square(9), 2, 4)).toEqual([4, 4]);
  });
});
