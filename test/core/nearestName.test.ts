import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, nearestName } from "../../src/core/nearestName.ts";

describe("the nearest name", () => {
  it("is the one with the fewest changed letters, whatever the case", () => {
    expect(nearestName("Fats", ["exact", "fast", "live"])).toBe("fast");
    expect(nearestName("topk", ["temperature", "topK"])).toBe("topK");
  });

  it("is the first of equals", () => {
    expect(nearestName("x", ["a", "b"])).toBe("a");
  });
});

describe("the edit distance", () => {
  it.each([
    ["", "", 0],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["flaw", "lawn", 2],
  ])("of %j and %j is %i", (a, b, distance) => expect(editDistance(a, b)).toBe(distance));

  it("is a metric", () => {
    const word = string({ maxLength: 6 });
    assert(
      property(word, word, word, (a, b, c) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });
});
