/** @file Masks by the kernel of mode `live` against those of `decodeLabels`. */
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.ts";
import { GuidedDecoder } from "../../../src/tracking/masks/guidedDecoder.ts";
import { decodeLabels } from "../../../src/tracking/masks/labelCells.ts";

/** A picture of patches with noise, and cells whose labels are patches as well: certain ones, shares and ties. */
function scene(width: number, height: number, grid: { width: number; height: number }, labels: number, seed: number) {
  const random = new Random(seed);
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return 40 + 60 * (Math.floor(x / 9 + (i % 3)) % 3) + 20 * (Math.floor(y / 7) % 2) + random.integer(12);
  });
  const weights = new Float32Array(grid.width * grid.height * labels);
  for (let cell = 0; cell < grid.width * grid.height; cell++) {
    const [x, y] = [cell % grid.width, Math.floor(cell / grid.width)];
    const own = Math.floor(x / 3 + y / 4) % labels;
    const share = x % 4 === 0 ? random.uniform(0.3, 0.9) : 1;
    weights[cell * labels + own] = share;
    weights[cell * labels + ((own + 1) % labels)] += 1 - share;
  }
  return { picture: { width, height, data }, weights };
}

const cases = [
  { size: { width: 120, height: 90 }, grid: { width: 16, height: 12, stride: 4 }, ids: [0, 1, 2] },
  { size: { width: 61, height: 47 }, grid: { width: 16, height: 12, stride: 4 }, ids: [0, 7] },
  { size: { width: 64, height: 48 }, grid: { width: 64, height: 48, stride: 4 }, ids: [0, 1, 2, 3, 254] },
  { size: { width: 33, height: 20 }, grid: { width: 3, height: 2, stride: 8 }, ids: [0, 5] },
  { size: { width: 5, height: 3 }, grid: { width: 1, height: 1, stride: 4 }, ids: [0, 1] },
];

describe("GuidedDecoder", () => {
  it.each(cases)("$size from $grid with labels $ids", ({ size, grid, ids }) => {
    const cellsPerPixel = { x: (grid.width - 0.3) / size.width, y: grid.height / size.height };
    const decoder = new GuidedDecoder(ids, grid, { ...size, cellsPerPixel });
    for (const seed of [1, 2]) {
      const { picture, weights } = scene(size.width, size.height, grid, ids.length, seed);
      const got = decoder.decode(weights, picture);
      const wanted = decodeLabels(weights, ids, grid, { ...size, cellsPerPixel }, picture);
      const other = got.labels.data.filter((label, p) => label !== wanted.labels.data[p]).length;
      expect(other / got.labels.data.length).toBeLessThan(0.005);
      expect(got.labels).toMatchObject(size);
      wanted.confidence.forEach((value, l) => expect(got.confidence[l]).toBeCloseTo(value, 2));
    }
  });

  it("one label everywhere, also 255 of them known", () => {
    const grid = { width: 8, height: 6, stride: 4 };
    const ids = Array.from({ length: 255 }, (_, id) => id);
    const decoder = new GuidedDecoder(ids, grid, { width: 40, height: 30, cellsPerPixel: { x: 0.2, y: 0.2 } });
    const weights = new Float32Array(48 * 255);
    for (let cell = 0; cell < 48; cell++) weights[cell * 255 + 200] = 1;
    const { labels, confidence } = decoder.decode(weights, { width: 40, height: 30, data: new Uint8Array(3600) });
    expect(new Set(labels.data)).toEqual(new Set([200]));
    expect(confidence[200]).toBeCloseTo(1, 6);
    expect(confidence[0]).toBe(0);
  });
});
