import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { energyRotation } from "../../src/kernels/rotation.ts";

function features(channels: number, cells: number, rank: number): Float32Array {
  const random = new Random(3);
  const mix = Array.from({ length: channels * rank }, () => random.normal());
  const parts = Array.from({ length: rank * cells }, () => random.normal());
  return Float32Array.from({ length: channels * cells }, (_, i) => {
    const [c, cell] = [Math.floor(i / cells), i % cells];
    let sum = 0;
    for (let r = 0; r < rank; r++) sum += mix[c * rank + r] * parts[r * cells + cell] * 0.5 ** r;
    return sum;
  });
}

describe("the rotation", () => {
  it.each([
    [1, 5, 1],
    [7, 30, 7],
    [40, 90, 3],
    [40, 90, 40],
  ])("is orthogonal for %i channels, %i cells of rank %i", (channels, cells, rank) => {
    const { rows: q } = energyRotation(features(channels, cells, rank), channels, cells, true);
    for (let i = 0; i < channels; i++) {
      for (let j = 0; j <= i; j++) {
        let dot = 0;
        for (let c = 0; c < channels; c++) dot += q[i * channels + c] * q[j * channels + c];
        expect(dot).toBeCloseTo(i === j ? 1 : 0, 10);
      }
    }
  });

  it("gathers the energy of features of rank 3 in the first three channels", () => {
    const [channels, cells] = [40, 90];
    const x = features(channels, cells, 3);
    const { rows: q, energy } = energyRotation(x, channels, cells, false);
    let kept = 0;
    let all = 0;
    for (let cell = 0; cell < cells; cell++) {
      for (let d = 0; d < channels; d++) {
        let value = 0;
        for (let c = 0; c < channels; c++) value += q[d * channels + c] * x[c * cells + cell];
        all += value * value;
        if (d < 3) kept += value * value;
      }
    }
    expect(kept / all).toBeGreaterThan(0.9999);
    expect(energy[0] + energy[1] + energy[2]).toBeCloseTo(kept / all, 6);
    expect(energy.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 10);
  });

  it("features of zero give an orthogonal matrix all the same", () => {
    const { rows, energy } = energyRotation(new Float32Array(5 * 4), 5, 4, true);
    expect([...energy]).toEqual([0, 0, 0, 0, 0]);
    expect(rows.every(Number.isFinite)).toBe(true);
  });
});
