import { describe, expect, it } from "vitest";
import { firstDifference } from "../../src/core/firstDifference.ts";

describe("the first difference", () => {
  it.each([
    ["equal numbers", 1, 1],
    ["keys in another order", { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
    ["an undefined key and none", { a: 1, b: undefined }, { a: 1 }],
    ["equal lists", { a: [1, 2] }, { a: [1, 2] }],
    ["nulls", { a: null }, { a: null }],
  ])("there is none between %s", (_, left, right) => expect(firstDifference(left, right)).toBeUndefined());

  it.each([
    ["values", 1, 2, { path: "", left: 1, right: 2 }],
    ["a nested key", { a: 1, b: { c: 2 } }, { a: 1, b: { c: 3 } }, { path: "b.c", left: 2, right: 3 }],
    ["the first of two, by the right one's order", { a: 1, b: 1 }, { b: 2, a: 2 }, { path: "b", left: 1, right: 2 }],
    ["a list as a whole", { a: [1, 2] }, { a: [2, 1] }, { path: "a", left: [1, 2], right: [2, 1] }],
    ["an object and null", { a: { b: 1 } }, { a: null }, { path: "a", left: { b: 1 }, right: null }],
    ["a key that only the left one has", { a: 1, b: 2 }, { a: 1 }, { path: "b", left: 2, right: undefined }],
    ["a key that only the right one has", {}, { a: 1 }, { path: "a", left: undefined, right: 1 }],
  ])("%s", (_, left, right, difference) => expect(firstDifference(left, right)).toEqual(difference));
});
