/** @file Lessons on tiny grids, whose sums are worked out by hand. */
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.ts";
import { CellModels } from "../../../src/kernels/moments.ts";
import {
  copyOf,
  type Lesson,
  lessonsOf,
  mixIn,
  noLesson,
  solveLessons,
  sureLabels,
  UNKNOWN,
} from "../../../src/tracking/target/lessons.ts";

/** Descriptors are a value and 1. */
const DIMS = 4;
const CONSTANT = 1;

interface Cells {
  readonly width: number;
  readonly height: number;
  /** Of a cell in this column and row. */
  readonly label: (x: number, y: number) => number;
  readonly value: (x: number, y: number) => number;
  /** Default 2. */
  readonly labels?: number;
}

function taughtBy({ width, height, label, value, labels = 2 }: Cells): { models: CellModels; lessons: Lesson[] } {
  const models = new CellModels(DIMS, { width, height });
  const each = <T>(of: (x: number, y: number) => T): T[] =>
    Array.from({ length: width * height }, (_, cell) => of(cell % width, Math.floor(cell / width)));
  models.plane(0).set(each(value));
  models.plane(CONSTANT).fill(1);
  const grid = { width, height, stride: 4 };
  return { models, lessons: lessonsOf(models, Int16Array.from(each(label)), { labels, grid, constant: CONSTANT }) };
}

/** Σ w value², Σ w value, Σ w; Σ w y value, Σ w y. */
function sums({ matrix, vector }: Lesson): number[] {
  return [matrix[0], matrix[1], matrix[2], vector[0], vector[1]];
}

function expectSums(lesson: Lesson, wanted: readonly number[]): void {
  sums(lesson).forEach((sum, i) => expect(sum, `sum ${i}`).toBeCloseTo(wanted[i], 5));
  expect([...lesson.matrix.subarray(3), ...lesson.vector.subarray(2)].every((value) => value === 0)).toBe(true);
}

/** The first ten of thirty columns are the object, the next eight lie around it. */
const around: Cells = {
  width: 30,
  height: 2,
  label: (x) => Number(x < 10),
  value: (x) => (x < 10 ? 1 : x < 18 ? 2 : 3),
};

/** The first row is the object; values are 1 beyond eight rows from it. */
const column = (rows: number): Cells => ({
  width: rows,
  height: rows,
  label: (_, y) => Number(y === 0),
  value: (_, y) => Number(y > 8),
});

/** Of the other rows, those beyond eight. */
const share = (rows: number) => (rows - 9) / (rows - 1);

const mean = (from: number, to: number): number => (from + to) / 2;

describe("a lesson", () => {
  it("half of the weight is the object's, a quarter that of all others, a quarter that of those around it", () => {
    // Others: 16 cells of 2 and 24 of 3.
    const others = { square: (16 * 4 + 24 * 9) / 40, mean: (16 * 2 + 24 * 3) / 40 };
    expectSums(taughtBy(around).lessons[0], [
      0.5 + 0.25 * others.square + 0.25 * 4,
      0.5 + 0.25 * others.mean + 0.25 * 2,
      1,
      0.5 - 0.25 * others.mean - 0.25 * 2,
      0,
    ]);
  });

  it("with few cells around it, all others have the other half", () => {
    const row = { ...around, height: 1, label: (x: number) => Number(x < 20), value: (x: number) => (x < 20 ? 1 : 2) };
    expectSums(taughtBy(row).lessons[0], [0.5 + 0.5 * 4, 0.5 + 0.5 * 2, 1, 0.5 - 1, 0]);
    // 20 columns of 2 rows, 5 of which are around: 10 cells are too few, 12 are enough.
    const near = (columns: number): Cells => ({
      ...around,
      label: (x) => (x < 10 ? 1 : x < 10 + columns || x >= 18 ? 0 : UNKNOWN),
      value: (x) => Number(x >= 18),
    });
    expect(taughtBy(near(5)).lessons[0].vector[0]).toBeCloseTo(-0.5 * (24 / 34), 5);
    expect(taughtBy(near(6)).lessons[0].vector[0]).toBeCloseTo(-0.25 * (24 / 36), 5);
  });

  it("around is eight cells away in a small grid, twice as far in one of 120 rows", () => {
    expect(taughtBy(column(60)).lessons[0].vector[0]).toBeCloseTo(-0.25 * share(60), 2);
    expect(taughtBy(column(120)).lessons[0].vector[0]).toBeCloseTo(-0.25 * share(120) - 0.25 * 0.5, 2);
  });

  it("a small object has less: a fortieth for each of its cells", () => {
    const small = { ...around, label: (x: number, y: number) => Number(x < 5 && y === 0) };
    const { matrix, vector } = taughtBy(small).lessons[0];
    expect([matrix[2], vector[1]].map((sum) => Math.round(sum * 1e5) / 1e5)).toEqual([0.625, -0.375]);
    const one = { ...around, label: (x: number, y: number) => Number(x === 0 && y === 0) };
    expect(taughtBy(one).lessons[0].matrix[2]).toBeCloseTo(0.525, 5);
  });

  it("an object without a cell: everything is something else", () => {
    expectSums(taughtBy({ ...around, label: () => 0, value: () => 2 }).lessons[0], [2, 1, 0.5, -1, -0.5]);
  });

  it("an object that fills the frame: there is nothing else, not even what rounding leaves", () => {
    const full = { ...around, width: 60, height: 10, label: () => 1, value: (x: number) => 0.1 + 0.01 * x };
    const { lessons } = taughtBy(full);
    const [square, mean] = [2, 1].map(
      (power) => Array.from({ length: 60 }, (_, x) => full.value(x) ** power).reduce((a, b) => a + b) / 60,
    );
    sums(lessons[0]).forEach((sum, i) => {
      expect(sum).toBeCloseTo([square / 2, mean / 2, 0.5, mean / 2, 0.5][i], 6);
    });
    expect(lessons[0].vector[1]).toBe(0.5);
  });

  it("cells of no label for sure tell nothing", () => {
    const doubtful: Cells = {
      ...around,
      width: 40,
      label: (x) => (x < 30 ? Number(x < 10) : UNKNOWN),
      value: (x) => (x < 30 ? around.value(x, 0) : 1000),
    };
    expect(taughtBy(doubtful).lessons[0]).toEqual(taughtBy(around).lessons[0]);
    expect(taughtBy({ ...around, label: () => UNKNOWN }).lessons[0]).toEqual(noLesson(DIMS));
  });

  it("to each object the others are something else", () => {
    const two: Cells = {
      width: 30,
      height: 2,
      labels: 3,
      label: (x) => (x < 10 ? 1 : x >= 20 ? 2 : 0),
      value: (x) => (x < 10 ? 1 : x >= 20 ? 5 : 0),
    };
    const [first, second] = taughtBy(two).lessons;
    expect(first.vector[0]).toBeCloseTo(0.5 - 0.25 * 2.5, 5);
    expect(second.vector[0]).toBeCloseTo(2.5 - 0.25 * 0.5, 5);
    expect([first.matrix[2], second.matrix[2]].map((sum) => Math.round(sum * 1e5) / 1e5)).toEqual([1, 1]);
  });

  it("of more cells than are enough a regular sample stands for all", () => {
    const large: Cells = { width: 130, height: 70, label: (x) => Number(x < 65), value: (x) => x };
    const { matrix, vector } = taughtBy(large).lessons[0];
    expect([matrix[2], vector[1]].map((sum) => Math.round(sum * 1e4) / 1e4)).toEqual([1, 0]);
    expect(vector[0] / (0.5 * mean(0, 64) - 0.25 * mean(65, 129) - 0.25 * mean(65, 72))).toBeCloseTo(1, 2);
  });

  it("there may be as many objects as a mask has room for", () => {
    const many: Cells = { width: 255, height: 1, labels: 255, label: (x) => x, value: (x) => x };
    const { lessons } = taughtBy(many);
    expect(lessons).toHaveLength(254);
    lessons.forEach(({ matrix }) => expect(matrix[2]).toBeCloseTo(0.525, 5));
  });
});

/** Sums of some numbers. */
const lesson = (start: number): Lesson => ({
  matrix: Float32Array.from({ length: 10 }, (_, i) => start + i),
  vector: Float32Array.of(start, 0, 0, -start),
});

describe("sums", () => {
  it("mix: what is kept of the old, and the rest of the new", () => {
    const into = lesson(4);
    mixIn(into, lesson(8), 0.75);
    expect(into).toEqual({ matrix: lesson(5).matrix, vector: Float32Array.of(5, 0, 0, -5) });
    const nothing = noLesson(DIMS);
    mixIn(nothing, lesson(8), 0.5);
    expect([nothing.matrix[0], nothing.vector[3]]).toEqual([4, -4]);
  });

  it("a copy stays as it is", () => {
    const original = lesson(1);
    const copy = copyOf(original);
    mixIn(original, lesson(3), 0);
    expect(copy).toEqual(lesson(1));
  });
});

describe("the model that lessons add up to", () => {
  /** Dark columns, then light ones. */
  const colours: Cells = { width: 40, height: 1, label: (x) => Number(x < 20), value: (x) => (x < 20 ? 1 : -1) };

  it("by hand: the label over one plus λ", () => {
    // The eight cells around are too few. M is the unit matrix in two numbers, so λ = 0.1 · 2 / 4.
    const { models, lessons } = taughtBy(colours);
    const [value, constant] = solveLessons(models, lessons, 0.1);
    expect(value).toBeCloseTo(1 / 1.05, 5);
    expect(constant).toBeCloseTo(0, 5);
  });

  it("tells two colours apart, wherever they lie", () => {
    const random = new Random(2);
    const is = Array.from({ length: 300 }, () => random.integer(3));
    const cells: Cells = {
      width: 300,
      height: 1,
      labels: 3,
      label: (x) => is[x],
      value: (x) => [0.5, 0.8, 0.1][is[x]],
    };
    const { models, lessons } = taughtBy(cells);
    const [bright, dark] = lessons.map((lesson) => models.scores(solveLessons(models, [lesson], 0.001)));
    for (const [x, label] of is.entries()) {
      expect(bright[x] > 0, `cell ${x}`).toBe(label === 1);
      expect(dark[x] > 0, `cell ${x}`).toBe(label === 2);
    }
  });

  it("lessons count by their weights, and twice the same is the same but for λ", () => {
    const { models, lessons } = taughtBy(colours);
    const once = solveLessons(models, lessons, 0.01);
    solveLessons(models, [...lessons, ...lessons], 0.01).forEach((w, d) => expect(w).toBeCloseTo(once[d], 5));
    const against = copyOf(lessons[0]);
    against.vector.forEach((b, d) => (against.vector[d] = -b));
    solveLessons(models, [lessons[0], against], 0.01).forEach((w) => expect(w).toBeCloseTo(0, 6));
  });

  it("numbers that it does without have no weight; what they told, the others tell as well as they can", () => {
    // Without their values the model is the mean label over one plus λ, the mean of the diagonal being that of all.
    const { models, lessons } = taughtBy({ ...colours, value: (x) => (x < 20 ? 3 : 1) });
    const [matrix, vector] = [lessons[0].matrix, lessons[0].vector];
    const ridge = (0.01 * (matrix[0] + matrix[2])) / DIMS;
    const [value, constant] = solveLessons(models, lessons, 0.01, { from: 0, to: 1 });
    expect(value).toBe(0);
    expect(constant).toBeCloseTo(vector[1] / (matrix[2] + ridge), 5);
    const none = solveLessons(models, lessons, 0.01, { from: 0, to: 0 });
    expect(none).toEqual(solveLessons(models, lessons, 0.01));
    expect(none[0]).toBeGreaterThan(0.5);
  });

  it("of nothing says nothing", () => {
    const { models } = taughtBy(colours);
    expect([...solveLessons(models, [noLesson(DIMS)], 0.01)]).toEqual([0, 0, 0, 0]);
    expect([...solveLessons(models, [], 0.01)]).toEqual([0, 0, 0, 0]);
  });
});

const sure = (...cells: number[][]): number[] => [...sureLabels(Float32Array.from(cells.flat()), cells[0].length, 0.8)];

describe("labels for sure", () => {
  it("an object's from above the least weight on, the background's where no object has what is left", () => {
    expect(sure([0.1, 0.9], [0.25, 0.75], [0.5, 0.5], [0.7, 0.3], [0.9, 0.1], [1, 0])).toEqual([
      1,
      UNKNOWN,
      UNKNOWN,
      UNKNOWN,
      0,
      0,
    ]);
  });

  it("of several objects the sure one", () => {
    expect(sure([0, 0.9, 0.1], [0.05, 0.05, 0.9], [0, 0.5, 0.5], [0.7, 0.15, 0.15])).toEqual([1, 2, UNKNOWN, 0]);
  });

  it("of objects of any number, the last that a mask has room for too", () => {
    const last = Array.from({ length: 255 }, (_, label) => Number(label === 254));
    const middle = last.map((_, label) => Number(label === 128));
    expect(sure(last, middle)).toEqual([254, 128]);
  });
});
