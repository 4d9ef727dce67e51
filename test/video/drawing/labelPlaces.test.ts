import { describe, expect, it } from "vitest";
import type { Box } from "../../../src/video/box.ts";
import { LabelPlaces, type PlacedName } from "../../../src/video/drawing/labelPlaces.ts";

const FRAME = { width: 200, height: 100 };
const boxed = (key: string, target: Box): PlacedName => ({ key, target, isDot: false, width: 30, height: 10 });
const dotted = (key: string, x: number, y: number): PlacedName => {
  return { key, target: [x - 3, y - 3, 6, 6], isDot: true, width: 30, height: 10 };
};
const overlap = (a: Box, b: Box): boolean =>
  a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];

describe("LabelPlaces", () => {
  it("above a box; in the middle of a large one that fills the frame's height", () => {
    const places = new LabelPlaces();
    expect(places.place([boxed("a", [50, 40, 40, 20])], FRAME)).toEqual([{ x: 55, y: 29 }]);
    expect(places.place([boxed("b", [50, 0, 100, 100])], FRAME)).toEqual([{ x: 85, y: 45 }]);
  });

  it("names of crowded dots cover neither each other nor a dot, and stay within the frame", () => {
    const names = Array.from({ length: 12 }, (_, i) => dotted(String(i), 90 + 7 * (i % 3), 30 + 9 * Math.floor(i / 3)));
    const corners = new LabelPlaces().place(names, FRAME);
    const plates = corners.flatMap((corner): Box[] => (corner === null ? [] : [[corner.x, corner.y, 30, 10]]));
    expect(plates.length).toBeGreaterThan(8);
    plates.forEach((plate, i) => {
      expect(plate[0] >= 0 && plate[1] >= 0 && plate[0] + 30 <= 200 && plate[1] + 10 <= 100).toBe(true);
      for (const other of plates.slice(i + 1)) expect(overlap(plate, other)).toBe(false);
      for (const { target } of names) expect(overlap(plate, target)).toBe(false);
    });
  });

  it("a name keeps its side while that is free, even if a preferred side is free too", () => {
    const places = new LabelPlaces();
    const [side] = places.place([boxed("a", [50, 5, 40, 20])], FRAME);
    expect(side).toEqual({ x: 91, y: 10 });
    expect(places.place([boxed("a", [50, 40, 40, 20])], FRAME)).toEqual([{ x: 91, y: 45 }]);
  });

  it("no room, no name", () => {
    expect(new LabelPlaces().place([boxed("a", [0, 0, 20, 8])], { width: 20, height: 8 })).toEqual([null]);
    expect(new LabelPlaces().place([], FRAME)).toEqual([]);
  });
});
