/** @file What motion says of cells, by hand. */
import { describe, expect, it } from "vitest";
import type { FrameMotion } from "../../../src/tracking/target/frameMotion.ts";
import { motionDims, motionPlanes } from "../../../src/tracking/target/motionPlanes.ts";

/** A frame of 6 × 4 cells of 120 px, the flow on the same cells, and a noise of half a pixel. */
const grid = { width: 6, height: 4 };
const CELLS = grid.width * grid.height;
const SIDE = 120;
const NOISE = 0.25;

type Vector = readonly [number, number];

/** What each cell moved by, px. @param still cells whose flow is not valid. */
function motion(moved: (cell: number) => Vector, isBefore = true, unknown: readonly number[] = []): FrameMotion {
  const all = Array.from({ length: CELLS }, (_, cell) => moved(cell));
  const sign = isBefore ? -1 : 1;
  return {
    frame: { width: grid.width * SIDE, height: grid.height * SIDE },
    flow: {
      ...grid,
      factor: 2,
      cell: SIDE,
      dx: Float32Array.from(all, ([x]) => sign * x),
      dy: Float32Array.from(all, ([, y]) => sign * y),
      valid: Uint8Array.from({ length: CELLS }, (_, cell) => Number(!unknown.includes(cell))),
      validShare: 1 - unknown.length / CELLS,
    },
    moved: Float32Array.from([...all.map(([x]) => x), ...all.map(([, y]) => y)]),
    isBefore,
  };
}

/** `[cells, labels]`, each cell one label's. */
function weightsOf(labels: number, labelOf: (cell: number) => number): Float32Array {
  const out = new Float32Array(CELLS * labels);
  for (let cell = 0; cell < CELLS; cell++) out[cell * labels + labelOf(cell)] = 1;
  return out;
}

const column = (cell: number): number => cell % grid.width;

/** A plane by cell. */
const plane = (planes: Float32Array, k: number): number[] => [...planes.subarray(k * CELLS, (k + 1) * CELLS)];

/** How much an object's motion counts. */
const certainty = ([ox, oy]: Vector): number => (ox * ox + oy * oy) / (ox * ox + oy * oy + 4 * NOISE);

/** 2ρ·ρₒ − |ρₒ|² over |ρₒ|² + σ², cut and weakened. */
function like([x, y]: Vector, [ox, oy]: Vector): number {
  const all = ox * ox + oy * oy;
  return certainty([ox, oy]) * Math.max(-1, Math.min(1, (2 * (x * ox + y * oy) - all) / (all + NOISE)));
}

/** An object of so many cells. */
const small = (count: number) => ({ weights: weightsOf(2, (cell) => Number(cell < count)), labels: 2, grid });

/** Two columns that came from the two at their left. */
const moved = (cell: number): Vector => (column(cell) === 2 || column(cell) === 3 ? [2 * SIDE, 0] : [0, 0]);

describe("planes of motion", () => {
  const left = { weights: weightsOf(2, (cell) => Number(column(cell) < 2)), labels: 2, grid };

  it("one for each object: what moves with it is told from what stays", () => {
    expect(motionDims(2)).toBe(1);
    const moves = motion((cell) => (column(cell) < 3 ? [4, 3] : [0, 0]));
    const planes = motionPlanes(moves, left);
    expect(planes).toHaveLength(CELLS);
    for (let cell = 0; cell < CELLS; cell++) {
      const with_ = column(cell) < 3;
      expect(plane(planes, 0)[cell]).toBeCloseTo(like(with_ ? [4, 3] : [0, 0], [4, 3]), 5);
    }
    // Whether it was labelled or not.
    expect(plane(planes, 0)[2]).toBeGreaterThan(0.95);
    expect(plane(planes, 0)[5]).toBeLessThan(-0.95);
  });

  it("half as fast says nothing, the opposite way speaks against it, and no value leaves −1..1", () => {
    const speeds: readonly Vector[] = [
      [8, 0],
      [8, 0],
      [4, 0],
      [-8, 0],
      [80, 0],
      [0, 8],
    ];
    const planes = motionPlanes(
      motion((cell) => speeds[column(cell)]),
      left,
    );
    const row = plane(planes, 0).slice(0, grid.width);
    expect(row[2]).toBeCloseTo(0, 6);
    expect(row[3]).toBeCloseTo(-certainty([8, 0]), 6);
    expect(row[4]).toBeCloseTo(certainty([8, 0]), 6);
    expect(row[5]).toBeCloseTo((-certainty([8, 0]) * 64) / 64.25, 5);
  });

  it("nothing is said of an object that does not move, nor where the flow is not to be trusted", () => {
    const still = motionPlanes(
      motion((cell) => (column(cell) > 3 ? [5, 0] : [0, 0])),
      left,
    );
    expect(plane(still, 0).every((value) => value === 0)).toBe(true);
    const unknown = motionPlanes(
      motion(() => [4, 0], true, [0, 3]),
      left,
    );
    for (const cell of [0, 3]) expect(plane(unknown, 0)[cell]).toBe(0);
    expect(plane(unknown, 0)[1]).toBeGreaterThan(0.9);
  });

  it("fewer than three cells do not say how an object moves", () => {
    expect(
      plane(
        motionPlanes(
          motion(() => [4, 0]),
          small(2),
        ),
        0,
      ).every((value) => value === 0),
    ).toBe(true);
    expect(
      plane(
        motionPlanes(
          motion(() => [4, 0]),
          small(3),
        ),
        0,
      )[0],
    ).toBeGreaterThan(0.9);
  });

  it("labels are taken from where a cell was, in the labelled frame from itself", () => {
    // The first two columns were labelled and have moved by two columns.
    const planes = motionPlanes(motion(moved), left);
    expect(plane(planes, 0)[2]).toBeGreaterThan(0.9);
    // The first columns show the ground now, and came from labelled cells as well: half of what is seen of it.
    expect(plane(planes, 0)[5]).toBeLessThan(-0.9);
    const labelled = motionPlanes(motion(moved, false), left);
    expect(plane(labelled, 0).every((value) => value === 0)).toBe(true);
  });

  it("several objects have a plane each", () => {
    const two = { weights: weightsOf(3, (cell) => (column(cell) < 2 ? 1 : column(cell) > 3 ? 2 : 0)), labels: 3, grid };
    const planes = motionPlanes(
      motion((cell) => (column(cell) < 2 ? [6, 0] : column(cell) > 3 ? [0, 6] : [0, 0])),
      two,
    );
    const [one, other] = [0, 1].map((k) => plane(planes, k));
    expect([one[0] > 0.9, one[5] < -0.9, one[2] < -0.9]).toEqual([true, true, true]);
    expect([other[0] < -0.9, other[5] > 0.9, other[2] < -0.9]).toEqual([true, true, true]);
  });
});
