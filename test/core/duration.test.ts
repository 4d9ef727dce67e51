import { expect, test } from "vitest";
import { duration } from "../../src/core/duration.ts";

test.each([
  [0, "0 s"],
  [0.01, "0.1 s"],
  [0.44, "0.4 s"],
  [0.97, "1 s"],
  [1.4, "1 s"],
  [89.4, "89 s"],
  [90, "2 min"],
  [3599, "60 min"],
  [3900, "1 h 05 min"],
])("%d seconds are %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
