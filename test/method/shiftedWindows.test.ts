/** @file Windows that lie elsewhere: against the affinity written cell by cell, at borders, and their gradients. */
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { copyByAffinity, localAffinity } from "../../src/method/localAffinity.ts";
import { shiftedWindowData, type ShiftedWindows } from "../../src/method/shiftedWindows.ts";
import { constant, type Tensor } from "../../src/tensor/index.ts";
import * as slow from "../reference/affinity.ts";
import { checkOp, evaluate, expectClose, type Feed, feed } from "../tensor/check.ts";

interface Size {
  readonly b: number;
  readonly h: number;
  readonly w: number;
  readonly radius: number;
}

/** Displacements of all tiles of b pairs, `[b][tilesY, tilesX, 2]`. */
type Shifts = readonly Int16Array[];

const tilesOf = ({ h, w }: Size): number => Math.ceil(h / 8) * Math.ceil(w / 8);

function randomShifts(size: Size, reach: number, seed: number): Int16Array[] {
  const random = new Random(seed);
  const one = () => Math.round(random.uniform(-reach, reach));
  return Array.from({ length: size.b }, () => Int16Array.from({ length: 2 * tilesOf(size) }, one));
}

const joined = (parts: readonly Float32Array[]): Float32Array => Float32Array.from(parts.flatMap((part) => [...part]));

function feedsOf({ b, h, w, radius }: Size, shifts: Shifts): [Feed, Feed] {
  const windows = shifts.map((own) => shiftedWindowData(own, { width: w, height: h }, radius));
  const tiles = tilesOf({ b, h, w, radius });
  const side = 8 + 2 * radius;
  return [
    { shape: [b, tiles, side, h], data: joined(windows.map(({ rows }) => rows)) },
    { shape: [b, w, tiles * side], data: joined(windows.map(({ columns }) => columns)) },
  ];
}

/** The rule of cutting down, said differently: the nearest displacement with which every query of the tile has a key. */
function cutDown(shift: number, begin: number, length: number, radius: number): number {
  const queries = Array.from({ length: Math.min(8, length - begin) }, (_, i) => begin + i);
  const works = (s: number) => queries.every((q) => q + s + radius >= 0 && q + s - radius <= length - 1);
  for (let away = 0; ; away++) for (const s of [shift - away, shift + away]) if (works(s)) return s;
}

function shiftsOf({ h, w, radius }: Size, references: readonly Shifts[]): slow.WindowShift {
  return (n, r, y, x) => {
    const [left, top] = [x - (x % 8), y - (y % 8)];
    const tile = (top / 8) * Math.ceil(w / 8) + left / 8;
    const own = references[r][n];
    return [cutDown(own[2 * tile], left, w, radius), cutDown(own[2 * tile + 1], top, h, radius)];
  };
}

const windows = (rows: Tensor, columns: Tensor): ShiftedWindows => ({ rows, columns });
const double = ({ shape, data }: Feed) => ({ shape, data: Float64Array.from(data) });

describe("against the affinity cell by cell", () => {
  test.each([
    [{ b: 1, h: 16, w: 24, radius: 2 }, 5],
    [{ b: 2, h: 16, w: 16, radius: 3 }, 40],
    [{ b: 1, h: 13, w: 9, radius: 1 }, 6],
    [{ b: 1, h: 3, w: 5, radius: 6 }, 20],
    [{ b: 1, h: 17, w: 8, radius: 0 }, 9],
  ])("%o, displacements up to %i", async (size, reach) => {
    const { b, h, w, radius } = size;
    const shifts = [randomShifts(size, reach, 1), randomShifts(size, reach, 2)];
    const maps = [1, 2, 3].map((seed) => feed([b, 3, h, w], seed, { low: -2, high: 2 }));
    const sources = [4, 5].map((seed) => feed([b, 2, h, w], seed));
    const got = await evaluate(
      (q, k1, k2, s1, s2, r1, c1, r2, c2) =>
        copyByAffinity(q, [k1, k2], [s1, s2], { radius, scale: 0.7, shifts: [windows(r1, c1), windows(r2, c2)] }),
      [...maps, ...sources, ...feedsOf(size, shifts[0]), ...feedsOf(size, shifts[1])],
    );
    const [q, ...keys] = maps.map(double);
    const wanted = slow.copyByAffinity(q, keys, sources.map(double), radius, 0.7, shiftsOf(size, shifts));
    expectClose(got.data, wanted.data, 1e-5, "copy");
  });
});

test("without displacement it is the plain window, candidates included", async () => {
  const size = { b: 2, h: 11, w: 13, radius: 2 };
  const none = feedsOf(
    size,
    [1, 2].map(() => new Int16Array(8)),
  );
  const feeds = [feed([2, 3, 11, 13], 1), feed([2, 3, 11, 13], 2), ...none];
  const options = { radius: 2, scale: 1 };
  for (const what of ["copy", "candidates"] as const) {
    const of = (q: Tensor, k: Tensor, shifts?: ShiftedWindows[]) => {
      const affinity = localAffinity(q, [k], { ...options, shifts });
      return what === "copy" ? affinity.copy([k]) : affinity.candidates;
    };
    const got = await evaluate((q, k, rows, columns) => of(q, k, [windows(rows, columns)]), feeds);
    const plain = await evaluate((q, k) => of(q, k), feeds.slice(0, 2));
    const wanted = what === "copy" ? plain.data : [...plain.data, ...plain.data];
    expectClose(got.data, wanted, 1e-6, what);
  }
});

test("no probability leaves the frame however far a window is sent", async () => {
  const size = { b: 1, h: 16, w: 16, radius: 2 };
  const far = Int16Array.of(-30, 0, 30, 30, 0, -30, 30, -5);
  const ones = { shape: [1, 1, 16, 16], data: new Float32Array(256).fill(1) };
  const got = await evaluate(
    (q, k, s, rows, columns) => copyByAffinity(q, [k], [s], { radius: 2, scale: 1, shifts: [windows(rows, columns)] }),
    [feed([1, 3, 16, 16], 1), feed([1, 3, 16, 16], 2), ones, ...feedsOf(size, [far])],
  );
  expectClose(got.data, ones.data, 1e-6, "copy of ones");
});

const withPrior = (a: Feed, b: Feed, scale: number) => ({
  shape: [1, 4, 8, 16],
  data: Float64Array.from([...Array.from(a.data, (v) => v * scale), ...b.data]),
});

test("a prior is looked up where the window lies", async () => {
  const size = { b: 1, h: 8, w: 16, radius: 1 };
  const shifts = [Int16Array.of(5, 0, -4, 1)];
  const maps = [1, 2].map((seed) => feed([1, 2, 8, 16], seed));
  const [pq, pk] = [3, 4].map((seed) => feed([1, 2, 8, 16], seed));
  const got = await evaluate(
    (q, k, a, b, rows, columns) =>
      copyByAffinity(q, [k], [k], {
        radius: 1,
        scale: 2,
        prior: { queries: a, keys: [b] },
        shifts: [windows(rows, columns)],
      }),
    [...maps, pq, pk, ...feedsOf(size, shifts)],
  );
  const wanted = slow.copyByAffinity(
    withPrior(maps[0], pq, 2),
    [withPrior(maps[1], pk, 1)],
    [double(maps[1])],
    1,
    1,
    shiftsOf(size, [shifts]),
  );
  expectClose(got.data, wanted.data, 1e-5, "copy with a prior");
});

test("gradients by queries, references and sources", async () => {
  const size = { b: 1, h: 3, w: 17, radius: 1 };
  const shifts = [[Int16Array.of(4, 1, -3, 0, -9, -1)], [Int16Array.of(0, 0, 7, 2, -2, 0)]];
  const [[r1, c1], [r2, c2]] = shifts.map((own) => feedsOf(size, own));
  const fixed = [r1, c1, r2, c2].map(({ shape, data }) => ({ shape, data: new Float32Array(data) }));
  const feeds = [1, 2, 3]
    .map((seed) => feed([1, 2, 3, 17], seed))
    .concat([4, 5].map((seed) => feed([1, 1, 3, 17], seed)));
  await checkOp({
    feeds,
    build: (q, k1, k2, s1, s2) => {
      const [a, b, c, d] = fixed.map(({ shape, data }) => constant(data, shape));
      return copyByAffinity(q, [k1, k2], [s1, s2], { radius: 1, scale: 0.5, shifts: [windows(a, b), windows(c, d)] });
    },
    reference: (q, k1, k2, s1, s2) => slow.copyByAffinity(q, [k1, k2], [s1, s2], 1, 0.5, shiftsOf(size, shifts)),
    tolerance: 5e-5,
  });
});

test("matrices by hand: a tile of a 4x1 frame sent one cell to the left", () => {
  const { rows, columns } = shiftedWindowData(Int16Array.of(-1, 0), { width: 4, height: 1 }, 0);
  expect([...rows]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
  // A radius of 0 cannot do without its own column 0, so the tile stays.
  expect([...columns.subarray(0, 8)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
  const wide = shiftedWindowData(Int16Array.of(-1, 0), { width: 4, height: 1 }, 1);
  // Keys begin at −1 − 1: cell 0 is the third of ten.
  expect([...wide.columns.subarray(0, 10)]).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
});
