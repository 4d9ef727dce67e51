/** @file What is lost, counted by kind and said in words. */
import { describe, expect, it } from "vitest";
import type { AnnotationStream } from "../../src/annotations/annotations.ts";
import type { FrameAnnotation } from "../../src/annotations/frameAnnotation.ts";
import { type Holdings, HOLDS_NOTHING, Losses } from "../../src/formats/losses.ts";

async function lost(given: Partial<AnnotationStream>, holds: Partial<Holdings>): Promise<Losses> {
  const losses = new Losses("x", { ...HOLDS_NOTHING, ...holds });
  const passed: FrameAnnotation[] = [];
  for await (const frame of losses.watch({ objects: [], frames: [], ...given })) passed.push(frame);
  expect(passed).toEqual(given.frames);
  return losses;
}

const box = { name: "car", x: 0, y: 0, width: 2, height: 2 };
const mask = { width: 4, height: 1, data: Uint8Array.of(0, 3, 5, 255) };

describe("losses", () => {
  it("of every kind, each with its number", async () => {
    const frames = [0, 1].map((frame) => ({
      frame,
      timeSec: frame,
      mask,
      boxes: [box, { ...box, name: "van", occluded: true, key: false, confidence: 0.5 }],
      points: [{ name: "nose", x: 1, y: 1, visible: false }],
      ends: [3],
    }));
    const objects = [{ name: "car" }, { name: "Bea", class: "cow" }, { name: "cow 2", class: "cow" }];
    const { lines, held } = await lost({ objects, skeleton: [["a", "b"]], frames }, {});
    expect(lines).toEqual([
      "x holds no classes: dropped those of 2 objects",
      "x holds no skeletons: left out 1 line",
      "x holds no masks: left out 4 masks",
      "x holds no boxes: left out 4 boxes",
      "x holds no points: left out 2 points",
      "x holds no times: dropped those of 2 frames",
      "x holds no ends: left out 2 ends",
      "x holds no void: wrote that of 2 frames as background",
      "x holds no names: dropped those of 2 objects",
      "x holds no tracks: dropped the ids of 5 objects",
    ]);
    expect(held).toBe(0);
    const boxes = await lost({ objects, frames }, { boxes: true, hidden: "points", points: true });
    expect(boxes.lines).toEqual(
      expect.arrayContaining([
        "x holds no masks: wrote boxes instead of 4 masks",
        "x holds no confidence: dropped 2 values",
        "x holds no word for partly covered: wrote 2 shapes as any other",
        "x holds no word for what a tool filled in: wrote 2 shapes as if drawn",
      ]),
    );
    expect(boxes.lines.join()).not.toContain("not visible");
    expect(boxes.held).toBe(10);
  });

  it("a mask and a shape of the same object are one; a box beside its outline is not missed", async () => {
    const rings = [[0, 1, 2].map((x) => ({ x, y: x * x }))];
    const frames = [0, 1].map((frame) => ({
      frame,
      mask,
      boxes: [{ ...box, name: "dog" }],
      polygons: [{ name: "dog", rings }],
    }));
    const { lines } = await lost(
      { objects: [{ id: 3, name: "dog" }], frames },
      { extents: true, classes: true, names: true },
    );
    expect(lines).toEqual([
      "x holds no void: wrote that of 2 frames as background",
      "x holds no tracks: dropped the ids of 2 objects",
    ]);
  });

  it("what only a format knows is added up by its words", async () => {
    const losses = await lost({ frames: [] }, {});
    losses.tell("no holes: filled %s");
    losses.tell("no holes: filled %s", 2);
    expect(losses.lines).toEqual(["x holds no holes: filled 3"]);
  });
});
