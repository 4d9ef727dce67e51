import { assert, double, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { CellFeatures } from "../../../src/tracking/points/cellFeatures.ts";
import { drawHeatMaps, keepNear, readHeatMap } from "../../../src/tracking/points/heatMaps.ts";
import { agreementOf, PointAgreement } from "../../../src/tracking/points/pointAgreement.ts";
import { bestPlace, similaritiesAround } from "../../../src/tracking/points/similarityWindow.ts";

const GRID = { width: 24, height: 18 };

describe("heat maps", () => {
  it("keep a place to a hundredth of a cell, away from the border", () => {
    const x = double({ min: 5, max: 19, noNaN: true });
    const y = double({ min: 5, max: 13, noNaN: true });
    assert(
      property(x, y, (x, y) => {
        const read = readHeatMap(
          drawHeatMaps(
            [
              { x: 1, y: 1 },
              { x, y },
            ],
            GRID,
          ),
          GRID,
          2,
          1,
        );
        expect(Math.hypot(read!.x - x, read!.y - y)).toBeLessThan(0.02);
      }),
    );
  });

  it("are 1 at a cell's centre and e^(-1/2) one cell away, and end at the border", () => {
    const maps = drawHeatMaps([{ x: 0.5, y: 0.5 }], GRID);
    expect(maps[0]).toBe(1);
    expect(maps[1]).toBeCloseTo(Math.exp(-0.5), 6);
    expect(maps[GRID.width]).toBeCloseTo(Math.exp(-0.5), 6);
    expect(maps[5]).toBe(0);
  });

  it("are read at the stronger of two peaks; an empty one is nowhere", () => {
    const maps = drawHeatMaps([{ x: 4.5, y: 4.5 }], GRID);
    const other = drawHeatMaps([{ x: 18.5, y: 12.5 }], GRID);
    const both = maps.map((value, i) => 0.6 * value + other[i]);
    const read = readHeatMap(both, GRID, 1, 0)!;
    expect(Math.hypot(read.x - 18.5, read.y - 12.5)).toBeLessThan(0.01);
    expect(readHeatMap(new Float32Array(GRID.width * GRID.height), GRID, 1, 0)).toBeNull();
  });

  it("are kept near a place: by a Gaussian, and no other point's", () => {
    const maps = new Float32Array(GRID.width * GRID.height * 2).fill(1);
    keepNear(maps, GRID, { columns: 2, point: 1, place: { x: 4.5, y: 6.5 }, sigma: 3 });
    const at = (x: number, y: number) => maps[(y * GRID.width + x) * 2 + 1];
    expect(at(4, 6)).toBe(1);
    expect(at(7, 6)).toBeCloseTo(Math.exp(-0.5), 6);
    expect(at(4, 12)).toBeCloseTo(Math.exp(-2), 6);
    expect(maps.every((value, i) => i % 2 === 1 || value === 1)).toBe(true);
    const far = drawHeatMaps([{ x: 20.5, y: 9.5 }], GRID);
    const kept = far.slice();
    keepNear(far, GRID, { columns: 1, point: 0, place: { x: 2, y: 9 }, sigma: 2 });
    expect(far).toEqual(kept);
  });
});

/** Every cell's feature is its own angle, so that neighbours are alike and distant cells differ. */
function angles(width: number, height: number, shift = 0): CellFeatures {
  const data = new Float32Array(2 * width * height);
  for (let i = 0; i < width * height; i++) {
    const angle = (((i % width) - shift) / width) * Math.PI * 1.8;
    data[i] = 3 * Math.cos(angle);
    data[width * height + i] = 3 * Math.sin(angle);
  }
  return new CellFeatures({ channels: 2, width, height, data });
}

describe("comparing places", () => {
  it("features are of length 1, between cells too", () => {
    const frame = angles(10, 4);
    expect(frame.similarity(3, 1, frame.at({ x: 3.5, y: 1.5 }))).toBeCloseTo(1, 6);
    const between = frame.at({ x: 4, y: 1.5 });
    expect(Math.hypot(...between)).toBeCloseTo(1, 6);
    expect(frame.similarity(3, 1, between)).toBeCloseTo(frame.similarity(4, 1, between), 6);
  });

  it("the best place lies between the cells that are equally alike", () => {
    const frame = angles(10, 1);
    const template = [{ feature: frame.at({ x: 4, y: 0.5 }), weight: 1, dx: 0, dy: 0 }];
    const window = similaritiesAround(frame, template, { x: 5.2, y: 0.5 }, 3);
    expect([window.left, window.width, window.height]).toEqual([2, 7, 1]);
    const { x, y } = bestPlace(window, 0.01);
    expect(x).toBeCloseTo(4, 3);
    expect(y).toBe(0.5);
  });

  it("parts of a template are compared at their own offset, border cells beyond the frame", () => {
    const frame = angles(10, 1);
    const template = [{ feature: frame.at({ x: 0.5, y: 0.5 }), weight: 2, dx: -1, dy: 5 }];
    const { values } = similaritiesAround(frame, template, { x: 0.5, y: 0.5 }, 2);
    expect(values[0]).toBeCloseTo(2, 6);
    expect(values[1]).toBeCloseTo(2, 6);
    expect(values[2]).toBeLessThan(1.99);
  });
});

/** The agreement with a place that is off by so many cells. */
const off = (cells: number): number => Math.exp(-(cells * cells) / 8);

describe("agreement", () => {
  const first = { frame: angles(20, 1), places: [{ x: 5.5, y: 0.5 }] };

  it("is whole where the way back leads to the point, little where it leads elsewhere", () => {
    const right = new PointAgreement(first).next({ frame: angles(20, 1, 3), places: [{ x: 8.5, y: 0.5 }] });
    expect(right[0].first).toBeCloseTo(1, 2);
    expect(right[0].likeness).toBeCloseTo(1, 5);
    // Off by 4 cells: e^(-4² / (2 · 2²)).
    const wrong = new PointAgreement(first).next({ frame: angles(20, 1, 3), places: [{ x: 12.5, y: 0.5 }] });
    expect(wrong[0].first).toBeCloseTo(Math.exp(-2), 1);
    expect(wrong[0].likeness).toBeLessThan(0.9);
  });

  it("half the say has the first frame, half the latest in which the point was visible", () => {
    const agreement = new PointAgreement(first);
    const vote = (x: number): number =>
      agreementOf(agreement.next({ frame: angles(20, 1), places: [{ x, y: 0.5 }] })[0]);
    expect(vote(7.5)).toBeCloseTo(off(2), 2);
    expect(vote(8.5)).toBeCloseTo((off(3) + off(1)) / 2, 2);
    // Far from both, and so not visible: from then on it has no say.
    expect(vote(18.5)).toBeLessThan(0.1);
    expect(vote(18.5)).toBeLessThan(0.1);
  });
});
