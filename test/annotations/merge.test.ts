import { array, assert, integer, property, record, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeFrames } from "../../src/annotations/merge.ts";

const point = (name: string, x = 0) => ({ name, x, y: 0 });
const box = { name: "car", x: 0, y: 0, width: 1, height: 1 };

describe("mergeFrames", () => {
  it("of nothing is nothing", () => {
    expect(mergeFrames([])).toEqual([]);
  });

  it("brings frames into order, and what is said of one into one", () => {
    const polygons = [{ name: "bolt", rings: [] }];
    expect(
      mergeFrames([
        { frame: 2, points: [point("a")], timeSec: 0.2 },
        { frame: 0, ends: [1] },
        { frame: 2, boxes: [box], polygons, image: "00002" },
        { frame: 2, points: [point("b"), point("a", 5)], timeSec: 0.3, image: "other" },
        { frame: 0, ends: ["a"] },
      ]),
    ).toEqual([
      { frame: 0, ends: [1, "a"] },
      {
        frame: 2,
        timeSec: 0.2,
        image: "00002",
        boxes: [box],
        polygons,
        points: [point("a"), point("b"), point("a", 5)],
      },
    ]);
  });

  it("keeps time 0, and a frame that says nothing", () => {
    const nothing = { frame: 7 };
    expect(mergeFrames([nothing, { frame: 1 }, { frame: 1, timeSec: 0 }, { frame: 1, timeSec: 2 }])).toEqual([
      { frame: 1, timeSec: 0 },
      nothing,
    ]);
  });

  it("loses nothing, invents nothing, keeps the order within a frame", () => {
    const entry = record({ frame: integer({ min: 0, max: 5 }), name: string() });
    assert(
      property(array(entry), (entries) => {
        const merged = mergeFrames(entries.map(({ frame, name }) => ({ frame, points: [point(name)] })));
        const sorted = entries.toSorted((one, other) => one.frame - other.frame);
        expect(merged.flatMap(({ frame, points = [] }) => points.map(({ name }) => ({ frame, name })))).toEqual(sorted);
        expect(merged.map(({ frame }) => frame)).toEqual([...new Set(sorted.map(({ frame }) => frame))]);
      }),
    );
  });

  it("takes a hundred thousand entries of one frame in linear time", () => {
    const entries = Array.from({ length: 100_000 }, (_, i) => ({ frame: 0, points: [point(String(i))] }));
    expect(mergeFrames(entries)[0].points).toHaveLength(100_000);
  });
});
