import { describe, expect, it } from "vitest";
import { cellColours, colourDistance } from "../../../src/tracking/confidence/cellColours.ts";
import { rgbToLab } from "../../../src/video/lab.ts";

const grid = { width: 3, height: 2, stride: 4 };

/** 12 × 8 pixels, one colour for each of the 3 × 2 cells. */
function picture(colours: readonly (readonly number[])[]): { width: number; height: number; data: Uint8Array } {
  const data = new Uint8Array(3 * 12 * 8);
  for (let p = 0; p < 12 * 8; p++) data.set(colours[3 * Math.floor(p / 12 / 4) + Math.floor((p % 12) / 4)], 3 * p);
  return { width: 12, height: 8, data };
}

const red = [200, 30, 30];
const dark = [100, 15, 15];
const green = [30, 120, 30];
const frame = picture([red, green, dark, red, red, green]);

describe("colours of cells", () => {
  it("are those of their pixels, with half of the lightness", () => {
    const [l, a, b] = rgbToLab({ width: 1, height: 1, data: Uint8Array.from(red) });
    const found = cellColours(frame, grid, [0, 4]);
    for (const at of [0, 3]) {
      expect(found[at]).toBeCloseTo(l / 2, 6);
      expect(found[at + 1]).toBeCloseTo(a, 6);
      expect(found[at + 2]).toBeCloseTo(b, 6);
    }
  });

  it("are means, also where the frame is not the encoder's input", () => {
    const mixed = picture([red, red, red, red, red, red]);
    for (let p = 0; p < 12 * 8; p += 2) mixed.data.set([0, 0, 0], 3 * p);
    const [, a] = cellColours(mixed, grid, [0]);
    expect(a).toBeCloseTo(rgbToLab({ width: 1, height: 1, data: Uint8Array.from([100, 15, 15]) })[1], 6);
  });

  it("of the same thing are near, of another far; a shadow is nearer than another colour", () => {
    const of = (cells: readonly number[]): Float32Array => cellColours(frame, grid, cells);
    expect(colourDistance(of([0, 3]), of([4]))).toBe(0);
    expect(colourDistance(of([0]), of([1]))).toBeGreaterThan(0.5);
    expect(colourDistance(of([0]), of([2]))).toBeLessThan(0.5 * colourDistance(of([0]), of([1])));
    // One half of the second thing is green: a quarter of the distance between red and green.
    expect(colourDistance(of([0]), of([3, 5]))).toBeCloseTo(colourDistance(of([0]), of([1])) / 4, 6);
    expect(colourDistance(of([]), of([1]))).toBe(0);
  });
});
