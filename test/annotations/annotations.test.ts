import { assert, double, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { pointFinder, pointNames, visiblePoints } from "../../src/annotations/annotations.ts";
import { imageNumber } from "../../src/annotations/frameAnnotation.ts";
import { clampToFrame, isInFrame, type PointAnnotation } from "../../src/annotations/point.ts";
import { boxOf, pointOf, type TrackRecord } from "../../src/annotations/trackRecord.ts";
import { ifVisible, isVisible } from "../../src/annotations/verdict.ts";

const a: PointAnnotation = { name: "a", x: 1, y: 2 };
const b = { name: "b", x: 3, y: 4, visible: false };
const car = { name: "car", x: 0, y: 0, width: 1, height: 1 };

describe("points by frame and name", () => {
  const frames = [
    { frame: 4, points: [a, b] },
    { frame: 1, boxes: [car] },
    { frame: 4, points: [{ ...a, x: 9 }] },
  ];

  it("are not found where there are none", () => {
    const find = pointFinder(frames);
    expect([find(1, "car"), find(4, "c"), find(5, "a"), pointFinder([])(0, "a")]).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
  });

  it("are found, the last of several", () => {
    const find = pointFinder(frames);
    expect(find(4, "b")).toBe(b);
    expect(find(4, "a")?.x).toBe(9);
  });

  it("have names in the order of the objects; boxes have none", () => {
    const objects = [{ name: "b" }, { name: "car" }, { name: "nobody" }, { name: "a" }];
    expect(pointNames({ objects, frames })).toEqual(["b", "a"]);
  });

  it("are null where they are not visible", () => {
    expect(visiblePoints(frames[0])).toEqual([a, null]);
    expect(visiblePoints(frames[1])).toEqual([]);
  });
});

describe("verdicts", () => {
  it("say visible unless they deny it", () => {
    expect([{}, { visible: true }, { visible: false }, { confidence: 0 }].map(isVisible)).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect([ifVisible(a), ifVisible(b), ifVisible(undefined)]).toEqual([a, null, null]);
  });
});

describe("a place and a frame", () => {
  const size = { width: 8, height: 6 };

  it("the nearest place in the frame", () => {
    expect(clampToFrame({ x: -1, y: 7 }, size)).toEqual({ x: 0, y: 6 });
    expect(clampToFrame({ x: 8, y: 0.5 }, size)).toEqual({ x: 8, y: 0.5 });
    expect(clampToFrame({ x: Infinity, y: -Infinity }, size)).toEqual({ x: 8, y: 0 });
  });

  it("is within it, and moves only from outside", () => {
    const any = double({ noNaN: true });
    assert(
      property(any, any, (x, y) => {
        const near = clampToFrame({ x, y }, size);
        expect(isInFrame(near, size)).toBe(true);
        if (isInFrame({ x, y }, size)) expect([near.x + 0, near.y + 0]).toEqual([x + 0, y + 0]);
      }),
    );
  });
});

it("a picture's number is made of all its digits", () => {
  expect(["00012", "IMG_7", "a1b2", "none", ""].map(imageNumber)).toEqual([12, 7, 12, 0, 0]);
});

describe("a record as a leaf", () => {
  const record: TrackRecord = {
    frame: 3,
    timeSec: 0.1,
    name: "a",
    label: 1,
    visible: true,
    confidence: 0.5,
    state: "visible",
    place: [1, 2],
    box: null,
    area: null,
    speed: { raw: null, smooth: null },
  };
  const mask = { ...record, area: 12, box: [1, 2, 3, 4] as const };

  it("a point has its place, also a guessed one", () => {
    expect(pointOf({ ...record, visible: false })).toEqual({ name: "a", x: 1, y: 2, visible: false, confidence: 0.5 });
    expect([pointOf({ ...record, place: null }), pointOf(mask)]).toEqual([undefined, undefined]);
  });

  it("a mask that is visible has its box", () => {
    const verdict = { visible: true, confidence: 0.5 };
    expect(boxOf(mask)).toEqual({ name: "a", x: 1, y: 2, width: 3, height: 4, ...verdict });
    expect([boxOf(record), boxOf({ ...mask, visible: false })]).toEqual([undefined, undefined]);
  });
});
