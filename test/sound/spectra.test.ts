import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BAND_EDGES_HZ, BANDS, bandPower } from "../../src/sound/bands.ts";
import { BIN_HZ, BINS, decibels, Spectra } from "../../src/sound/spectra.ts";
import { noise, sound, tone } from "./sounds.ts";

function spectraOf(pieces: readonly Float32Array[]): Float64Array[] {
  const spectra = new Spectra();
  return [...pieces.flatMap((piece) => [...copies(spectra.add(piece))]), ...copies(spectra.end())];
}

const copies = (spectra: Iterable<Float64Array>): Float64Array[] =>
  Array.from(spectra, (one) => Float64Array.from(one));
const total = (power: Float64Array): number => power.reduce((sum, value) => sum + value, 0);

describe("spectra", () => {
  it("one every 10 ms, whose sum is the mean square", () => {
    const all = spectraOf([sound(1, (time) => 0.5 * tone(1000, time))]);
    expect(all).toHaveLength(100);
    expect(total(all[50])).toBeCloseTo(0.125, 3);
    expect(all[50].indexOf(Math.max(...all[50]))).toBe(1000 / BIN_HZ);
    expect(decibels(0)).toBe(-100);
    expect(decibels(1)).toBeCloseTo(0, 6);
  });

  it("the same however the sound is cut", () => {
    const whole = noise(0.2, 0.1);
    const expected = spectraOf([whole]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 8 }), (lengths) => {
        const pieces: Float32Array[] = [];
        let at = 0;
        for (const length of [...lengths, whole.length]) {
          pieces.push(whole.subarray(at, at + length));
          at += length;
        }
        expect(spectraOf(pieces)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it("bands are in order and hold everything from the lowest on", () => {
    expect(BAND_EDGES_HZ).toHaveLength(BANDS + 1);
    expect(BAND_EDGES_HZ).toEqual(BAND_EDGES_HZ.toSorted((a, b) => a - b));
    expect(new Set(BAND_EDGES_HZ).size).toBe(BANDS + 1);
    const flat = new Float64Array(BINS).fill(1);
    expect(total(bandPower(flat))).toBe(BINS - BAND_EDGES_HZ[0] / BIN_HZ);
  });
});
