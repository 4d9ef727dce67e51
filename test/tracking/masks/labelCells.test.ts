import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.ts";
import { linearTap } from "../../../src/core/linearTap.ts";
import { decodeLabels, encodeLabels } from "../../../src/tracking/masks/labelCells.ts";

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

describe("areas of one label", () => {
  it("are no shortcut: masks and confidence equal a look at every pixel", () => {
    const random = new Random(4);
    const [height, width, labels] = [9, 12, 3];
    const weights = Float32Array.from({ length: height * width * labels }, () => 0);
    for (let cell = 0; cell < height * width; cell++) {
      // Mostly sure of a label that spreads over cells, some cells torn, some with two equal labels.
      const label = Math.floor((cell % width) / 5);
      const doubt = random.next() < 0.2 ? 0.5 : 0.1 * random.next();
      weights[cell * labels + label] = 1 - doubt;
      weights[cell * labels + ((label + 1) % labels)] = doubt;
    }
    const size = { width: 47, height: 35, cellsPerPixel: { x: 0.25, y: 0.25 } };
    const found = decodeLabels(weights, [0, 4, 9], { height, width, stride: 4 }, size);
    const sums = [0, 0, 0];
    const counts = [0, 0, 0];
    for (let y = 0; y < size.height; y++)
      for (let x = 0; x < size.width; x++) {
        const [down, across] = [linearTap((y + 0.5) * 0.25, height), linearTap((x + 0.5) * 0.25, width)];
        const at = (row: number, column: number, l: number): number => weights[(row * width + column) * labels + l];
        const f = Math.fround;
        const values = [0, 1, 2].map((l) => {
          const mix = (column: number): number => {
            const [a, b] = [at(down.low, column, l), at(down.high, column, l)];
            return f(a + f(down.weight) * (b - a));
          };
          const [a, b] = [mix(across.low), mix(across.high)];
          return f(a + f(across.weight) * (b - a));
        });
        const best = values.indexOf(Math.max(...values));
        sums[best] += values[best];
        counts[best]++;
        expect(found.labels.data[y * size.width + x]).toBe([0, 4, 9][best]);
      }
    for (let l = 0; l < labels; l++) expect(found.confidence[l]).toBeCloseTo(sums[l] / counts[l], 5);
  });
});

describe("guided by the picture", () => {
  // Cells of 8 px, half of them red; the object's border lies in the middle of a cell, 4 px beside the cells' border.
  const grid8 = { height: 4, width: 8, stride: 8 };
  const [width, height, border] = [64, 32, 36];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const inside = Math.floor(i / 3) % width >= border;
    return (inside ? [200, 40, 40] : [40, 160, 60])[i % 3];
  });
  const weights = Float32Array.from({ length: 4 * 8 * 2 }, (_, i) => {
    const share = Math.min(1, Math.max(0, ((Math.floor(i / 2) % 8) * 8 + 8 - border) / 8));
    return i % 2 === 1 ? share : 1 - share;
  });
  const size = { width, height, cellsPerPixel: { x: 1 / 8, y: 1 / 8 } };
  const wrong = (mask: Uint8Array): number =>
    mask.reduce((sum, value, p) => sum + Number(value !== (p % width >= border ? 1 : 0)), 0);

  it("borders follow the picture's edges", () => {
    // A prediction that is 3 px off: the labels of cells say 39.
    const off = weights.map((_, i) => {
      const share = Math.min(1, Math.max(0, ((Math.floor(i / 2) % 8) * 8 + 8 - 39) / 8));
      return i % 2 === 1 ? share : 1 - share;
    });
    const plain = decodeLabels(off, [0, 1], grid8, size);
    const guided = decodeLabels(off, [0, 1], grid8, size, { width, height, data });
    expect(wrong(plain.labels.data)).toBeGreaterThan(32);
    expect(wrong(guided.labels.data)).toBe(0);
    expect(guided.confidence.every((value) => value > 0.5 && value <= 1)).toBe(true);
  });

  it("without edges it smooths only", () => {
    const grey = new Uint8Array(width * height * 3).fill(99);
    const guided = decodeLabels(weights, [0, 1], grid8, size, { width, height, data: grey });
    expect(wrong(guided.labels.data)).toBeLessThan(2 * 32);
  });
});
