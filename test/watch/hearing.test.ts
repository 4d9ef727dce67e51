import * as fc from "fast-check";
import { expect, test } from "vitest";
import { frameAt } from "../../src/watch/hearing.ts";

test("the frame that is shown at a time", () => {
  const times = [1, 1.5, 3];
  expect([0, 1, 1.2, 1.5, 2.9, 3, 9].map((time) => frameAt(time, times))).toEqual([0, 0, 0, 1, 1, 2, 2]);
  // Rounded by a container.
  expect(frameAt(1.4999999, times)).toBe(1);
});

test("is the last one that has begun", () => {
  const times = fc
    .uniqueArray(fc.integer({ min: 0, max: 100 }), { minLength: 1 })
    .map((all) => all.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(times, fc.double({ min: -5, max: 110, noNaN: true }), (timesSec, timeSec) => {
      const expected = Math.max(
        0,
        timesSec.findLastIndex((one) => one <= timeSec + 1e-6),
      );
      expect(frameAt(timeSec, timesSec)).toBe(expected);
    }),
  );
});
