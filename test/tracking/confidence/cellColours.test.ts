import { describe, expect, it } from "vitest";
import { cellColours, colourDifference } from "../../../src/tracking/confidence/cellColours.ts";
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

/** Colours of three cells. */
const of = (colours: readonly (readonly number[])[]): Float32Array =>
  cellColours(picture([...colours, ...colours]), grid, [0, 1, 2]);

describe("colours of cells", () => {
  it("are those of their pixels, without lightness", () => {
    const [, a, b] = rgbToLab({ width: 1, height: 1, data: Uint8Array.from(red) });
    const found = cellColours(frame, grid, [0, 4]);
    for (const at of [0, 2]) {
      expect(found[at]).toBeCloseTo(a, 6);
      expect(found[at + 1]).toBeCloseTo(b, 6);
    }
  });

  it("are means, also where the frame is not the encoder's input", () => {
    const mixed = picture([red, red, red, red, red, red]);
    for (let p = 0; p < 12 * 8; p += 2) mixed.data.set([0, 0, 0], 3 * p);
    const [a] = cellColours(mixed, grid, [0]);
    expect(a).toBeCloseTo(rgbToLab({ width: 1, height: 1, data: Uint8Array.from([100, 15, 15]) })[1], 6);
  });

  it("of the same thing in another light are not shifted, of one of another colour they are", () => {
    const thing = of([red, green, dark]);
    const tintTo = (other: Float32Array): number => colourDifference(thing, other, [0, 1, 2]).tint;
    expect(tintTo(thing)).toBe(0);
    const brighter = [red, green, dark].map((colour) => colour.map((value) => Math.round(1.1 * value)));
    const bluer = [red, green, dark].map(([r, g, b]) => [Math.round(0.8 * r), g, b + 40]);
    expect(tintTo(of(bluer))).toBeGreaterThan(2 * tintTo(of(brighter)));
    // One place that differs is no shift of the whole.
    expect(tintTo(of([red, [90, 90, 220], dark]))).toBeLessThan(0.01);
    expect(colourDifference(new Float32Array(0), thing, [])).toEqual({ tint: 0, mottle: 0 });
  });

  it("that differ in no order are mottled, a shift of all of them is not", () => {
    const a = Float32Array.of(0, 0, 0.2, 0, 0.1, 0.3);
    const shifted = a.map((value, i) => value + (i % 2 === 0 ? 0.25 : -0.5));
    const same = colourDifference(a, shifted, [0, 1, 2]);
    expect(same.tint).toBeCloseTo(Math.hypot(0.25, 0.5), 6);
    expect(same.mottle).toBeCloseTo(0, 6);
    // Differences (−0.4, 0), (0, 0), (0.4, 0): the median is 0, the lengths 0.4, 0 and 0.4.
    const b = Float32Array.of(0.4, 0, 0.2, 0, -0.3, 0.3);
    const other = colourDifference(a, b, [0, 1, 2]);
    expect(other.tint).toBeCloseTo(0, 6);
    expect(other.mottle).toBeCloseTo(0.4, 6);
    // In the order in which they match.
    expect(colourDifference(a, b, [1, 1, 1]).mottle).toBeGreaterThan(0);
  });
});
