import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/review/finding.ts";
import { ThingWatch } from "../../src/review/thingWatch.ts";
import type { TrackRow } from "../../src/review/trackRows.ts";
import { hiddenRow, maskRow, pointRow } from "./rows.ts";

const SIZE = { width: 400, height: 200 };

function found(rows: readonly TrackRow[], cutBefore = -1): Finding[] {
  const watch = new ThingWatch(SIZE);
  return [...rows.flatMap((row) => watch.add(row, row.frame === cutBefore)), ...watch.finish()];
}
const kinds = (rows: readonly TrackRow[], cutBefore?: number): [string, number][] =>
  found(rows, cutBefore).map(({ kind, frame }) => [kind, frame]);
const steady = (count: number): TrackRow[] => Array.from({ length: count }, (_, i) => maskRow(i, "a", 100 + i));
const withConfidence = (confidences: readonly number[]): TrackRow[] =>
  confidences.map((confidence, i) => {
    return maskRow(i, "a", 100, { confidence, state: confidence < 0.5 ? "uncertain" : "visible" });
  });

const areas = (...all: number[]): TrackRow[] => all.map((area_px, i) => maskRow(i, "a", 100, { area_px }));

const at = (...xs: number[]): TrackRow[] => xs.map((x, i) => pointRow(i, "nose", x));

describe("one thing", () => {
  it("moves evenly and surely: nothing", () => {
    expect(found(steady(30))).toEqual([]);
  });

  it("low confidence is one finding for the stretch, at its lowest near the beginning", () => {
    const [only, ...others] = found(withConfidence([0.9, 0.9, 0.4, 0.3, 0.4, 0.6, 0.4, 0.1, 0.1, 0.1, 0.9, 0.9]));
    expect(others).toEqual([]);
    expect(only).toMatchObject({ kind: "doubt", frame: 7, things: ["a"] });
    expect(only.text).toBe("a is doubtful in frames 2 to 9, confidence 10 %");
    // The lowest is looked for within half a second.
    const late = found(withConfidence([0.4, ...Array.from({ length: 10 }, () => 0.45), 0.1]));
    expect(late).toMatchObject([{ kind: "doubt", frame: 0 }]);
  });

  it("a stretch ends after half a second of being sure", () => {
    const rows = withConfidence([0.4, ...Array.from({ length: 7 }, () => 0.9), 0.4, 0.9]);
    expect(kinds(rows)).toEqual([
      ["doubt", 0],
      ["doubt", 8],
    ]);
  });

  it("a fall is reported though the thing is still sure; the fall after a given frame is not", () => {
    expect(kinds(withConfidence([0.95, 0.95, 0.65, 0.95]))).toEqual([["doubt", 2]]);
    const [given, ...rest] = withConfidence([1, 0.7, 0.7]);
    expect(kinds([{ ...given, state: "given" }, ...rest])).toEqual([]);
  });

  it("what a person gave is not doubted, and ends doubt", () => {
    const rows = withConfidence([0.9, 0.4, 1, 0.9]);
    expect(kinds(rows.map((row, i) => (i === 2 ? { ...row, state: "given" as const } : row)))).toEqual([["doubt", 1]]);
    expect(kinds([hiddenRow(0, "a"), maskRow(1, "a", 100, { state: "given" })])).toEqual([]);
  });

  it("an area that changes at once, in large masks only", () => {
    expect(kinds(areas(200, 220, 240, 260))).toEqual([]);
    const [shrunk] = found(areas(200, 200, 200, 100));
    expect(shrunk).toMatchObject({ kind: "area", frame: 3, text: "a shrinks at once, from 200 to 100 px" });
    expect(found(areas(200, 200, 800))[0].weight).toBeGreaterThan(shrunk.weight);
    expect(kinds(areas(8, 8, 24))).toEqual([]);
    expect(kinds(areas(200, 200, 100), 2)).toEqual([]);
  });

  it("a jump: far, and further than the steps before", () => {
    expect(found(at(100, 102, 104, 150))).toMatchObject([{ kind: "jump", frame: 3, text: "nose jumps by 46 px" }]);
    expect(kinds(at(100, 102, 104, 112))).toEqual([]);
    expect(kinds(at(100, 120, 140, 165))).toEqual([["jump", 1]]);
    expect(kinds(at(100, 102, 104, 150), 3)).toEqual([]);
  });

  it("disappears, leaves, appears", () => {
    expect(kinds([...steady(3), hiddenRow(3, "a"), hiddenRow(4, "a"), maskRow(5, "a", 200)])).toEqual([
      ["gone", 3],
      ["back", 5],
    ]);
    expect(kinds([...steady(2), hiddenRow(2, "a", "left")])).toEqual([["left", 2]]);
    expect(kinds([hiddenRow(0, "a"), hiddenRow(1, "a")])).toEqual([]);
  });
});
