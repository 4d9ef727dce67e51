import { describe, expect, it } from "vitest";
import type { BoxAnnotation } from "../../../src/annotations/box.ts";
import type { FrameAnnotation } from "../../../src/annotations/frameAnnotation.ts";
import { boxOverlap, motSequence, regionOverlap } from "../../../src/evaluation/benchmarks/motClip.ts";

const box = (name: string, x: number, width = 10): BoxAnnotation => ({ name, x, y: 0, width, height: 10 });
const side = (
  name: string,
  frames: FrameAnnotation[],
  objects: { name: string; class?: string; id?: number }[] = [],
) => ({
  name,
  stream: { objects, frames },
});
const row = (...data: number[]) => ({ width: data.length, height: 1, data: Uint8Array.from(data) });

const twoPixels = (x: number) => ({ x, y: 0, width: 2, height: 1, data: Uint8Array.of(1, 1) });
const boxesIn = (frames: number[]) => frames.map((frame) => ({ frame, boxes: [box("a", 0)] }));

describe("overlap", () => {
  it("of boxes: 5 of 15", () => {
    expect(boxOverlap(box("a", 0), box("b", 5))).toBeCloseTo(1 / 3, 12);
    expect(boxOverlap(box("a", 0), box("b", 10))).toBe(0);
    expect(boxOverlap(box("a", 0), box("b", 40))).toBe(0);
  });

  it("of pixels: 1 of 3, none, and none of nothing", () => {
    expect(regionOverlap(twoPixels(0), twoPixels(1))).toBeCloseTo(1 / 3, 12);
    expect(regionOverlap(twoPixels(0), twoPixels(2))).toBe(0);
    expect(regionOverlap(twoPixels(0), undefined)).toBe(0);
  });
});

describe("tracks beside their truth", () => {
  it("frame by frame, also those that only one side has; things by name", async () => {
    const truth = side("truth", [
      { frame: 0, boxes: [box("a", 0), box("b", 50)] },
      { frame: 2, boxes: [box("b", 50)] },
    ]);
    const tracks = side("tracks", [
      { frame: 0, boxes: [box("7", 50)] },
      { frame: 1, boxes: [box("8", 0)] },
      { frame: 2, boxes: [box("7", 55)] },
    ]);
    const { sequence, overlap } = await motSequence(truth, tracks, { overlap: "auto" });
    expect(overlap).toBe("box");
    expect(sequence).toMatchObject({ truthCount: 2, trackCount: 2 });
    expect(sequence.frames.map(({ truth, tracks }) => [truth, tracks])).toEqual([
      [[0, 1], [0]],
      [[], [1]],
      [[1], [0]],
    ]);
    expect([...sequence.frames[0].similarity]).toEqual([0, 1]);
    expect(sequence.frames[2].similarity[0]).toBeCloseTo(1 / 3, 12);
  });

  it("only in frames that the truth annotates, if wanted", async () => {
    const { sequence } = await motSequence(side("truth", boxesIn([4])), side("tracks", boxesIn([0, 1, 2, 3, 4, 5])), {
      overlap: "box",
      labelledOnly: true,
    });
    expect(sequence.frames).toHaveLength(1);
  });

  it("masks by their pixels, a thing without any is not there", async () => {
    const truth = side("truth", [{ frame: 0, mask: row(1, 1, 0, 2, 2, 0) }], [{ id: 1, name: "1" }]);
    const tracks = side("tracks", [{ frame: 0, mask: row(0, 5, 5, 0, 0, 0), objects: [5, 6] }]);
    const { sequence, overlap } = await motSequence(truth, tracks, { overlap: "auto" });
    expect(overlap).toBe("mask");
    expect(sequence.trackCount).toBe(1);
    expect([...sequence.frames[0].similarity]).toEqual([1 / 3, 0]);
  });

  it("masks beside boxes are compared as boxes", async () => {
    const truth = side("truth", [{ frame: 0, boxes: [{ name: "a", x: 0, y: 0, width: 2, height: 1 }] }]);
    const tracks = side("tracks", [{ frame: 0, mask: row(1, 1, 0, 0) }]);
    expect([...(await motSequence(truth, tracks, { overlap: "auto" })).sequence.frames[0].similarity]).toEqual([1]);
    await expect(motSequence(truth, tracks, { overlap: "mask" })).rejects.toMatchObject({ code: "mot/overlap" });
  });

  it("things of a class: tracks that say none count too", async () => {
    const truth = side(
      "truth",
      [{ frame: 0, boxes: [box("car 1", 0), box("bus 1", 50)] }],
      [
        { name: "car 1", class: "car" },
        { name: "bus 1", class: "bus" },
      ],
    );
    const tracks = side("tracks", [{ frame: 0, boxes: [box("1", 0), box("bus", 50)] }]);
    const { sequence } = await motSequence(truth, tracks, { overlap: "box", class: "car" });
    expect(sequence).toMatchObject({ truthCount: 1, trackCount: 1 });
    await expect(motSequence(truth, tracks, { overlap: "box", class: "cart" })).rejects.toThrow(
      'nothing of the class "cart": expected one of bus, car',
    );
  });

  it("refuses frames out of order, hidden things do not count", async () => {
    const hidden = { ...box("a", 0), visible: false };
    const truth = side("truth", [{ frame: 0, boxes: [hidden] }]);
    expect((await motSequence(truth, side("none", []), { overlap: "auto" })).sequence.truthCount).toBe(0);
    const mixed = side("mixed", [
      { frame: 3, boxes: [box("a", 0)] },
      { frame: 1, boxes: [box("a", 0)] },
    ]);
    await expect(motSequence(mixed, truth, { overlap: "auto" })).rejects.toMatchObject({ code: "mot/order" });
  });
});
