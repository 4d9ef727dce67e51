/** @file Region growth by hand-made cases and against the plain one. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { growRegions, type Outlines } from "../../src/kernels/regionGrowth.ts";
import * as slow from "../reference/regionGrowth.ts";

/** Cells with one value each, written as rows; labels likewise; centres by label. */
function outlines(
  values: readonly (readonly number[])[],
  labels: readonly string[],
  centres: readonly number[],
): Outlines {
  return {
    width: values[0].length,
    height: values.length,
    descriptors: Float32Array.from(values.flat()),
    labels: Uint8Array.from(labels.join(""), Number),
    centres: Float32Array.from(centres),
  };
}

const rows = (labels: Uint8Array, width: number): string[] =>
  Array.from({ length: labels.length / width }, (_, y) => labels.subarray(y * width, (y + 1) * width).join(""));

describe("growth", () => {
  test("a region takes over cells beyond its outline that look like it", () => {
    // The outline ends at x = 2, the object at x = 3.
    const values = [
      [1, 1, 1, 1, 0, 0],
      [1, 1, 1, 1, 0, 0],
    ];
    const drawn = outlines(values, ["000111", "000111"], [1, 0.25]);
    expect(rows(growRegions(drawn, { threshold: 0.3, minCells: 2 }), 6)).toEqual(["000011", "000011"]);
  });

  test("with a wide threshold the outlines stay as they are", () => {
    const drawn = outlines([[1, 1, 1, 1, 0, 0]], ["000111"], [1, 0.25]);
    expect(rows(growRegions(drawn, { threshold: 5, minCells: 1 }), 6)).toEqual(["000111"]);
  });

  test("the running mean follows a slow change, but not a jump", () => {
    // 0.5 lies 0.5 from the cluster's centre, but 0.3 from the mean of the region once 0.2 and 0.4 have joined it.
    const ramp = outlines([[0, 0.2, 0.4, 0.5, 2]], ["00001"], [0, 2]);
    expect(rows(growRegions(ramp, { threshold: 0.35, minCells: 1 }), 5)).toEqual(["00001"]);
    const jump = outlines([[0, 0, 0, 0.5, 2]], ["00011"], [0, 2]);
    expect(rows(growRegions(jump, { threshold: 0.35, minCells: 1 }), 5)).toEqual(["00011"]);
  });

  test("cells meet by their sides, not by their corners", () => {
    const values = [
      [1, 0],
      [0, 1],
    ];
    const drawn = outlines(values, ["01", "10"], [1, 0]);
    // Four regions of one cell each: all merge into the first that is left.
    expect(rows(growRegions(drawn, { threshold: 0.1, minCells: 1 }), 2)).toEqual(["01", "10"]);
  });
});

describe("fragments", () => {
  test("go to the neighbour that they are closest to", () => {
    const values = [
      [0, 0, 0.9, 1, 1],
      [0, 0, 1, 1, 1],
    ];
    const drawn = outlines(values, ["00211", "00111"], [0, 1, 0.9]);
    expect(rows(growRegions(drawn, { threshold: 0.05, minCells: 2 }), 5)).toEqual(["00111", "00111"]);
  });

  test("a frame of fragments only becomes one region", () => {
    const drawn = outlines([[0, 1, 2, 3]], ["0123"], [0, 1, 2, 3]);
    expect(new Set(growRegions(drawn, { threshold: 0.1, minCells: 100 })).size).toBe(1);
  });

  test("one cell", () => {
    expect([...growRegions(outlines([[7]], ["0"], [7]), { threshold: 0, minCells: 9 })]).toEqual([0]);
  });
});

test("against the reference, on small random grids", () => {
  // Quarters: means of few cells and their distances have no rounding that could make the two differ.
  const value = fc.integer({ min: 0, max: 8 }).map((n) => n / 4);
  const grid = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 7 })).chain(([width, height]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      cells: fc.array(fc.tuple(value, value), { minLength: width * height, maxLength: width * height }),
      labels: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: width * height, maxLength: width * height }),
      centres: fc.array(fc.tuple(value, value), { minLength: 4, maxLength: 4 }),
    }),
  );
  const threshold = fc.double({ min: 0, max: 2, noNaN: true });
  fc.assert(
    fc.property(grid, threshold, fc.integer({ min: 1, max: 12 }), (plain, threshold, minCells) => {
      const { width, height, cells, labels, centres } = plain;
      const drawn: Outlines = {
        width,
        height,
        descriptors: Float32Array.from([0, 1].flatMap((d) => cells.map((cell) => cell[d]))),
        labels: Uint8Array.from(labels),
        centres: Float32Array.from(centres.flat()),
      };
      expect([...growRegions(drawn, { threshold, minCells })]).toEqual(
        slow.growRegions(plain, { threshold, minCells }),
      );
    }),
    { numRuns: 1000 },
  );
});
