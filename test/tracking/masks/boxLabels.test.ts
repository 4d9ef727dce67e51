import { describe, expect, it } from "vitest";
import { boxMask } from "../../../src/tracking/masks/boxLabels.ts";

const FRAME = { width: 6, height: 4 };
const box = (name: string, x: number, y: number, width: number, height: number) => ({
  frame: 0,
  name,
  x,
  y,
  width,
  height,
});

describe("boxes as masks", () => {
  it("whole pixels by rounding, the later box on top", () => {
    const mask = boxMask([box("a", 0, 0, 4, 2), box("b", 2.6, 0.9, 3.4, 3)], FRAME, "boxes.csv");
    expect([...mask.data]).toEqual([1, 1, 1, 1, 0, 0, 1, 1, 1, 2, 2, 2, 0, 0, 0, 2, 2, 2, 0, 0, 0, 2, 2, 2]);
  });

  it("refuses boxes outside, without a pixel, hidden, or too many", () => {
    const make =
      (...boxes: readonly ReturnType<typeof box>[]) =>
      () =>
        boxMask(boxes, FRAME, "boxes.csv");
    expect(make(box("a", 3, 1, 4, 2))).toThrow('boxes.csv: the box "a" is not within the frame');
    expect(make(box("a", 3, 1, 0.2, 2))).toThrow("at least one whole pixel");
    expect(make(box("a", 1, 1, 2, 2), box("b", 0, 0, 6, 4))).toThrow('the box "a" is covered by later ones');
    expect(make(...Array.from({ length: 255 }, (_, i) => box(`${i}`, 0, 0, 1, 1)))).toThrow(
      "got 255, expected at most 254",
    );
  });
});
