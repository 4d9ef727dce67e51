import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  frameOrder,
  isImagePath,
  isOtherPicturePath,
  someOf,
  strangeNames,
} from "../../../src/video/sources/imageNames.ts";

const sorted = (names: readonly string[]): string[] => frameOrder(names).map((i) => names[i]);

describe("order", () => {
  test.each([
    ["numbers as people count", ["f10", "f2", "f1"], ["f1", "f2", "f10"]],
    [
      "times as Python writes them",
      ["10.1", "9.9", "10.06", "9.94", "10.14"],
      ["9.9", "9.94", "10.06", "10.1", "10.14"],
    ],
    ["a whole second among them", ["3.0", "2.98", "3.04", "3.1"], ["2.98", "3.0", "3.04", "3.1"]],
    ["numbers of parts", ["t1.9", "t1.10", "t1.11"], ["t1.9", "t1.10", "t1.11"]],
    ["fractions of one length", ["1.20", "1.05"], ["1.05", "1.20"]],
    ["several prefixes", ["b1.5", "a1.25"], ["a1.25", "b1.5"]],
  ])("%s", (_, names, expected) => {
    expect(sorted(names)).toEqual(expected);
  });

  test("ascending times of any clock without trailing zeros stay in order", () => {
    const times = fc.array(fc.integer({ min: 1, max: 99_999 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(times, (hundredths) => {
        const values = [...new Set(hundredths)].sort((a, b) => a - b).map((n) => n / 100);
        // As Python writes floats: at least one digit after the point.
        const names = values.map((value) => (Number.isInteger(value) ? `${value}.0` : String(value)));
        const mixed = names.toSorted();
        // One length of all fractions is no sign of decimals, and the natural order is the same then.
        expect(sorted(mixed).map(Number)).toEqual(values);
      }),
    );
  });

  test("every name comes out once", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 8 }), { maxLength: 12 }), (names) => {
        expect(frameOrder(names).toSorted((a, b) => a - b)).toEqual(names.map((_, i) => i));
      }),
    );
  });
});

test("names unlike nearly all others are pointed out, a mixture of names is not", () => {
  expect(strangeNames(["00000", "00001", "00002", "00003", "first"])).toEqual(["first"]);
  expect(strangeNames(["00000", "00001", "00002", "00003", "00000_mask"])).toEqual(["00000_mask"]);
  expect(strangeNames(["a1", "a2", "b1", "b2"])).toEqual([]);
  expect(strangeNames(["left", "right", "top"])).toEqual([]);
  expect(strangeNames(["x1"])).toEqual([]);
});

test("kinds by extension, whatever its case", () => {
  expect(["a.PNG", "b.jpeg", "c.tif", "d.avif"].every(isImagePath)).toBe(true);
  expect(["a.bmp", "b.GIF", "c.heic"].every(isOtherPicturePath)).toBe(true);
  expect(["a.txt", "b", ".png"].some((name) => isImagePath(name) || isOtherPicturePath(name))).toBe(false);
});

test("long lists are shortened", () => {
  expect(someOf(["a", "b"])).toBe("a, b");
  expect(someOf(["a", "b", "c", "d", "e"])).toBe("a, b, c and 2 more");
});
