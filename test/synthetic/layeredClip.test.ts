import { expect, test } from "vitest";
import { layeredClip } from "../../src/synthetic/layeredClip.ts";

const options = { width: 64, height: 48, frames: 6, seed: 3 };

test("the same for the same seed, another for another", () => {
  const [one, same, other] = [layeredClip(options), layeredClip(options), layeredClip({ ...options, seed: 4 })];
  const first = [...one];
  expect([...same]).toEqual(first);
  expect([...other]).not.toEqual(first);
});

test("every object has one depth, nearer than the wall; colours hardly tell them apart", () => {
  for (const { frame, labels, depth } of layeredClip(options)) {
    const of = (label: number): number[] => [...labels.data.keys()].filter((i) => labels.data[i] === label);
    const meanOf = (pixels: readonly number[]): number =>
      pixels.reduce((sum, i) => sum + frame.data[3 * i], 0) / pixels.length;
    for (const label of [1, 2]) {
      const own = of(label);
      if (own.length < 20) continue;
      const known = new Set(own.map((i) => depth.data[i]).filter((value) => value > 0));
      expect(known.size).toBe(1);
      expect(Math.max(...known)).toBeLessThan(3);
      expect(Math.abs(meanOf(own) - meanOf(of(0)))).toBeLessThan(6);
    }
    const unknown = depth.data.filter((value) => value === 0).length / depth.data.length;
    expect(unknown).toBeGreaterThan(0.005);
    expect(unknown).toBeLessThan(0.05);
  }
});

test("refuses what cannot be rendered", () => {
  expect(() => [...layeredClip({ ...options, objects: 0 })]).toThrow(/objects/);
});
