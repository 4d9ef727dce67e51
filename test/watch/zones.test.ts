import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Point } from "../../src/video/point.ts";
import { crossesItself, distanceFrom, isInside, passes } from "../../src/watch/geometry.ts";
import { parseZones, requireFit } from "../../src/watch/zones.ts";

const line = { name: "gate", from: [0, 0], to: [0, 9] };
const area = {
  name: "press",
  corners: [
    [0, 0],
    [9, 0],
    [9, 9],
  ],
};

describe("zones.json", () => {
  it("has defaults", () => {
    expect(parseZones({ lines: [line] })).toMatchObject({
      anchor: "centre",
      intervalSec: 60,
      lostSec: 5,
      lines: [{ forward: "forward", backward: "backward", debounceSec: 0.5 }],
      areas: [],
    });
  });

  it.each([
    [{ lines: [{ ...line, debounce: 1 }] }, /lines\.0 has no key "debounce".*did you mean debounceSec/u],
    [{ zones: [] }, /has no key "zones"/u],
    [{ lines: [{ ...line, from: [0] }] }, /lines\.0\.from/u],
    [
      {
        areas: [
          {
            ...area,
            corners: [
              [0, 0],
              [1, 1],
            ],
          },
        ],
      },
      /areas\.0\.corners/u,
    ],
    [{ anchor: "feet", lines: [line] }, /anchor: got "feet".*did you mean foot/u],
    [[], /the zones/u],
  ])("%j: names what is wrong", (given, message) => {
    expect(() => parseZones(given)).toThrow(message);
  });

  it.each([
    [{}, "no zone"],
    [{ lines: [line, line] }, 'two zones are called "gate"'],
    [{ lines: [{ ...line, to: [0, 0] }] }, "has no length"],
    [
      {
        areas: [
          {
            ...area,
            corners: [
              [0, 0],
              [9, 9],
              [9, 0],
              [0, 9],
            ],
          },
        ],
      },
      '"press" crosses itself',
    ],
    [{ lines: [line], orders: [{ name: "o", first: "gate", next: "door", withinSec: 1 }] }, '"o" names "door"'],
    [
      {
        size: { width: 5, height: 5 },
        areas: [
          {
            ...area,
            corners: [
              [8, 8],
              [9, 8],
              [9, 9],
            ],
          },
        ],
      },
      "outside the frame",
    ],
  ])("%j: %s", (given, message) => {
    expect(() => parseZones(given)).toThrow(message);
  });

  it("must fit the clip", () => {
    const drawn = parseZones({ size: { width: 64, height: 36 }, lines: [line] });
    expect(() => requireFit(drawn, { width: 64, height: 36 }, "zones.json")).not.toThrow();
    expect(() => requireFit(drawn, { width: 128, height: 72 }, "zones.json")).toThrow("got 64x36, expected 128x72");
    const free = parseZones({ lines: [{ ...line, from: [90, 90], to: [99, 99] }] });
    expect(() => requireFit(free, { width: 64, height: 36 }, "zones.json")).toThrow('"gate" lies outside the frame');
  });
});

const coordinate = fc.integer({ min: -20, max: 20 });
const point: fc.Arbitrary<Point> = fc.record({ x: coordinate, y: coordinate });

describe("geometry", () => {
  it("right of the way from bottom to top is right in the picture", () => {
    expect(distanceFrom({ x: 0, y: 9 }, { x: 0, y: 0 }, { x: 5, y: 4 })).toBe(5);
    expect(passes({ x: 0, y: 9 }, { x: 0, y: 0 }, { x: -5, y: 4 }, { x: 5, y: 4 })).toBe(1);
  });

  it("the step back passes the other way", () => {
    fc.assert(
      fc.property(point, point, point, point, (from, to, a, b) => {
        fc.pre(from.x !== to.x || from.y !== to.y);
        expect(passes(from, to, a, b) + passes(from, to, b, a)).toBe(0);
      }),
    );
  });

  it("also where a step touches the end of a line", () => {
    const [from, to, a, b] = [
      { x: 0, y: -16 },
      { x: -1, y: 2 },
      { x: -16, y: -16 },
      { x: 4, y: -16 },
    ];
    expect(passes(from, to, a, b) + passes(from, to, b, a)).toBe(0);
  });

  it("inside a triangle is inside all its edges", () => {
    fc.assert(
      fc.property(point, point, point, point, (a, b, c, place) => {
        const sides = [distanceFrom(a, b, place), distanceFrom(b, c, place), distanceFrom(c, a, place)];
        fc.pre(sides.every((side) => Math.abs(side) > 1e-6));
        const within = sides.every((side) => side > 0) || sides.every((side) => side < 0);
        expect(isInside([a, b, c], place)).toBe(within);
      }),
    );
  });

  it("a square does not cross itself, a bow tie does", () => {
    const [a, b, c, d] = [
      { x: 0, y: 0 },
      { x: 9, y: 0 },
      { x: 9, y: 9 },
      { x: 0, y: 9 },
    ];
    expect(crossesItself([a, b, c, d])).toBe(false);
    expect(crossesItself([a, c, b, d])).toBe(true);
  });
});
