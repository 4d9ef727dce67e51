import { describe, expect, it } from "vitest";
import { shownCells } from "../../../src/tracking/confidence/labelShape.ts";
import { ObjectJudge } from "../../../src/tracking/confidence/objectJudge.ts";
import type { SeenFrame } from "../../../src/tracking/confidence/objectSignals.ts";

const SIDE = 12;
const STRIDE = 4;
const CELLS = SIDE * SIDE;
const grid = { width: SIDE, height: SIDE, stride: STRIDE };

/** Whether a cell lies in the square of 4 × 4 cells whose top left cell is (x, 4). */
const isIn = (cell: number, x: number): boolean => {
  const [column, row] = [cell % SIDE, Math.floor(cell / SIDE)];
  return column >= x && column < x + 4 && row >= 4 && row < 8;
};

/** A frame with a red square at column `thing`, or without one: features tell it from the rest, and its cells from one another. */
function seen(thing?: number): SeenFrame {
  const at = (cell: number): boolean => thing !== undefined && isIn(cell, thing);
  const side = SIDE * STRIDE;
  const data = new Uint8Array(3 * side * side);
  for (let y = 0, p = 0; y < side; y++)
    for (let x = 0; x < side; x++, p += 3)
      data.set(at(Math.floor(y / STRIDE) * SIDE + Math.floor(x / STRIDE)) ? [200, 40, 40] : [40, 150, 60], p);
  const features = new Float32Array(4 * CELLS);
  for (let cell = 0; cell < CELLS; cell++) {
    features[(at(cell) ? 0 : 1) * CELLS + cell] = 1;
    if (!at(cell)) continue;
    features[2 * CELLS + cell] = 0.3 * Math.sin((cell % SIDE) - thing!);
    features[3 * CELLS + cell] = 0.3 * Math.cos(Math.floor(cell / SIDE));
  }
  return {
    frame: { width: side, height: side, data },
    features: { width: SIDE, height: SIDE, channels: 4, data: features },
  };
}

/** Label weights of the object in the square at column `x`, with so much of it in each of its cells. */
const carried = (x: number, sure = 1): Float32Array =>
  Float32Array.from({ length: 2 * CELLS }, (_, i) => {
    const weight = isIn(i >> 1, x) ? sure : 0;
    return i % 2 === 1 ? weight : 1 - weight;
  });

const weightOf = (weights: Float32Array): number => weights.reduce((sum, w, i) => sum + (i % 2) * w, 0);

function judge(): ObjectJudge {
  return new ObjectJudge(seen(2), carried(2), { labels: 2, grid, hides: true });
}

/** The verdict on what was carried to the square at column 2 of a frame with or without the thing, and what was left. */
function look(by: ObjectJudge, isThere: boolean) {
  const weights = carried(2, isThere ? 1 : 0.75);
  const [{ visible, confidence }] = by.next(seen(isThere ? 2 : undefined), weights);
  return { visible, confidence, kept: weightOf(weights) };
}

describe("an object that goes out of sight", () => {
  it("is carried on for four frames, though it is not visible, and then no longer", () => {
    const one = judge();
    expect(look(one, true)).toMatchObject({ visible: true, kept: 16 });
    for (let t = 0; t < 4; t++) {
      expect(look(one, false)).toMatchObject({ visible: false, kept: 12 });
      expect(one.lingering).toEqual([true]);
    }
    expect(look(one, false)).toMatchObject({ visible: false, kept: 0 });
    expect(one.lingering).toEqual([false]);
  });

  it("and is found again meanwhile, it is visible, and watched for a while", () => {
    const one = judge();
    look(one, true);
    look(one, false);
    const again = look(one, true);
    expect(again).toMatchObject({ visible: true, kept: 16 });
    expect(again.confidence).toBeGreaterThan(0.5);
    expect([one.recalling, one.lingering[0]]).toEqual([true, false]);
  });

  it("by a cut: nothing of it is carried on", () => {
    const one = judge();
    look(one, true);
    one.cut();
    expect(look(one, false)).toMatchObject({ visible: false, kept: 0 });
  });

  it("by a correction: nothing of it is carried on, it has to be found again", () => {
    const one = judge();
    look(one, true);
    one.correct(Float32Array.from({ length: 2 * CELLS }, (_, i) => 1 - (i % 2)));
    expect([one.recalling, one.lingering[0]]).toEqual([true, false]);
    expect(look(one, false)).toMatchObject({ visible: false, kept: 0 });
  });

  it("resumed in the middle, the same is carried on for as long", () => {
    const [one, other] = [judge(), judge()];
    look(one, true);
    for (let t = 0; t < 3; t++) look(one, false);
    other.resume(structuredClone(one.state()), carried(2));
    for (let t = 0; t < 3; t++) expect(look(other, false)).toEqual(look(one, false));
  });
});

describe("shownCells", () => {
  it("gives what is not visible to the background, and leaves what comes after the objects", () => {
    // Background, two objects, a point.
    const cells = new Float32Array([0.25, 0.25, 0.5, 1, 0.5, 0.5, 0, 0.75]);
    expect(shownCells(cells, 4, [{ visible: true }, { visible: false }])).toEqual(
      new Float32Array([0.75, 0.25, 0, 1, 0.5, 0.5, 0, 0.75]),
    );
    expect([...cells]).toEqual([0.25, 0.25, 0.5, 1, 0.5, 0.5, 0, 0.75]);
    expect(shownCells(cells, 4, [{ visible: true }, { visible: true }])).toBe(cells);
  });
});
