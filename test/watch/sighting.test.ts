import { describe, expect, it } from "vitest";
import type { FrameAnnotation } from "../../src/annotations/frameAnnotation.ts";
import { SightingReader } from "../../src/watch/sighting.ts";
import type { Zones } from "../../src/watch/zones.ts";

const read = (frame: Omit<FrameAnnotation, "frame">, anchor: Zones["anchor"] = "centre") =>
  new SightingReader({ objects: [{ id: 3, name: "3", class: "part" }], frames: [] }, anchor, 10).read({
    frame: 20,
    ...frame,
  });

const box = { name: "a", x: 10, y: 20, width: 8, height: 4 };

describe("what is watched", () => {
  it("a box by its centre or its foot, with its size, class and confidence", () => {
    const said = { ...box, confidence: 0.4 };
    expect(read({ boxes: [said] })).toEqual({
      frame: 20,
      timeSec: 2,
      sightings: [{ name: "a", class: "a", x: 14, y: 22, size: 4, confidence: 0.4 }],
    });
    expect(read({ boxes: [box] }, "foot").sightings).toMatchObject([{ x: 14, y: 24, confidence: 1 }]);
  });

  it("a mask by its tight box and its class, what is hidden not at all", () => {
    const data = new Uint8Array(60);
    data.fill(3, 12, 16).fill(3, 22, 26);
    const mask = { width: 10, height: 6, data };
    expect(read({ mask }).sightings).toEqual([{ name: "3", class: "part", x: 4, y: 2, size: 2, confidence: 1 }]);
    expect(read({ mask, objects: [3, 4], verdicts: [{ id: 3, visible: false }] }).sightings).toEqual([]);
    expect(read({ boxes: [{ ...box, visible: false }] }).sightings).toEqual([]);
  });

  it("points on their own, but not those that are parts, nor of a name that a box has", () => {
    const points = [
      { name: "p", x: 1, y: 2 },
      { name: "a", x: 3, y: 4 },
      { name: "a nose", x: 5, y: 6, of: { object: "a", part: "nose" } },
      { name: "q", x: 7, y: 8, visible: false },
    ];
    expect(read({ boxes: [box], points }).sightings.map(({ name }) => name)).toEqual(["a", "p"]);
  });

  it("its own time comes before the frame rate's", () => {
    expect(read({ timeSec: 7, boxes: [box] }).timeSec).toBe(7);
  });
});
