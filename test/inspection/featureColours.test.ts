import { expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { FeatureColours } from "../../src/inspection/featureColours.ts";
import type { FeatureMap } from "../../src/method/features.ts";

const channels = 6;

/** Cells whose features are `at(cell)`. */
function mapOf(cells: number, at: (cell: number) => number[]): FeatureMap {
  const data = new Float32Array(channels * cells);
  for (let cell = 0; cell < cells; cell++) at(cell).forEach((value, c) => (data[c * cells + cell] = value));
  return { channels, height: 1, width: cells, data };
}

test("the strongest direction is red, the next green, the next blue; the largest part of each counts as positive", () => {
  const random = new Random(1);
  const rows = Array.from({ length: 400 }, () => [
    random.normal(),
    9 * random.normal(),
    3 * random.normal(),
    -30 * random.normal(),
    5,
    0,
  ]);
  const colours = FeatureColours.fit([mapOf(400, (cell) => rows[cell])], false);
  const pixel = (change: number[]) => {
    const { data } = colours.picture(mapOf(1, () => change));
    return [...data];
  };
  const middle = pixel([0, 0, 0, 0, 5, 0]);
  for (const value of middle) expect(Math.abs(value - 127)).toBeLessThan(30);
  // Channel 3 varies most, then 1, then 2; what does not vary (4) does not matter in the fit.
  expect(pixel([0, 0, 0, 1000, 5, 0])[0]).toBe(255);
  expect(pixel([0, 0, 0, -1000, 5, 0])[0]).toBe(0);
  expect(pixel([0, 1000, 0, 0, 5, 0])[1]).toBe(255);
  expect(pixel([0, 0, 1000, 0, 5, 0])[2]).toBe(255);
});

test("as cosines, length does not matter: the same direction has the same colour in every frame", () => {
  const random = new Random(3);
  const rows = Array.from({ length: 200 }, () => Array.from({ length: channels }, () => random.normal()));
  const map = mapOf(200, (cell) => rows[cell]);
  const scaled = mapOf(200, (cell) => rows[cell].map((value) => value * (1 + cell)));
  const colours = FeatureColours.fit([map, scaled], true);
  const [a, b] = [colours.picture(map).data, colours.picture(scaled).data];
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i] - b[i])).toBeLessThanOrEqual(1);
});

test("features that are all the same are grey", () => {
  const flat = mapOf(9, () => [1, 2, 3, 4, 5, 6]);
  expect([...FeatureColours.fit([flat], true).picture(flat).data]).toEqual(Array.from({ length: 27 }, () => 127));
  const none = mapOf(9, () => [0, 0, 0, 0, 0, 0]);
  expect([...FeatureColours.fit([none], true).picture(none).data]).toEqual(Array.from({ length: 27 }, () => 127));
});
