import { describe, expect, it } from "vitest";
import {
  MOST_IDS,
  paceOf,
  type ThingFrame,
  type ThingKind,
  ThingTracks,
} from "../../../src/tracking/arrivals/thingTracks.ts";

const GRID = { width: 40, height: 16 };
const CELLS = GRID.width * GRID.height;
const SIDE = 4;
const KIND: ThingKind = { grid: GRID, usual: SIDE * SIDE, births: 3, deaths: 3, away: 10, nextId: 2 };

/** A square of `SIDE` cells whose upper left cell is (x, y). */
interface Square {
  readonly x: number;
  readonly y: number;
  /** Which of two looks it has; default 0. */
  readonly look?: 0 | 1;
}

function cellsOf({ x, y }: Square): number[] {
  const out: number[] = [];
  for (let row = y; row < y + SIDE; row++)
    for (let column = x; column < x + SIDE; column++)
      if (column >= 0 && column < GRID.width && row >= 0 && row < GRID.height) out.push(row * GRID.width + column);
  return out;
}

/** Squares on nothing; all that is seen moves by `pace` cells to the right. @param hidden columns from and to. */
function frameOf(squares: readonly Square[], pace = 1, hidden: readonly [number, number] = [0, 0]): ThingFrame {
  const score = new Float32Array(CELLS).fill(-0.9);
  const data = new Float32Array(3 * CELLS).fill(0);
  data.fill(1, 2 * CELLS);
  for (const square of squares)
    for (const cell of cellsOf(square)) {
      const column = cell % GRID.width;
      if (column >= hidden[0] && column < hidden[1]) continue;
      score[cell] = 0.9;
      data[2 * CELLS + cell] = 0;
      data[(square.look ?? 0) * CELLS + cell] = 1;
    }
  const dx = Float32Array.from(score, (value) => (value > 0 ? pace : 0));
  return { score, moves: { dx, dy: new Float32Array(CELLS) }, features: { ...GRID, channels: 3, data } };
}

/** The ids with cells in a frame, by the column of their first cell. */
function seen(tracks: ThingTracks): Record<number, number> {
  const there = tracks.things.filter(({ cells }) => cells.length > 0);
  return Object.fromEntries(
    there.map(({ id, cells }) => [id ?? 0, Math.min(...cells.map((cell) => cell % GRID.width))]),
  );
}

function run(squares: (t: number) => readonly Square[], count: number, kind = KIND, hidden?: [number, number]) {
  const tracks = new ThingTracks(kind);
  tracks.begin(frameOf(squares(0)), new Map([[1, cellsOf(squares(0)[0])]]));
  const all: Record<number, number>[] = [seen(tracks)];
  for (let t = 1; t < count; t++) {
    tracks.next(frameOf(squares(t), 1, hidden));
    all.push(seen(tracks));
  }
  return { tracks, all };
}

/** The ids after something was away for some frames and another, or the same, came. */
function back(away: number, look: 0 | 1, y = 2): (number | null)[] {
  const at = (t: number): Square[] => (t < 5 ? [{ x: 10, y: 2 }] : t < 5 + away ? [] : [{ x: 10, y, look }]);
  const tracks = new ThingTracks(KIND);
  tracks.begin(frameOf(at(0), 0), new Map([[1, cellsOf({ x: 10, y: 2 })]]));
  for (let t = 1; t < 10 + away; t++) tracks.next(frameOf(at(t), 0));
  return tracks.things.filter(({ missing }) => missing === 0).map(({ id }) => id);
}

const two = (t: number): Square[] => [
  { x: 4 + t, y: 2 },
  { x: 4 + t, y: 9 },
];
const touching = (t: number): Square[] => [
  { x: 10 + t, y: 2 },
  { x: -5 + t, y: 9 },
  { x: -9 + t, y: 9 },
];

describe("tracks of things", () => {
  it("follow what is given, cell by cell", () => {
    const { all } = run((t) => [{ x: 4 + t, y: 2 }], 10);
    expect(all).toEqual(Array.from({ length: 10 }, (_, t) => ({ 1: 4 + t })));
  });

  it("begin when a candidate was there for three frames, with the next id, and grow as it comes in", () => {
    const { all, tracks } = run(
      (t) => [
        { x: 10 + t, y: 2 },
        { x: -5 + t, y: 9 },
      ],
      12,
    );
    const first = all.findIndex((ids) => 2 in ids);
    // Its first column shows in frame 2, which is a quarter of it; three frames later it has an id.
    expect(first).toBe(4);
    expect(all.slice(0, first).every((ids) => Object.keys(ids).join() === "1")).toBe(true);
    expect(all.at(-1)).toEqual({ 1: 21, 2: 6 });
    expect(tracks.things[1].cells).toHaveLength(SIDE * SIDE);
  });

  it("do not begin for what is seen twice, nor for what is too small", () => {
    const twice = run((t) => [{ x: 10 + t, y: 2 }, ...(t === 3 || t === 4 ? [{ x: 20, y: 9 }] : [])], 10);
    expect(Object.keys(twice.all.at(-1) ?? {})).toEqual(["1"]);
    const tracks = new ThingTracks({ ...KIND, usual: 100 });
    tracks.begin(frameOf([]), new Map());
    for (let t = 0; t < 6; t++) tracks.next(frameOf([{ x: 10 + t, y: 2 }]));
    expect(tracks.things).toEqual([]);
  });

  it("end for good when their things leave; the next one has a new id", () => {
    const { all, tracks } = run(
      (t) => [
        { x: 32 + t, y: 2 },
        { x: -14 + t, y: 2 },
      ],
      26,
    );
    expect(tracks.things.map(({ id }) => id)).toEqual([2]);
    expect(all.at(-1)).toEqual({ 2: 11 });
    expect(all.every((ids) => !(3 in ids))).toBe(true);
  });

  it("keep the id behind something, at the pace of the others", () => {
    // The first one passes columns 18 to 25, wider than itself; another one is in sight meanwhile.
    const { all } = run(
      (t) => [
        { x: 10 + t, y: 2 },
        { x: t - 4, y: 9 },
      ],
      20,
      KIND,
      [18, 25],
    );
    expect(all[11]).not.toHaveProperty("1");
    expect(all.at(-1)).toEqual({ 1: 29, 2: 15 });
    expect(all.every((ids) => !(3 in ids))).toBe(true);
  });

  it("give an old id back only to what looks alike and is near, and not after too long", () => {
    expect(back(6, 0)).toEqual([1]);
    expect(back(6, 1, 4)).toEqual([2]);
    expect(back(6, 0, 12)).toEqual([2]);
    expect(back(30, 0)).toEqual([2]);
  });

  it("do not begin for what appears at the edge while it leaves", () => {
    const { all } = run((t) => [{ x: 4 + t, y: 2 }, ...(t > 3 ? [{ x: 33 + t, y: 9 }] : [])], 7);
    expect(all.at(-1)).toEqual({ 1: 10 });
  });

  it("split what comes in touching, by the usual size", () => {
    const { all } = run(
      (t) => [
        { x: 20 + t, y: 2 },
        { x: -10 + t, y: 9 },
        { x: -14 + t, y: 9 },
      ],
      19,
    );
    expect(Object.keys(all.at(-1) ?? {})).toEqual(["1", "2", "3"]);
  });

  it("follow things of any size where none is usual", () => {
    const { all } = run(
      (t) => [
        { x: 10 + t, y: 2 },
        { x: -5 + t, y: 9 },
      ],
      12,
      { ...KIND, usual: undefined },
    );
    expect(all.at(-1)).toEqual({ 1: 21, 2: 6 });
  });

  it("end at a cut, and ids go on", () => {
    const { tracks } = run(
      (t) => [
        { x: 10 + t, y: 2 },
        { x: -3 + t, y: 9 },
      ],
      8,
    );
    tracks.cut();
    for (let t = 0; t < 4; t++) tracks.next(frameOf([{ x: 10 + t, y: 2 }]));
    expect(tracks.things.map(({ id }) => id)).toEqual([3]);
  });

  it("have no ids beyond those of masks", () => {
    const tracks = new ThingTracks({ ...KIND, nextId: MOST_IDS });
    tracks.begin(frameOf([]), new Map());
    for (let t = 0; t < 5; t++) tracks.next(frameOf(two(t)));
    expect(tracks.isFull).toBe(true);
    expect(tracks.things.map(({ id }) => id)).toEqual([MOST_IDS]);
  });

  it("go on alike from their state, after every frame", () => {
    const whole = new ThingTracks(KIND);
    whole.begin(frameOf(touching(0)), new Map([[1, cellsOf(touching(0)[0])]]));
    const states = [structuredClone(whole.state())];
    for (let t = 1; t < 26; t++) {
      whole.next(frameOf(touching(t), 1, [18, 25]));
      states.push(structuredClone(whole.state()));
    }
    for (let stop = 0; stop < 25; stop += 3) {
      const again = new ThingTracks(KIND);
      again.resume(states[stop]);
      for (let t = stop + 1; t < 26; t++) again.next(frameOf(touching(t), 1, [18, 25]));
      expect(again.state()).toEqual(states[25]);
    }
  });
});

describe("the pace of cells", () => {
  it("is the median of what is known, and nothing where little is", () => {
    const dx = Float32Array.from([1, 2, 9, Number.NaN]);
    const moves = { dx, dy: Float32Array.from([0, -1, -1, Number.NaN]) };
    expect(paceOf(moves, [0, 1, 2, 3])).toEqual({ x: 2, y: -1 });
    expect(paceOf(moves, [3])).toBeUndefined();
    expect(paceOf(undefined, [0])).toBeUndefined();
  });
});
