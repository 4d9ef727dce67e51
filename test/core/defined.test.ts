import { expect, it } from "vitest";
import { defined } from "../../src/core/defined.ts";

it("leaves out what has no value, and only that", () => {
  const given = { nothing: undefined, none: null, no: false, zero: 0, empty: "", nan: Number.NaN };
  expect(Object.keys(defined(given))).toEqual(["none", "no", "zero", "empty", "nan"]);
});

it("keeps the order of keys, and the object that was given", () => {
  const given = { b: 1, a: undefined as number | undefined, c: 2 };
  expect(JSON.stringify(defined(given))).toBe('{"b":1,"c":2}');
  expect("a" in given).toBe(true);
});

it("does not look into values", () => {
  const inner = { a: undefined };
  expect(defined({ inner }).inner).toBe(inner);
});
