import { assert, double, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { boxFault, clipBox } from "../../src/annotations/box.ts";
import { fitToFrame } from "../../src/annotations/fit.ts";
import { isInFrame } from "../../src/annotations/point.ts";

const SIZE = { width: 10, height: 6 };
const box = { name: "a", x: 2, y: 1, width: 4, height: 3 };

describe("a box that is none", () => {
  it.each([
    [{ width: 0 }, "its width is 0"],
    [{ height: -2 }, "its height is -2"],
    [{ x: Number.NaN }, "its x is no number"],
    [{ height: Number.POSITIVE_INFINITY }, "its height is no number"],
    [{}, undefined],
  ])("%j: %s", (wrong, fault) => {
    expect(boxFault({ ...box, ...wrong })).toBe(fault);
  });
});

describe("clipping", () => {
  it.each([
    ["beside the frame", { x: -4 }],
    ["that only touches it", { x: 10 }],
    ["above it", { y: -9 }],
    ["within a pixel without half of it", { x: 9.6, width: 0.3 }],
    ["of no size", { width: 0 }],
    ["of NaN", { y: Number.NaN }],
  ])("nothing is left of a box %s", (_, wrong) => {
    expect(clipBox({ ...box, ...wrong }, SIZE)).toBeUndefined();
  });

  it("keeps what lies within, and a box that does altogether as it is", () => {
    expect(clipBox({ ...box, x: -2, width: 100, visible: true }, SIZE)).toEqual({
      ...box,
      x: 0,
      width: 10,
      visible: true,
    });
    expect(clipBox({ ...box, y: 4.5, height: 3 }, SIZE)).toEqual({ ...box, y: 4.5, height: 1.5 });
    expect(clipBox(box, SIZE)).toBe(box);
  });
});

describe("fitting to the frame", () => {
  it("names what is moved and what is left out", () => {
    const points = [
      { name: "in", x: 10, y: 0 },
      { name: "edge", x: 10.4, y: 3 },
      { name: "out", x: 12, y: 3 },
      { name: "hidden", x: 99, y: 99, visible: false },
      { name: "nowhere", x: Number.NaN, y: 3 },
    ];
    const { misfits, ...left } = fitToFrame(
      {
        points,
        boxes: [
          { ...box, x: -1 },
          { ...box, name: "b", x: 20 },
        ],
      },
      SIZE,
    );
    expect(left).toEqual({
      points: [points[0], { name: "edge", x: 10, y: 3 }, points[3]],
      boxes: [{ ...box, x: 0, width: 3 }],
    });
    expect(misfits.map(({ shape, name, fate }) => `${shape} ${name} ${fate}`)).toEqual([
      "point edge moved",
      "point out outside",
      "point nowhere outside",
      "box a moved",
      "box b outside",
    ]);
    expect(misfits[4].place).toBe("x 20, y 1, width 4, height 3");
  });

  it("whatever is given, what is left lies within, and fits again", () => {
    const number = double({ min: -20, max: 20 });
    const shapes = record({ x: number, y: number, width: number, height: number });
    assert(
      property(shapes, (place) => {
        const given = { points: [{ name: "p", x: place.x, y: place.y }], boxes: [{ name: "b", ...place }] };
        const { points, boxes } = fitToFrame(given, SIZE);
        expect(points.every((point) => isInFrame(point, SIZE))).toBe(true);
        for (const { x, y, width, height } of boxes) {
          expect(isInFrame({ x, y }, SIZE)).toBe(true);
          expect(x + width).toBeLessThanOrEqual(SIZE.width + 1e-9);
          expect(y + height).toBeLessThanOrEqual(SIZE.height + 1e-9);
        }
        expect(points.length === 0 || fitToFrame({ points, boxes: [] }, SIZE).misfits.length === 0).toBe(true);
      }),
    );
  });
});
