import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asOneRing, outlineOf } from "../../src/annotations/outline.ts";
import { areaOf, filled, mayOverlap, paint, type Region, regionOf } from "../../src/annotations/region.ts";

/** A region from rows of dots and hashes. */
function region(...rows: string[]): Region {
  const data = Uint8Array.from(rows.join(""), (mark) => (mark === "#" ? 1 : 0));
  return { x: 0, y: 0, width: rows[0].length, height: rows.length, data };
}

/** Indices in a picture that is 10 pixels wide. */
function pixels({ x, y, width, data }: Region): number[] {
  return [...data.keys()].filter((i) => data[i] === 1).map((i) => (y + Math.floor(i / width)) * 10 + x + (i % width));
}

const square = (x: number, y: number) => [0, 1, 1, 0].map((dx, i) => ({ x: x + dx, y: y + (i > 1 ? 1 : 0) }));

const corners = (rings: ReturnType<typeof outlineOf>) => rings.map((ring) => ring.map(({ x, y }) => [x, y]));

describe("outlines", () => {
  it("go around a rectangle with four corners, from its place in the picture", () => {
    expect(corners(outlineOf({ ...region("##", "##"), x: 3, y: 5 }))).toEqual([
      [
        [3, 5],
        [5, 5],
        [5, 7],
        [3, 7],
      ],
    ]);
  });

  it("go the other way around holes, and keep parts apart that touch at a corner", () => {
    const holed = corners(outlineOf(region("###", "#.#", "###")));
    expect(holed).toHaveLength(2);
    expect(holed[1]).toEqual([
      [2, 1],
      [1, 1],
      [1, 2],
      [2, 2],
    ]);
    expect(outlineOf(region("#.", ".#"))).toHaveLength(2);
    expect(outlineOf(region(".#", "#."))).toHaveLength(2);
  });

  const size = { width: 11, height: 9 };
  const masks = fc.uint8Array({ minLength: 99, maxLength: 99, max: 1 }).map((data) => ({ ...size, data }));

  it("filled give the same pixels, whatever they are, as rings and as one ring", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const given = regionOf(mask, 1);
        const rings = given === undefined ? [] : outlineOf(given);
        expect(filled(rings, size)).toEqual(given);
        expect(filled([asOneRing(rings)], size)).toEqual(given);
      }),
    );
  });

  it("enclose as many pixels as there are, by the shoelace formula", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const given = regionOf(mask, 1);
        if (given === undefined) return;
        const twice = outlineOf(given)
          .flatMap((ring) => ring.map(({ x, y }, i) => [x, y, ring[(i + 1) % ring.length]] as const))
          .reduce((sum, [x, y, next]) => sum + x * next.y - next.x * y, 0);
        expect(twice / 2).toBe(areaOf(given));
      }),
    );
  });
});

describe("filling", () => {
  const triangle = [
    { x: 0, y: 0 },
    { x: 4, y: 0 },
    { x: 0, y: 4 },
  ];

  it("takes the pixels whose centre lies within, one on the slope to its right only", () => {
    expect(filled([triangle], { width: 4, height: 4 })).toEqual(region("###", "##.", "#.."));
  });

  it("cuts off what lies beyond the frame, and is nothing beyond it or without pixel centres", () => {
    const wide = [-9, 9].flatMap((x) => [-9, 9].map((y) => ({ x, y: x < 0 ? y : -y })));
    expect(filled([wide], { width: 2, height: 2 })).toEqual(region("##", "##"));
    expect(filled([triangle.map(({ x, y }) => ({ x: x + 9, y }))], { width: 4, height: 4 })).toBeUndefined();
    expect(filled([triangle.map(({ x, y }) => ({ x: x / 10, y: y / 10 }))], { width: 4, height: 4 })).toBeUndefined();
    expect(filled([], { width: 4, height: 4 })).toBeUndefined();
  });

  it("shares no pixel between shapes that share an edge", () => {
    const number = fc.double({ min: -2, max: 12, noNaN: true });
    const point = fc.record({ x: number, y: number });
    const size = { width: 10, height: 10 };
    fc.assert(
      fc.property(point, point, point, point, (a, b, c, d) => {
        const whole = { ...size, data: new Uint8Array(100) };
        for (const ring of [
          [a, b, c],
          [a, c, d],
        ]) {
          const part = filled([ring], size);
          if (part !== undefined) for (const p of pixels(part)) whole.data[p] ^= 1;
        }
        expect(regionOf(whole, 1)).toEqual(filled([[a, b, c, d]], size));
      }),
    );
  });
});

it("painting leaves out what lies beyond the frame", () => {
  const on = { width: 3, height: 2, data: new Uint8Array(6) };
  paint(on, { ...region("##", "#."), x: -1, y: 1 }, 7);
  paint(on, { ...region("##", "#."), x: 2, y: -1 }, 5);
  expect([...on.data]).toEqual([0, 0, 5, 7, 0, 0]);
});

it("rings may overlap where the rectangles around them do", () => {
  expect(mayOverlap([square(0, 0), square(1, 0), square(0, 1)])).toBe(false);
  expect(mayOverlap([square(0, 0), square(3, 0), square(0.5, 0.9)])).toBe(true);
});
