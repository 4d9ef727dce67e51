/** @file What stands where in a cell's descriptor. */
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.ts";
import { CellModels } from "../../../src/kernels/moments.ts";
import { CellDescriptor, constantDim, contextScale, descriptorDims } from "../../../src/tracking/target/descriptor.ts";
import { rgbToLab } from "../../../src/video/lab.ts";
import type { RgbPicture } from "../../../src/video/picture.ts";

/** One pixel per cell. @param colour of a pixel. */
function picture(width: number, height: number, colour: (i: number) => readonly number[]): RgbPicture {
  const pixels = Array.from({ length: width * height }, (_, i) => colour(i));
  return { width, height, data: Uint8Array.from(pixels.flat()) };
}

const black = [0, 0, 0];
const white = [255, 255, 255];

/** The planes of descriptors. @param features by channel and cell. */
function described(frame: RgbPicture, features: readonly (readonly number[])[]): number[][] {
  const channels = features.length;
  const models = new CellModels(descriptorDims(channels), frame);
  const map = { width: frame.width, height: frame.height, channels, data: Float32Array.from(features.flat()) };
  new CellDescriptor(models, frame).describe(frame, map);
  return Array.from({ length: models.dims }, (_, d) => [...models.plane(d)]);
}

function expectPlanes(got: readonly number[][], wanted: readonly (readonly number[])[]): void {
  expect(got).toHaveLength(wanted.length);
  for (const [d, plane] of wanted.entries())
    for (const [cell, value] of plane.entries())
      expect(got[d][cell], `number ${d} of cell ${cell}`).toBeCloseTo(value, 4);
}

describe("a descriptor", () => {
  it("by hand: unit feature, its means over 3 and 7 cells, colour, its mean over 5, 1, padding", () => {
    const frame = picture(5, 1, (i) => (i === 0 ? white : black));
    // Of length 2, and 3 in the others.
    const planes = described(frame, [
      [2, 0, 0, 0, 0],
      [0, 3, 3, 3, 3],
    ]);
    const zeros = [0, 0, 0, 0, 0];
    expectPlanes(planes, [
      [1, 0, 0, 0, 0],
      [0, 1, 1, 1, 1],
      [1 / 2, 1 / 3, 0, 0, 0],
      [1 / 2, 2 / 3, 1, 1, 1],
      [1 / 4, 1 / 5, 1 / 5, 1 / 5, 0],
      [3 / 4, 4 / 5, 4 / 5, 4 / 5, 1],
      // White has L/50 − 1 = 1, black −1.
      [0.25, -0.25, -0.25, -0.25, -0.25],
      zeros,
      zeros,
      [-0.25 / 3, -0.5 / 4, -0.75 / 5, -0.25, -0.25],
      zeros,
      zeros,
      [1, 1, 1, 1, 1],
      zeros,
      zeros,
      zeros,
    ]);
    expect([descriptorDims(2), constantDim(2)]).toEqual([16, 12]);
  });

  it("has the colour of what the cell shows, a and b heavier than L", () => {
    const frame = picture(
      2,
      1,
      (i) =>
        [
          [200, 30, 60],
          [10, 90, 220],
        ][i],
    );
    const lab = rgbToLab(frame);
    const planes = described(frame, [[1, 1]]);
    const weights = [0.25, 0.635, 0.635];
    for (const [c, weight] of weights.entries())
      for (const cell of [0, 1]) expect(planes[3 + c][cell]).toBeCloseTo(weight * lab[2 * c + cell], 3);
  });

  it("has unit features of any length, none of a cell without any", () => {
    const random = new Random(3);
    const features = Array.from({ length: 6 }, () => Array.from({ length: 12 }, () => random.normal()));
    for (const plane of features) plane[5] = 0;
    const planes = described(
      picture(4, 3, () => black),
      features,
    );
    for (let cell = 0; cell < 12; cell++)
      expect(Math.hypot(...planes.slice(0, 6).map((plane) => plane[cell]))).toBeCloseTo(cell === 5 ? 0 : 1, 5);
    expect(planes.flat().every(Number.isFinite)).toBe(true);
  });

  it("does not change with the length of features", () => {
    const features = [[1, 2, 3, 4, 5, 6]];
    const frame = picture(3, 2, () => white);
    const longer = features.map((plane) => plane.map((value) => 8 * value));
    expect(described(frame, longer)).toEqual(described(frame, features));
  });

  it("is of the latest frame alone, whose size may differ from the first one's", () => {
    const grid = { width: 4, height: 2 };
    const models = new CellModels(descriptorDims(1), grid);
    const descriptor = new CellDescriptor(models, grid);
    const features = { ...grid, channels: 1, data: new Float32Array(8).fill(1) };
    const mixed = picture(8, 4, (i) => (i % 3 === 0 ? white : [9, 200, 30]));
    const plain = picture(4, 2, (i) => (i % 2 === 0 ? white : black));
    descriptor.describe(plain, features);
    const first = models.planes.slice();
    descriptor.describe(mixed, { ...features, data: features.data.map((_, i) => i) });
    expect(models.planes).not.toEqual(first);
    descriptor.describe(plain, features);
    expect(models.planes).toEqual(first);
  });
});

/** Cells that differ from the ground. */
const spread = (plane: readonly number[], ground: number): number =>
  plane.filter((value) => Math.abs(value - ground) > 1e-6).length;

describe("the reach of means", () => {
  it.each([
    [1, 1, 1],
    [107, 60, 1],
    [60, 89, 1],
    [160, 90, 2],
    [214, 120, 2],
    [180, 320, 3],
  ])("%ix%i cells: %i times as many", (width, height, scale) => {
    expect(contextScale({ width, height })).toBe(scale);
  });

  it("grows with the grid", () => {
    const [width, height] = [130, 120];
    const middle = 60 * width + 65;
    const one = Array.from({ length: width * height }, (_, i) => Number(i === middle));
    const rest = one.map((value) => 1 - value);
    const planes = described(
      picture(width, height, (i) => (i === middle ? white : black)),
      [one, rest],
    );
    expect([spread(planes[2], 0), spread(planes[4], 0)]).toEqual([5 ** 2, 13 ** 2]);
    expect(planes[2][middle + 2]).toBeCloseTo(1 / 25, 5);
    expect(planes[4][middle - 6 * width]).toBeCloseTo(1 / 169, 5);
    expect(planes[9][middle + 4]).toBeCloseTo(-0.25 + 0.5 / 81, 5);
    expect(planes[9][middle + 5]).toBeCloseTo(-0.25, 5);
  });
});
