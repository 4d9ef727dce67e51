/** @file Drawing, undo and redo, and what is painted of a label map. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FrameLabels, History } from "../../studio/src/label/history.ts";
import {
  compose,
  fillPolygon,
  type Map2d,
  objectsIn,
  paintRuns,
  removeObject,
  stroke,
  whole,
} from "../../studio/src/label/labelMap.ts";
import { painted } from "../../studio/src/label/maskPainter.ts";

const empty = (width: number, height: number): Map2d => ({ width, height, data: new Uint8Array(width * height) });
const rows = ({ width, height, data }: Map2d): string[] =>
  Array.from({ length: height }, (_, y) => data.subarray(y * width, (y + 1) * width).join(""));
const shapes = { points: [], boxes: [], ends: [], skeleton: [] };
const copy = ({ map, shapes }: FrameLabels): FrameLabels => ({ map: { ...map, data: map.data.slice() }, shapes });

describe("drawing", () => {
  it("a stroke takes the pixels whose centres the brush covers, and leaves the frame's edges alone", () => {
    const map = empty(7, 4);
    stroke(map, [1.5, 1.5], [4.5, 1.5], 1, { value: 3 });
    expect(rows(map)).toEqual(["0333300", "3333330", "0333300", "0000000"]);
    stroke(map, [-3, 3.5], [0.2, 3.5], 0.6, { value: 2 });
    expect(rows(map)[3]).toBe("2000000");
  });

  it("a region of runs is painted where nothing else is", () => {
    const map = empty(4, 2);
    map.data.set([0, 2, 0, 0, 0, 0, 0, 0]);
    paintRuns(map, [1, 4, 2, 1], 5);
    expect(rows(map)).toEqual(["0255", "5005"]);
    const first = empty(3, 1);
    paintRuns(first, [0, 2, 1], 1);
    expect(rows(first)).toEqual(["110"]);
  });

  it("an eraser takes one object only", () => {
    const map = empty(4, 1);
    map.data.set([1, 2, 1, 0]);
    stroke(map, [0, 0.5], [4, 0.5], 1, { value: 0, only: 1 });
    expect([...map.data]).toEqual([0, 2, 0, 0]);
  });

  it("a polygon follows the even-odd rule over the centres of pixels", () => {
    const map = empty(5, 5);
    fillPolygon(
      map,
      [
        [1, 1],
        [4, 1],
        [4, 4],
        [1, 4],
      ],
      { value: 1 },
    );
    expect(rows(map)).toEqual(["00000", "01110", "01110", "01110", "00000"]);
    const star = empty(5, 5);
    fillPolygon(
      star,
      [
        [0, 0],
        [5, 0],
        [0, 5],
        [5, 5],
      ],
      { value: 1 },
    );
    expect(rows(star)[0]).toBe("11110");
    expect(rows(star)[2]).toBe("00000");
    expect(
      fillPolygon(
        star,
        [
          [0, 0],
          [5, 5],
        ],
        { value: 9 },
      ),
    ).toMatchObject({ right: 0 });
  });

  it("labels lie on what was tracked, which shows only where they do not name it", () => {
    const into = empty(5, 1);
    compose(into, whole(into), Uint8Array.from([1, 0, 0, 0, 0]), Uint8Array.from([2, 1, 2, 0, 3]), new Set([1]));
    expect([...into.data]).toEqual([1, 0, 2, 0, 3]);
    expect(objectsIn(into.data)).toEqual([1, 2, 3]);
    removeObject(into, 2);
    expect([...into.data]).toEqual([1, 0, 0, 0, 3]);
  });
});

const alphas = (given: Uint8ClampedArray): number[] => [...given].filter((_, i) => i % 4 === 3);

describe("painting", () => {
  const paint = {
    style: "filled",
    opacity: 0.5,
    rgb: () => [10, 20, 30] as const,
    uncertain: new Set<number>(),
  } as const;
  const map = { width: 3, height: 3, data: Uint8Array.from([1, 1, 1, 1, 1, 1, 1, 1, 2]) };

  it("edges are opaque, areas are not, and only the rectangle is painted", () => {
    expect(alphas(painted(map, whole(map), paint))).toEqual([128, 128, 128, 128, 128, 255, 128, 255, 255]);
    expect(alphas(painted(map, { left: 2, top: 1, right: 3, bottom: 3 }, paint))).toEqual([255, 255]);
    expect([...painted(map, { left: 0, top: 0, right: 1, bottom: 1 }, paint)]).toEqual([10, 20, 30, 128]);
  });

  it("outlines have edges only, hidden nothing, and what is uncertain is hatched", () => {
    expect(alphas(painted(map, whole(map), { ...paint, style: "outlines" })).filter((alpha) => alpha > 0)).toHaveLength(
      3,
    );
    expect(alphas(painted(map, whole(map), { ...paint, style: "hidden" })).every((alpha) => alpha === 0)).toBe(true);
    const wide = { ...empty(9, 9), data: new Uint8Array(81).fill(1) };
    const hatched = alphas(painted(wide, whole(wide), { ...paint, uncertain: new Set([1]) }));
    expect(new Set(hatched)).toEqual(new Set([128, 45]));
  });
});

const W = 13;
const H = 9;
const place = fc.tuple(fc.double({ min: -2, max: 15, noNaN: true }), fc.double({ min: -2, max: 11, noNaN: true }));
const draw = fc.record({
  from: place,
  to: place,
  radius: fc.double({ min: 0.3, max: 6, noNaN: true }),
  value: fc.nat(4),
});
const act = fc.oneof({ weight: 3, arbitrary: draw }, fc.constant("undo" as const), fc.constant("redo" as const));
type Draw = typeof draw extends fc.Arbitrary<infer T> ? T : never;

function drawOn(labels: FrameLabels, { from, to, radius, value }: Draw) {
  const rect = stroke(labels.map, from, to, radius, { value });
  labels.shapes = { ...shapes, ends: [value + 1, ...labels.shapes.ends] };
  return rect;
}

it("any sequence of strokes, undo and redo gives what replaying the strokes that are left gives", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const labels: FrameLabels = { map: empty(W, H), shapes };
      const history = new History();
      let [left, taken]: [Draw[], Draw[]] = [[], []];
      for (const one of acts) {
        if (one === "undo") {
          expect(history.undo(labels) === undefined).toBe(left.length === 0);
          const last = left.pop();
          if (last !== undefined) taken.push(last);
        } else if (one === "redo") {
          expect(history.redo(labels) === undefined).toBe(taken.length === 0);
          const last = taken.pop();
          if (last !== undefined) left.push(last);
        } else {
          const before = copy(labels);
          const rect = drawOn(labels, one);
          expect(history.add(before, labels, rect)).toBe(true);
          [left, taken] = [[...left, one], []];
        }
      }
      const replayed: FrameLabels = { map: empty(W, H), shapes };
      for (const one of left) drawOn(replayed, one);
      expect(labels).toEqual(replayed);
      expect([history.canUndo, history.canRedo]).toEqual([left.length > 0, taken.length > 0]);
    }),
    { numRuns: 300 },
  );
});

it("what changes nothing is no edit", () => {
  const labels: FrameLabels = { map: empty(3, 3), shapes };
  const history = new History();
  expect(history.add(copy(labels), labels, whole(labels.map))).toBe(false);
  expect(history.undo(labels)).toBeUndefined();
});
