import { describe, expect, it } from "vitest";
import { knownIn, namedEnds, requireKnownEnds } from "../../../src/tracking/session/ends.ts";

const known = knownIn([
  { objects: [2, 10], points: [] },
  { objects: [1], points: [{ name: "nose" }, { name: "7" }] },
]);
const names = new Map([["van", 10]]);
const ends = (...what: (number | string)[]) => ({ frame: 3, ends: what, name: "--end" });

describe("ends of what nobody labelled", () => {
  it.each([
    [9, "--end: nothing that is labelled has this name: got object 9, expected object 1, object 2, object 10, point "],
    ["tail", '--end: nothing that is labelled has this name: got "tail", expected object 1'],
  ])("%s is refused with the names that there are", (what, message) => {
    const check = () => requireKnownEnds(ends(1, what), known);
    expect(check).toThrow(message);
    expect(check).toThrow(expect.objectContaining({ code: "labels/end" }));
  });

  it("also where nothing has a name yet", () => {
    expect(() => requireKnownEnds(ends(1), knownIn([]))).toThrow("got object 1, expected something that is labelled");
  });

  it("known ones, and labels without ends, pass", () => {
    requireKnownEnds(ends(1, 2, 10, "nose", "7"), known);
    requireKnownEnds({ frame: 0 }, known);
  });
});

describe("names of ends", () => {
  it("a box by its name is its object, a point with a number for a name is that point", () => {
    expect(namedEnds(ends("van", 7, 2, "nose"), known, names).ends).toEqual([10, "7", 2, "nose"]);
  });

  it("an object comes before a point of the same number, a point before a box of the same name", () => {
    const both = knownIn([{ objects: [7], points: [{ name: "7" }, { name: "van" }] }]);
    expect(namedEnds(ends(7, "van"), both, names).ends).toEqual([7, "van"]);
  });

  it("unknown ones stay as they are, labels without ends too", () => {
    expect(namedEnds(ends("x", 9), known, names).ends).toEqual(["x", 9]);
    const labels = { frame: 1 };
    expect(namedEnds(labels, known, names)).toBe(labels);
  });
});
