import { expect, it } from "vitest";
import { editDistance, nearest } from "../../src/core/nearest.ts";

it.each([
  ["", "", 0],
  ["", "abc", 3],
  ["mast", "mamp", 2],
  ["memroy", "memory", 2],
  ["kitten", "sitting", 3],
])("%j and %j are %i edits apart, both ways", (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

it("the nearest name ignores case; the first of several; none of none", () => {
  expect(nearest("MASK", ["crw", "mast", "dino"])).toBe("mast");
  expect(nearest("topk", ["shortSide", "topK"])).toBe("topK");
  expect(nearest("x", ["a", "b"])).toBe("a");
  expect(nearest("x", [])).toBeUndefined();
});
