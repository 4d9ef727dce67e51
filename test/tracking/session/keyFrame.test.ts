import { describe, expect, it } from "vitest";
import {
  digestOf,
  type FrameLabels,
  keyFrame,
  type Labelled,
  mergeKeyFrames,
} from "../../../src/tracking/session/keyFrame.ts";

const clip = (): Labelled => ({
  path: "clip.mp4",
  width: 4,
  height: 2,
  frameCount: 10,
  names: new Map(),
  used: new Set(),
});
const mask = (...data: number[]) => ({ width: 4, height: 2, data: Uint8Array.from(data) });
const two = mask(1, 1, 0, 0, 2, 2, 0, 0);
const box = (name: string, x: number) => ({ name, x, y: 0, width: 1, height: 2 });

describe("labels of a frame", () => {
  it("boxes get the lowest free id, and keep it; a number is the id itself", () => {
    const labelled = clip();
    const first = keyFrame({ frame: 0, mask: two, boxes: [box("car", 3), box("9", 2)] }, labelled);
    expect(first.objects).toEqual([1, 2, 3, 9]);
    expect([...first.mask.data]).toEqual([1, 1, 9, 3, 2, 2, 9, 3]);
    expect(keyFrame({ frame: 5, boxes: [box("bus", 0), box("car", 1)] }, labelled).objects).toEqual([3, 4]);
    expect([...labelled.names]).toEqual([
      ["car", 3],
      ["bus", 4],
    ]);
  });

  it("an object that is named but has no pixel is not visible", () => {
    expect(keyFrame({ frame: 0, mask: two, objects: [1, 2, 7] }, clip()).objects).toEqual([1, 2, 7]);
    expect(keyFrame({ frame: 0, mask: mask(0, 0, 0, 0, 0, 0, 0, 0), objects: [7] }, clip()).objects).toEqual([7]);
  });

  it("points and boxes that are not visible are left out, wherever they are", () => {
    const points = [
      { name: "a", x: 99, y: 1, visible: false },
      { name: "b", x: 1, y: 1, visible: true, confidence: 0.5 },
    ];
    const key = keyFrame({ frame: 0, points, boxes: [{ ...box("car", 9), visible: false }] }, clip());
    expect(key.points).toEqual([{ name: "b", x: 1, y: 1 }]);
    expect(key.objects).toEqual([]);
    expect(() => keyFrame({ frame: 0, points: points.slice(0, 1) }, clip())).toThrow(
      expect.objectContaining({ code: "labels/none" }),
    );
  });

  it.each<[string, FrameLabels, string]>([
    ["a frame beyond the end", { frame: 10, mask: two }, "labels/frame"],
    ["half a frame", { frame: 0.5, mask: two }, "labels/frame"],
    ["a negative frame", { frame: -1, mask: two }, "labels/frame"],
    ["a mask of another size", { frame: 0, mask: { width: 2, height: 1, data: Uint8Array.of(1, 1) } }, "labels/size"],
    ["a mask without objects", { frame: 0, mask: mask(0, 0, 0, 0, 0, 0, 0, 0) }, "labels/empty"],
    ["nothing", { frame: 0 }, "labels/none"],
    ["an object that is not among those named", { frame: 0, mask: two, objects: [1] }, "labels/object"],
    ["an object id out of range", { frame: 0, mask: two, objects: [1, 2, 255] }, "labels/object"],
    ["an object twice", { frame: 0, mask: two, boxes: [box("2", 3)] }, "labels/twice"],
    ["an object that ends where it is", { frame: 0, mask: two, ends: [1] }, "labels/twice"],
    [
      "a point twice",
      {
        frame: 0,
        points: [
          { name: "a", x: 1, y: 1 },
          { name: "a", x: 2, y: 1 },
        ],
      },
      "labels/twice",
    ],
    ["a point outside", { frame: 0, points: [{ name: "a", x: 5, y: 1 }] }, "points/outside"],
    ["a box outside", { frame: 0, boxes: [box("a", 4)] }, "boxes/outside"],
  ])("refuses %s", (_, labels, code) => {
    expect(() => keyFrame(labels, clip())).toThrow(expect.objectContaining({ code }));
  });

  it("two of one frame: merged, and refused or replaced where both label the same", () => {
    const first = keyFrame({ frame: 0, mask: two, points: [{ name: "a", x: 1, y: 1 }] }, clip());
    const second = keyFrame(
      { frame: 0, mask: mask(0, 0, 2, 0, 0, 0, 0, 0), points: [{ name: "b", x: 0, y: 0 }] },
      clip(),
    );
    expect(() => mergeKeyFrames(first, second, "refuse", "both")).toThrow(/object 2 is given twice/);
    const both = mergeKeyFrames(first, second, "replace", "both");
    expect([...both.mask.data]).toEqual([1, 1, 2, 0, 0, 0, 0, 0]);
    expect(both.objects).toEqual([1, 2]);
    expect(both.points.map(({ name }) => name)).toEqual(["a", "b"]);
    const ended = mergeKeyFrames(both, keyFrame({ frame: 0, ends: [1, "a"] }, clip()), "replace", "end");
    expect(ended).toMatchObject({ objects: [2], ends: [1], endedPoints: ["a"] });
  });

  it("the digest is that of the contents", () => {
    const make = (frame: number, data: typeof two) => digestOf(keyFrame({ frame, mask: data }, clip()));
    expect(make(0, two)).toBe(make(0, mask(...two.data)));
    expect(new Set([make(0, two), make(1, two), make(0, mask(1, 1, 1, 0, 2, 2, 0, 0))]).size).toBe(3);
  });
});
