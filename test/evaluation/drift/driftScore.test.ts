import { describe, expect, it } from "vitest";
import {
  driftChart,
  driftScore,
  driftTable,
  objectDrift,
  sequenceDrift,
} from "../../../src/evaluation/drift/driftScore.ts";

const none = { eaten: 0, leaked: 0 };
const flat = (value: number): number[] => [value, value, value, value];
const steady = (value: number) => objectDrift({ ceiling: flat(1), forced: flat(value), free: flat(value) }, none);

describe("the numbers of an object", () => {
  it("are means over its frames; late is the last quarter of the free run", () => {
    const free = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2];
    const J = { ceiling: free.map(() => 0.95), forced: free.map((_, i) => (i % 2 === 0 ? 0.9 : 0.8)), free };
    expect(objectDrift(J, { eaten: 0.1, leaked: 0.2 })).toEqual({
      ceiling: expect.closeTo(0.95, 12),
      forced: expect.closeTo(0.85, 12),
      free: expect.closeTo(0.55, 12),
      late: expect.closeTo(0.3, 12),
      eaten: 0.1,
      leaked: 0.2,
      J,
    });
  });
});

describe("means", () => {
  const two = sequenceDrift({ 1: steady(0.2), 2: steady(0.4) });
  const one = sequenceDrift({ 1: steady(0.9) });
  const score = driftScore({ two, one }, { mode: "fast" });

  it("of a sequence are over its objects, of a benchmark over all objects", () => {
    expect(two.mean).toMatchObject({ ceiling: 1, forced: expect.closeTo(0.3, 12), late: expect.closeTo(0.3, 12) });
    expect(score.mean.free).toBeCloseTo(0.5, 12);
    expect(score).toMatchObject({ benchmark: "drift", settings: { mode: "fast" } });
  });

  it("leave out an object that is in no scored frame", () => {
    const gone = objectDrift(
      { ceiling: flat(1), forced: flat(1), free: flat(1) },
      { eaten: Number.NaN, leaked: Number.NaN },
    );
    const here = objectDrift({ ceiling: flat(1), forced: flat(1), free: flat(1) }, { eaten: 0.5, leaked: 2 });
    expect(sequenceDrift({ 1: gone, 2: here }).mean).toMatchObject({ eaten: 0.5, leaked: 2 });
    const alone = driftTable(driftScore({ a: sequenceDrift({ 1: gone }) }, {}));
    expect(alone).not.toContain("NaN");
  });

  it("are a row each, all objects last", () => {
    const rows = driftTable(score).split("\n");
    expect(rows.find((row) => row.includes("two"))).toMatch(/2 .*1\.000 .*0\.300 .*0\.300 .*0\.300 .*0\.0 %/u);
    expect(rows.findLast((row) => row.includes("all objects"))).toMatch(/3 .*1\.000 .*0\.500/u);
  });

  it("are drawn as four bars a sequence", () => {
    const svg = driftChart(score);
    for (const words of ["two", "one", "ceiling 1.000", "forced 0.300", "free 0.900", "late 0.900", "mean J"])
      expect(svg).toContain(words);
  });
});
