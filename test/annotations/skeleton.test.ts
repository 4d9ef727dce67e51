import { expect, it } from "vitest";
import { distinctBones } from "../../src/annotations/skeleton.ts";

it("each bone once, in either direction, in the order given", () => {
  const bones = [
    ["a", "b"],
    ["b", "c"],
    ["b", "a"],
    ["a", "b"],
    ["c", "d"],
  ] as const;
  expect(distinctBones(bones)).toEqual([
    ["a", "b"],
    ["b", "c"],
    ["c", "d"],
  ]);
  expect(distinctBones([])).toEqual([]);
});
