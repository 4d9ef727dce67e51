/** @file The kernel of linear models against the plain loops, at every border and size. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { PANEL } from "../../src/kernels/constants/moments.ts";
import { padded } from "../../src/kernels/kernelInstance.ts";
import { CellModels } from "../../src/kernels/moments.ts";
import * as slow from "../reference/moments.ts";

/** Descriptors of random cells, and models that hold them. */
function cloud(dims: number, width: number, height: number, seed = 1): { models: CellModels; cells: number[][] } {
  const random = new Random(seed);
  const models = new CellModels(dims, { width, height });
  const cells = Array.from({ length: width * height }, () =>
    Array.from({ length: dims }, () => Math.fround(random.uniform(-1, 1))),
  );
  for (let d = 0; d < dims; d++) models.plane(d).set(cells.map((cell) => cell[d]));
  return { models, cells };
}

const rowsOf = (values: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, y) => Array.from(values).slice(y * width, (y + 1) * width));

/** Of the lower triangle of `[dims, dims]`. */
const lower = (matrix: ArrayLike<number>, dims: number): number[] =>
  Array.from(matrix).filter((_, i) => i % dims <= Math.floor(i / dims));

function expectClose(got: ArrayLike<number>, wanted: readonly number[], digits: number): void {
  expect(got).toHaveLength(wanted.length);
  wanted.forEach((value, i) => expect(got[i]).toBeCloseTo(value, digits));
}

test("counts are rounded up to whole vectors of four", () => {
  expect([0, 1, 3, 4, 5, 391].map(padded)).toEqual([0, 4, 4, 4, 8, 392]);
});

describe("means over boxes", () => {
  test("of a ramp, by hand: fewer cells at the borders", () => {
    const models = new CellModels(4, { width: 5, height: 1 });
    models.plane(2).set([0, 3, 6, 9, 12]);
    models.boxMeans(2, 0, 1);
    expect([...models.plane(0)]).toEqual([1.5, 3, 6, 9, 10.5]);
    expect([...models.plane(2)]).toEqual([0, 3, 6, 9, 12]);
  });

  test("of every size of grid and box, larger boxes than the grid too", () => {
    const side = fc.integer({ min: 1, max: 11 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 0, max: 14 }), fc.nat(1000), (width, height, radius, seed) => {
        const { models, cells } = cloud(4, width, height, seed);
        models.boxMeans(1, 3, radius);
        const plane = rowsOf(
          cells.map((cell) => cell[1]),
          width,
        );
        expectClose(models.plane(3), slow.boxMeans(plane, radius).flat(), 5);
      }),
      { numRuns: 300 },
    );
  });

  test("of a large grid do not drift: one value everywhere stays that value", () => {
    const models = new CellModels(4, { width: 479, height: 270 });
    models.plane(0).fill(0.1);
    models.boxMeans(0, 1, 14);
    for (const mean of models.plane(1)) if (Math.abs(mean - 0.1) > 1e-5) expect(mean).toBeCloseTo(0.1, 5);
  });

  test("leave padding and other planes alone", () => {
    const { models, cells } = cloud(8, 5, 3);
    models.boxMeans(0, 7, 9);
    for (let d = 0; d < 8; d++)
      expect([...models.planes.subarray(d * models.stride + models.cells, (d + 1) * models.stride)]).toEqual([0]);
    for (let d = 0; d < 7; d++) expect([...models.plane(d)]).toEqual(cells.map((cell) => cell[d]));
  });
});

describe("sums of outer products", () => {
  test("of two cells, by hand", () => {
    const models = new CellModels(4, { width: 3, height: 1 });
    for (const [d, values] of [
      [1, 9, 2],
      [3, 9, 5],
    ].entries())
      models.plane(d).set(values);
    const sums = models.outer([0, 2]);
    expect([sums[0], sums[4], sums[5]]).toEqual([1 + 4, 3 + 10, 9 + 25]);
  });

  test.each([
    [4, 1],
    [4, PANEL - 1],
    [8, PANEL],
    [12, PANEL + 1],
    [8, 3 * PANEL + 7],
  ])("of %i numbers over %i cells in any order", (dims, count) => {
    const { models, cells } = cloud(dims, 20, 20);
    const random = new Random(count);
    const list = Array.from({ length: count }, () => random.integer(cells.length));
    const wanted = lower(slow.outer(cells, list).flat(), dims);
    expectClose(lower(models.outer(list), dims), wanted, 4);
    expect(models.outer(Int32Array.from(list))).toEqual(models.outer(list));
  });

  test("of no cell are 0, whatever was summed before", () => {
    const { models } = cloud(8, 6, 5);
    models.outer([1, 2, 3]);
    expect(lower(models.outer([]), 8).every((sum) => sum === 0)).toBe(true);
  });

  test("are copies, of all cells at once too", () => {
    const { models, cells } = cloud(4, 3, 3);
    const first = models.outer([0]);
    const kept = first.slice();
    models.outer(cells.map((_, i) => i));
    expect(first).toEqual(kept);
    // Every number of a list as long as the grid has its place: the descriptors stay as they were.
    for (let d = 0; d < 4; d++) expect([...models.plane(d)]).toEqual(cells.map((cell) => cell[d]));
  });
});

describe("scores", () => {
  test.each([
    [4, 1, 1],
    [4, 5, 3],
    [12, 8, 4],
    [20, 13, 7],
  ])("%i numbers, %ix%i cells: the dot product of every cell", (dims, width, height) => {
    const { models, cells } = cloud(dims, width, height, dims);
    const random = new Random(7);
    const weights = Float32Array.from({ length: dims }, () => random.uniform(-1, 1));
    const got = models.scores(weights);
    expectClose(got, slow.scores(cells, [...weights]), 5);
    models.scores(new Float32Array(dims));
    expectClose(got, slow.scores(cells, [...weights]), 5);
  });
});

describe("a system", () => {
  test("of two, by hand; only the lower triangle is read", () => {
    const models = new CellModels(4, { width: 1, height: 1 });
    const matrix = Float64Array.of(4, 99, 99, 99, 2, 3, 99, 99, 0, 0, 1, 99, 0, 0, 0, 1);
    // 4 x + 2 y = 10, 2 x + 3 y = 9.
    expectClose(models.solve(matrix, Float64Array.of(10, 9, 5, 0)), [1.5, 2, 5, 0], 6);
  });

  test.each([4, 8, 20, 64])("of %i is solved to known unknowns", (dims) => {
    const random = new Random(dims);
    const { models, cells } = cloud(dims, dims, 3, dims);
    const all = cells.map((_, i) => i);
    const matrix = slow.outer(cells, all);
    const wanted = Array.from({ length: dims }, () => Math.fround(random.uniform(-1, 1)));
    const vector = matrix.map((row) => row.reduce((sum, value, d) => sum + value * wanted[d], 0));
    const given = [Float64Array.from(matrix.flat()), Float64Array.from(vector)] as const;
    const kept = given.map((part) => part.slice());
    expectClose(models.solve(...given), wanted, 4);
    expect(given).toEqual(kept);
  });

  test("that tells nothing has a finite answer", () => {
    const models = new CellModels(4, { width: 1, height: 1 });
    expect([...models.solve(new Float64Array(16), new Float64Array(4))]).toEqual([0, 0, 0, 0]);
    expect(models.solve(new Float64Array(16), Float64Array.of(1, 1, 1, 1)).every(Number.isFinite)).toBe(true);
  });
});
