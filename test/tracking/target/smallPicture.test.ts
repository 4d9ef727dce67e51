/** @file Advice of a small picture: to whom, how strong, and which way. */
import { describe, expect, it } from "vitest";
import { SmallPicture, type WeightedCells } from "../../../src/tracking/target/smallPicture.ts";

/** Cells that have one label each. @param label of the cell in this column and row. */
function cells(width: number, height: number, label: (x: number, y: number) => number, labels = 2): WeightedCells {
  const weights = new Float32Array(width * height * labels);
  for (let cell = 0; cell < width * height; cell++)
    weights[cell * labels + label(cell % width, Math.floor(cell / width))] = 1;
  return { weights, grid: { width, height, stride: 4 } };
}

/** Of one object in every cell. */
const weightsOf = (objects: readonly number[]): Float32Array => Float32Array.from(objects.flatMap((w) => [1 - w, w]));

const wholes = (count: number, value: number): number[] => Array.from({ length: count }, () => value);

/** A row of 60 cells, a third of them in the small picture. */
const row = (columns: (x: number) => boolean): SmallPicture =>
  new SmallPicture(
    cells(60, 1, (x) => Number(columns(x))),
    cells(20, 1, () => 0),
    2,
  );

/** How far cells shift that the small picture is sure are the object's. */
const reach = (picture: SmallPicture): number | undefined => {
  const [shift] = picture.shifts(weightsOf(wholes(20, 1)), [true]);
  return shift && Math.max(...shift);
};

/** A block, a thread, a block. */
const ofThree = (x: number): number => (x < 15 ? 1 : x === 25 ? 2 : x >= 42 ? 3 : 0);

describe("who gets advice", () => {
  it("a solid object, in full", () => {
    expect(reach(row((x) => x < 17))).toBeCloseTo(0.5, 6);
    expect(reach(row((x) => x >= 12 && x < 33))).toBeCloseTo(0.5, 6);
  });

  it("not one that is too thin for its cells", () => {
    expect(reach(row((x) => x === 25))).toBeUndefined();
    expect(reach(row((x) => x % 3 === 1))).toBeUndefined();
  });

  it.each([
    [1, 0.5],
    [2, 0.5 * ((17 / 19 - 0.8) / 0.1)],
    [3, 0.25],
    [4, 0.5 * ((17 / 21 - 0.8) / 0.1)],
  ])("one with %i thin parts beside 17 solid cells, the less the more of it they are", (parts, wanted) => {
    const thin = [25, 31, 37, 43].slice(0, parts);
    expect(reach(row((x) => x < 17 || thin.includes(x)))).toBeCloseTo(wanted, 5);
  });

  it("a picture with nothing to say of any object says so", () => {
    expect(row((x) => x === 25).isSilent).toBe(true);
    expect(row((x) => x < 17).isSilent).toBe(false);
    expect(row((x) => x < 17 || [25, 31].includes(x)).isSilent).toBe(false);
  });

  it("not one with five of them, nor one without a cell", () => {
    expect(reach(row((x) => x < 17 || [25, 31, 37, 43, 49].includes(x)))).toBeUndefined();
    expect(reach(row(() => false))).toBeUndefined();
  });

  it("each object by itself; only those that are to be spoken of", () => {
    const picture = new SmallPicture(
      cells(60, 1, ofThree, 4),
      cells(20, 1, () => 0, 4),
      4,
    );
    const { weights } = cells(20, 1, (x) => ofThree(3 * x + 1), 4);
    const said = (speaks: boolean[]) => picture.shifts(weights, speaks).map((shift) => shift !== undefined);
    expect(said([true, true, true])).toEqual([true, false, true]);
    expect(said([false, true, true])).toEqual([false, false, true]);
    expect(said([false, false, false])).toEqual([false, false, false]);
    const [first, , third] = picture.shifts(weights, [true, true, true]);
    expect([first?.[3], first?.[55], third?.[3], third?.[55]]).toEqual([0.5, -0.5, -0.5, 0.5]);
  });
});

describe("shifts", () => {
  const picture = row((x) => x < 30);
  const shift = (weight: number): number => {
    const [found] = picture.shifts(weightsOf(wholes(20, weight)), [true]);
    expect(new Set(found).size).toBe(1);
    return found?.[0] ?? Number.NaN;
  };

  it("are a sixth of the logit, cut at a half", () => {
    expect(shift(0.5)).toBeCloseTo(0, 6);
    expect(shift(0.7)).toBeCloseTo(Math.log(0.7 / 0.3) / 6, 6);
    expect(shift(0.3)).toBeCloseTo(-shift(0.7), 6);
    expect([shift(0.99), shift(1), shift(0.01), shift(0)]).toEqual([0.5, 0.5, -0.5, -0.5]);
  });

  it("lie over the large picture's cells: between two of the small one they change evenly", () => {
    const [found] = picture.shifts(weightsOf([...wholes(10, 1), ...wholes(10, 0)]), [true]);
    expect(found).toHaveLength(60);
    expect([...(found ?? [])].slice(27, 33).map((value) => Math.round(value * 6) / 6)).toEqual(
      [3, 3, 1, -1, -3, -3].map((sixths) => sixths / 6),
    );
  });
});

const isObject = (x: number, y: number): boolean => x < 0.6 && y < 0.6;

describe("sizes that are no multiple", () => {
  it.each([
    [23, 17, 10, 7],
    [24, 18, 24, 18],
    [31, 9, 11, 4],
    [7, 50, 3, 20],
  ])("%ix%i cells from %ix%i", (width, height, smallWidth, smallHeight) => {
    const large = cells(width, height, (x, y) => Number(isObject((x + 0.5) / width, (y + 0.5) / height)));
    const small = cells(smallWidth, smallHeight, (x, y) =>
      Number(isObject((x + 0.5) / smallWidth, (y + 0.5) / smallHeight)),
    );
    const [shift] = new SmallPicture(large, small, 2).shifts(small.weights, [true]);
    expect(shift).toHaveLength(width * height);
    expect(shift?.[0]).toBeGreaterThan(0);
    expect(shift?.[0]).toBe(-(shift?.at(-1) ?? 0));
  });
});

it("an object that fills the frame, and a small picture of one cell", () => {
  const picture = new SmallPicture(
    cells(5, 4, () => 1),
    cells(1, 1, () => 1),
    2,
  );
  expect([...(picture.shifts(weightsOf([1]), [true])[0] ?? [])]).toEqual(wholes(20, 0.5));
});
