import { describe, expect, it } from "vitest";
import { splitPart } from "../../../src/tracking/arrivals/splitParts.ts";

const WIDTH = 20;
/** A bar of so many columns, two rows high. */
const bar = (columns: number): number[] =>
  Array.from({ length: 2 * columns }, (_, i) => (i % columns) + WIDTH * Math.floor(i / columns));

describe("a connected part", () => {
  it("is one thing up to one and a half of the usual size", () => {
    expect(splitPart(bar(6), WIDTH, 8)).toEqual([bar(6)]);
  });

  it("is split into as many as it has room for, along its length", () => {
    const parts = splitPart(bar(12), WIDTH, 8);
    expect(parts.map((part) => part.length)).toEqual([8, 8, 8]);
    const columns = parts.map((part) => [...new Set(part.map((cell) => cell % WIDTH))].sort((a, b) => a - b));
    expect(columns.sort((a, b) => a[0] - b[0])).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9, 10, 11],
    ]);
    expect(parts.flat().sort((a, b) => a - b)).toEqual(bar(12).sort((a, b) => a - b));
  });
});
