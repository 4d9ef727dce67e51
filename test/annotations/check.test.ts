import { array, assert, constantFrom, integer, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import type { Annotations } from "../../src/annotations/annotations.ts";
import { problemsIn } from "../../src/annotations/check.ts";
import type { FrameAnnotation } from "../../src/annotations/frameAnnotation.ts";
import { isObjectId } from "../../src/annotations/object.ts";

const SIZE = { width: 10, height: 6 };

const clip = (frame: Omit<FrameAnnotation, "frame">, more: Partial<Annotations> = {}): Annotations => {
  return { objects: [], frames: [{ frame: 3, ...frame }], ...more };
};
const problems = (annotations: Annotations) => [...problemsIn(annotations)];

const a = { name: "a", x: 1, y: 1 };
const box = { name: "a", x: 1, y: 1, width: 2, height: 2 };

describe("ids and names of objects", () => {
  it.each([0, -1, 255, 1.5, Number.NaN])("%d is no id", (id) => {
    expect(isObjectId(id)).toBe(false);
    expect(problems({ objects: [{ id, name: "a" }], frames: [] })).toEqual([{ kind: "id", id }]);
    expect(problems(clip({ objects: [1, id] }))).toEqual([{ kind: "id", id }]);
  });

  it("1 and 254 are", () => {
    expect([1, 254].map(isObjectId)).toEqual([true, true]);
    const objects = [
      { id: 1, name: "a" },
      { id: 254, name: "b", class: "bolt" },
      { name: "a point" },
      { name: "another point" },
    ];
    expect(problems({ objects, frames: [] })).toEqual([]);
  });

  it("each once", () => {
    const objects = [
      { id: 1, name: "a" },
      { id: 1, name: "b" },
      { id: 2, name: "b" },
      { id: 3, name: "b" },
    ];
    expect(problems({ objects, frames: [] })).toEqual([
      { kind: "shared", reference: 1 },
      { kind: "shared", reference: "b" },
    ]);
  });
});

describe("an object twice in a frame", () => {
  it("as the same shape", () => {
    expect(problems(clip({ points: [a, { ...a, name: "b" }, { ...a, visible: false }, a] }))).toEqual([
      { kind: "twice", frame: 3, shape: "point", name: "a" },
    ]);
    expect(problems(clip({ boxes: [box, box] }))).toEqual([{ kind: "twice", frame: 3, shape: "box", name: "a" }]);
    const polygon = { name: "a", rings: [] };
    expect(problems(clip({ polygons: [polygon, polygon] }))).toMatchObject([{ shape: "polygon" }]);
  });

  it("as different shapes, or in different frames, is no problem", () => {
    expect(problems(clip({ points: [a], boxes: [box] }))).toEqual([]);
    const frames = [0, 1].map((frame) => ({ frame, points: [a] }));
    expect(problems({ objects: [], frames })).toEqual([]);
  });
});

describe("places beyond the frame", () => {
  it.each<[string, Omit<FrameAnnotation, "frame">]>([
    ["point", { points: [{ ...a, x: 10.01 }] }],
    ["point", { points: [{ ...a, y: -0.01 }] }],
    ["point", { points: [{ ...a, x: Number.NaN }] }],
    ["box", { boxes: [{ ...box, width: 9.5 }] }],
    ["box", { boxes: [{ ...box, y: -1 }] }],
    [
      "polygon",
      {
        polygons: [
          {
            name: "a",
            rings: [
              [a, { x: 2, y: 2 }],
              [{ x: 0, y: 7 }, a],
            ],
          },
        ],
      },
    ],
  ])("a %s: %j", (shape, frame) => {
    expect(problems(clip(frame, { size: SIZE }))).toEqual([{ kind: "outside", frame: 3, shape, name: "a" }]);
    expect(problems(clip(frame))).toEqual([]);
  });

  it("the border belongs to the frame; what is not visible may be anywhere", () => {
    const points = [
      { name: "a", x: 0, y: 0 },
      { name: "b", x: 10, y: 6 },
      { name: "c", x: 99, y: 99, visible: false },
    ];
    const boxes = [{ name: "a", x: 0, y: 0, ...SIZE }];
    expect(problems(clip({ points, boxes }, { size: SIZE }))).toEqual([]);
  });
});

it("as many names are twice as sets say", () => {
  const point = record({ name: constantFrom("a", "b", "c", "d"), x: integer(), y: integer() });
  assert(
    property(array(point, { maxLength: 8 }), (points) => {
      const names = points.map(({ name }) => name);
      const twice = new Set(names.filter((name, i) => names.indexOf(name) < i));
      const found = problems(clip({ points })).map((problem) => problem.kind === "twice" && problem.name);
      expect(new Set(found)).toEqual(twice);
      expect(found).toHaveLength(twice.size);
    }),
  );
});
