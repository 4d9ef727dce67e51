import { describe, expect, it } from "vitest";
import { decodeLabels, encodeLabels } from "../../src/tracking/labelCells.ts";

const grid = { height: 1, width: 2, stride: 2 };
const mask = { width: 3, height: 2, data: Uint8Array.from([0, 4, 4, 4, 4, 0]) };

describe("labels to cells", () => {
  it("area: shares of the pixels, border pixels repeated", () => {
    expect(encodeLabels(mask, [0, 4], grid, "area")).toEqual(Float32Array.from([0.25, 0.75, 0.5, 0.5]));
  });

  it("nearest: the first pixel", () => {
    expect(encodeLabels(mask, [0, 4], grid, "nearest")).toEqual(Float32Array.from([1, 0, 0, 1]));
  });
});

describe("cells to labels", () => {
  it("bilinear between the cells' centres, then the strongest; confidence is the winners' mean", () => {
    const size = { width: 4, height: 2, cellsPerPixel: { x: 0.5, y: 0.5 } };
    const { labels, confidence } = decodeLabels(Float32Array.from([1, 0, 0.2, 0.8]), [0, 9], grid, size);
    // Second label at the four columns: 0, 0.2, 0.6, 0.8.
    expect([...labels.data]).toEqual([0, 0, 9, 9, 0, 0, 9, 9]);
    expect(confidence[0]).toBeCloseTo(0.9, 6);
    expect(confidence[1]).toBeCloseTo(0.7, 6);
  });

  it("a label that wins nowhere has confidence 0", () => {
    const size = { width: 2, height: 2, cellsPerPixel: { x: 0.5, y: 0.5 } };
    const one = { ...grid, width: 1 };
    expect([...decodeLabels(Float32Array.from([0.9, 0.1]), [0, 9], one, size).confidence]).toEqual([
      expect.closeTo(0.9),
      0,
    ]);
  });
});
