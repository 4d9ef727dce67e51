import { expect, it } from "vitest";
import { median } from "../../src/core/median.ts";

it("is in the middle of the sorted values, which stay as they are", () => {
  const values = [9, 1, 10, 2, 3];
  expect(median(values)).toBe(3);
  expect(values).toEqual([9, 1, 10, 2, 3]);
  expect(median([4, 1])).toBe(4);
  expect(median([7])).toBe(7);
});
