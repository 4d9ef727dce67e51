import { describe, expect, it } from "vitest";
import { largestPart, takeBack } from "../../../src/tracking/confidence/recall.ts";

const grid = { width: 6, height: 3, stride: 4 };
const LABELS = 3;

/** Cells of one label each, a digit for each cell. */
function weightsOf(rows: readonly string[]): Float32Array {
  const cells = Array.from(rows.join(""), Number);
  return Float32Array.from({ length: cells.length * LABELS }, (_, i) =>
    cells[Math.floor(i / LABELS)] === i % LABELS ? 1 : 0,
  );
}

describe("the largest part", () => {
  it("touches by sides, not by corners nor around the border", () => {
    const marked = Uint8Array.from(["110001", "001000", "011000"].join(""), Number);
    expect(largestPart(marked, grid).sort((a, b) => a - b)).toEqual([8, 13, 14]);
    expect(largestPart(new Uint8Array(18), grid)).toEqual([]);
  });
});

describe("taking an object back", () => {
  const recalled = weightsOf(["110001", "110001", "000000"]);

  it("takes what hangs together with the most of it, and nothing of other objects", () => {
    const weights = weightsOf(["000000", "020000", "000000"]);
    expect(takeBack({ weights, recalled, labels: LABELS, grid }, 1, 6)).toBe(true);
    expect(weights).toEqual(weightsOf(["110000", "120000", "000000"]));
  });

  it("adds to what was carried already", () => {
    const weights = weightsOf(["000001", "000001", "000001"]);
    expect(takeBack({ weights, recalled, labels: LABELS, grid }, 1, 6)).toBe(true);
    expect(weights).toEqual(weightsOf(["110001", "110001", "000001"]));
  });

  it("leaves all as it is where there is too little of it, or nothing new", () => {
    const weights = weightsOf(["000000", "000000", "000000"]);
    expect(takeBack({ weights, recalled, labels: LABELS, grid }, 1, 100)).toBe(false);
    expect(takeBack({ weights, recalled, labels: LABELS, grid }, 2, 4)).toBe(false);
    expect(weights).toEqual(weightsOf(["000000", "000000", "000000"]));
    const whole = recalled.slice();
    expect(takeBack({ weights: whole, recalled, labels: LABELS, grid }, 1, 4)).toBe(false);
  });
});
