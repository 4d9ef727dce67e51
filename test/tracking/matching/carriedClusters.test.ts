/** @file Clusters carried through a clip: labels keep their meaning, and candidates are regions that are alike. */
import { describe, expect, test } from "vitest";
import { samplerDefaults } from "../../../src/method/multiClusterSampler.ts";
import { CarriedClusters } from "../../../src/tracking/matching/carriedClusters.ts";
import type { RgbPicture } from "../../../src/video/picture.ts";

const CELL = 4;
const GRID = { width: 24, height: 18, stride: CELL };

type Colour = readonly [number, number, number];
const COLOURS = { red: [210, 40, 40], blue: [40, 60, 210], green: [60, 150, 60] } as const satisfies Record<
  string,
  Colour
>;

/** A red and a blue block of 6×6 cells on green; the red one's left edge is at `red` cells, the blue one's at `blue`. */
function frameOf(red: number, blue: number): RgbPicture {
  const [width, height] = [GRID.width * CELL, GRID.height * CELL];
  const data = new Uint8Array(width * height * 3);
  for (let p = 0; p < width * height; p++) {
    const [x, y] = [(p % width) / CELL, Math.floor(p / width) / CELL];
    const inside = (left: number, top: number) => x >= left && x < left + 6 && y >= top && y < top + 6;
    const colour = inside(red, 2) ? COLOURS.red : inside(blue, 10) ? COLOURS.blue : COLOURS.green;
    for (let c = 0; c < 3; c++) data[3 * p + c] = colour[c] + ((p * 7 + c * 3) % 5);
  }
  return { width, height, data };
}

const labelAt = (regions: Uint8Array, x: number, y: number): number => regions[y * GRID.width + x];
const options = { ...samplerDefaults, clusters: 3, lambdaPosition: 0.1 };

describe("labels", () => {
  test("keep their meaning while blocks move and pass each other", () => {
    const clusters = new CarriedClusters(GRID, options);
    const first = clusters.regions(frameOf(1, 17));
    const names = [labelAt(first, 4, 5), labelAt(first, 20, 13), labelAt(first, 12, 9)];
    expect(new Set(names).size).toBe(3);
    for (let t = 1; t <= 16; t++) {
      const regions = clusters.regions(frameOf(1 + t, 17 - t));
      const found = [labelAt(regions, 4 + t, 5), labelAt(regions, 20 - t, 13), labelAt(regions, 0, 0)];
      expect(found).toEqual(names);
    }
  });

  test("the same clip gives the same regions", () => {
    const [a, b] = [new CarriedClusters(GRID), new CarriedClusters(GRID)];
    for (let t = 0; t < 3; t++) expect(a.regions(frameOf(t, 15))).toEqual(b.regions(frameOf(t, 15)));
  });

  test("a picture of one colour is one region", () => {
    const flat = { width: 8, height: 8, data: new Uint8Array(192).fill(90) };
    const clusters = new CarriedClusters({ width: 2, height: 2, stride: 4 }, { ...options, lambdaPosition: 0 });
    expect([...clusters.regions(flat)]).toEqual([0, 0, 0, 0]);
    expect([...clusters.candidates(Uint8Array.of(0, 0, 0, 0), [Uint8Array.of(0, 0, 0, 0)])]).toEqual([1, 1, 1, 1]);
  });
});

test("candidates are a cell's own region and the nearest ones", () => {
  const clusters = new CarriedClusters(GRID, { ...options, nearestClusters: 0 });
  const memory = clusters.regions(frameOf(1, 17));
  const own = clusters.regions(frameOf(2, 16));
  expect([...clusters.candidates(own, [memory])]).toEqual(Array.from(own, (label) => 2 ** label));
  const all = new CarriedClusters(GRID, { ...options, nearestClusters: 2 });
  const again = all.regions(frameOf(1, 17));
  expect(new Set(all.candidates(again, [again]))).toEqual(new Set([0b111]));
});
