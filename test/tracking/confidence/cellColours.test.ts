import { describe, expect, it } from "vitest";
import { cellColours, tintBetween } from "../../../src/tracking/confidence/cellColours.ts";
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
    expect(tintBetween(thing, thing, [0, 1, 2])).toBe(0);
    const brighter = [red, green, dark].map((colour) => colour.map((value) => Math.round(1.1 * value)));
    const bluer = [red, green, dark].map(([r, g, b]) => [Math.round(0.8 * r), g, b + 40]);
    expect(tintBetween(thing, of(bluer), [0, 1, 2])).toBeGreaterThan(2 * tintBetween(thing, of(brighter), [0, 1, 2]));
    // One place that differs is no shift of the whole.
    expect(tintBetween(thing, of([red, [90, 90, 220], dark]), [0, 1, 2])).toBeLessThan(0.01);
    expect(tintBetween(new Float32Array(0), thing, [])).toBe(0);
  });
});
