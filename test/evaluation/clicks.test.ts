/** @file The clicks that score regions. */
import { describe, expect, it } from "vitest";
import { meanIous } from "../../src/evaluation/clicks/clickBenchmark.ts";
import { nextClick } from "../../src/evaluation/clicks/nextClick.ts";
import type { LabelMap } from "../../src/video/labelMap.ts";

const maskOf = (...rows: string[]): LabelMap => ({
  width: rows[0].length,
  height: rows.length,
  data: Uint8Array.from(rows.join(""), Number),
});

describe("the next click", () => {
  it("is in the middle of the largest part that is missed", () => {
    const truth = maskOf("0000000", "0111110", "0111110", "0111110", "0111110", "0111110", "0000000", "1100000");
    expect(nextClick(truth)).toEqual({ x: 3.5, y: 3.5, inside: true });
  });

  it("says outside where more was added than missed", () => {
    const truth = maskOf("11000", "11000", "00000", "00000");
    const found = maskOf("01000", "11111", "00111", "00111");
    expect(nextClick(truth, found)).toEqual({ x: 3.5, y: 2.5, inside: false });
  });

  it("takes what lies beyond the frame as outside", () => {
    expect(nextClick(maskOf("111", "111", "111"))).toEqual({ x: 1.5, y: 1.5, inside: true });
  });

  it("is none where all is right", () => {
    const truth = maskOf("010");
    expect(nextClick(truth, truth)).toBeUndefined();
  });
});

it("means are over objects, click by click", () => {
  const row = { sequence: "s", milliseconds: [] };
  const rows = [
    { ...row, object: 1, ious: [0.5, 0.75] },
    { ...row, object: 2, ious: [0.25, 0.25] },
  ];
  expect(meanIous(rows)).toEqual([0.375, 0.5]);
  expect(meanIous([])).toEqual([]);
});
