import { describe, expect, it } from "vitest";
import type { FeatureMap } from "../../../src/method/features.ts";
import { HeatMapReader } from "../../../src/tracking/points/heatMapReader.ts";
import { drawHeatMaps } from "../../../src/tracking/points/heatMaps.ts";
import { FRAMES_KEPT } from "../../../src/tracking/points/pointAgreement.ts";
import type { Point } from "../../../src/video/point.ts";

const GRID = { width: 32, height: 8 };
const HERE = { x: 8.5, y: 4.5 };
const DOUBLE = { x: 24.5, y: 4.5 };

/** Every column looks different, the frame stays as it is. */
const still: FeatureMap = {
  ...GRID,
  channels: 2,
  data: Float32Array.from({ length: 2 * GRID.width * GRID.height }, (_, i) => {
    const angle = ((i % GRID.width) / GRID.width) * Math.PI * 1.8;
    return i < GRID.width * GRID.height ? Math.cos(angle) : Math.sin(angle);
  }),
};

/** A map with peaks of these heights. */
function map(peaks: readonly (readonly [Point, number])[]): Float32Array {
  const out = new Float32Array(GRID.width * GRID.height);
  for (const [place, height] of peaks) drawHeatMaps([place], GRID).forEach((value, i) => (out[i] += height * value));
  return out;
}

/** The place itself, and something stronger that looks alike. */
const peaks = (): Float32Array =>
  map([
    [HERE, 0.4],
    [DOUBLE, 1],
  ]);

describe("reading heat maps", () => {
  it("what looks alike elsewhere is not taken for a point that is seen, and is not carried on", () => {
    const reader = new HeatMapReader(still, [HERE], true);
    const maps = map([
      [HERE, 0.4],
      [DOUBLE, 1],
    ]);
    const [{ place }] = reader.next(still, maps);
    expect(Math.hypot(place.x - HERE.x, place.y - HERE.y)).toBeLessThan(0.2);
    expect(maps[4 * GRID.width + 24]).toBeLessThan(0.1);
    expect(maps[4 * GRID.width + 8]).toBeCloseTo(1, 2);
  });

  it("where the point is expected, what looks alike elsewhere is taken still less, its last place too", () => {
    const [left, right] = [
      [8.5, 4.5],
      [16.5, 4.5],
    ].map(([x, y]): Point => ({ x, y }));
    const maps = (): Float32Array =>
      map([
        [left, 1],
        [right, 0.4],
      ]);
    const read = (expected: Point | undefined): Point =>
      new HeatMapReader(still, [left], true).next(still, maps(), { expected: [expected] })[0].place;
    expect(Math.abs(read(undefined).x - left.x)).toBeLessThan(0.2);
    expect(Math.abs(read(right).x - right.x)).toBeLessThan(0.2);
    expect(Math.abs(read({ x: 9.5, y: 4.5 }).x - left.x)).toBeLessThan(0.2);
  });

  it("a map is weighted by a Gaussian of 2.5 cells around the expected place, of 6 around the last one", () => {
    const weighted = (expected: Point | undefined): Float32Array => {
      const maps = new Float32Array(GRID.width * GRID.height).fill(1);
      new HeatMapReader(still, [HERE], true).next(still, maps, { expected: [expected] });
      return maps;
    };
    const row = 4 * GRID.width;
    expect(weighted(undefined)[row + 14]).toBeCloseTo(Math.exp(-0.5), 5);
    const moved = weighted({ x: 10.5, y: 4.5 });
    expect([moved[row + 10], moved[row + 15], moved[row + 5]]).toEqual([
      expect.closeTo(1, 5),
      expect.closeTo(Math.exp(-2), 5),
      expect.closeTo(Math.exp(-2), 5),
    ]);
  });

  it("as in research codes the strongest peak is taken wherever it is, and so it is after a cut", () => {
    for (const [stays, cut] of [
      [false, false],
      [true, true],
    ]) {
      const maps = peaks();
      expect(new HeatMapReader(still, [HERE], stays).next(still, maps, { cut })[0].place.x).toBeGreaterThan(20);
      expect(maps).toEqual(peaks());
    }
  });

  it("a map that is copied on and on keeps its strength", () => {
    const reader = new HeatMapReader(still, [HERE], true);
    const maps = map([[{ x: HERE.x + 2, y: HERE.y }, 1]]);
    const before = maps.reduce((a, b) => Math.max(a, b));
    for (let t = 0; t < 3000; t++) reader.next(still, maps);
    expect(maps.reduce((a, b) => Math.max(a, b))).toBeCloseTo(before, 4);
    expect(reader.state().places[0].x).toBeCloseTo(HERE.x + 2, 0);
  });

  it("where nothing else speaks for it, it may be far away", () => {
    const reader = new HeatMapReader(still, [HERE], true);
    const [{ place }] = reader.next(still, map([[DOUBLE, 1]]));
    expect(place.x).toBeGreaterThan(20);
  });

  it("a point that was long out of sight is found again far from where it was lost, after going on too", () => {
    const lost = (reader: HeatMapReader): void => void reader.next(still, map([[DOUBLE, 1]]));
    const back = (reader: HeatMapReader): Point =>
      reader.next(
        still,
        map([
          [HERE, 1],
          [DOUBLE, 0.5],
        ]),
      )[0].place;
    const soon = new HeatMapReader(still, [HERE], true);
    lost(soon);
    expect(back(soon).x).toBeGreaterThan(20);
    const late = new HeatMapReader(still, [HERE], true);
    const again = new HeatMapReader(still, [HERE], true);
    for (let t = 0; t < 2 * FRAMES_KEPT; t++) {
      lost(late);
      if (t >= FRAMES_KEPT) again.resume(late.state(), { features: still, cut: false });
    }
    const found = back(late);
    expect(Math.abs(found.x - HERE.x)).toBeLessThan(1);
    expect(back(again)).toEqual(found);
  });
});
