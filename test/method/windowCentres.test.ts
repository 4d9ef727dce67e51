/** @file Window centres on exact shifts, on what must stand still, and on noise. */
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import type { SampledFrame } from "../../src/method/cellDescriptors.ts";
import { sampleClusters, type SampledClusters, samplerDefaults } from "../../src/method/multiClusterSampler.ts";
import { windowCentres, windowDefaults } from "../../src/method/windowCentres.ts";

/** Cells of one pixel: colours of a scene made of blobs, by place. */
interface Scene {
  (x: number, y: number): readonly [number, number, number];
}

/** Blobs of random colour, smooth over about `scale` cells. */
function blobs(seed: number, scale: number): Scene {
  const random = new Random(seed);
  const waves = Array.from({ length: 3 }, () =>
    Array.from({ length: 6 }, () => ({
      fx: random.uniform(-1, 1) / scale,
      fy: random.uniform(-1, 1) / scale,
      phase: random.uniform(0, 6.3),
    })),
  );
  return (x, y) =>
    waves.map((channel) =>
      channel.reduce((sum, { fx, fy, phase }) => sum + 0.15 * Math.sin(6.3 * (fx * x + fy * y) + phase), 0),
    ) as unknown as [number, number, number];
}

function render(width: number, height: number, scene: Scene): SampledFrame {
  const lab = new Float32Array(3 * width * height);
  for (let p = 0; p < width * height; p++)
    scene(p % width, Math.floor(p / width)).forEach((value, c) => (lab[c * width * height + p] = value));
  return { lab };
}

function sampled(width: number, height: number, scenes: readonly Scene[]): SampledClusters {
  const frames = scenes.map((scene) => render(width, height, scene));
  // Candidates far away are wanted here, so all clusters are.
  return sampleClusters(frames, { width, height }, 1, { ...samplerDefaults, lambdaPosition: 0.1, nearestClusters: 11 });
}

const vectorsOf = (field: Int16Array): number[][] =>
  Array.from({ length: field.length / 2 }, (_, tile) => [field[2 * tile], field[2 * tile + 1]]);

describe("a global shift", () => {
  test.each([
    [10, 0],
    [-10, 0],
    [0, 10],
    [7, -13],
    [3, 2],
    [1, 0],
    [0, 0],
    [-20, 5],
  ])("by (%i, %i) cells", (dx, dy) => {
    const scene = blobs(5, 12);
    // What is at (x, y) in the target is at (x + dx, y + dy) in the reference.
    const sample = sampled(64, 48, [scene, (x, y) => scene(x - dx, y - dy)]);
    const field = vectorsOf(windowCentres(sample, 1));
    expect(field).toHaveLength(48);
    field.forEach((vector, tile) => {
      const [left, top] = [(tile % 8) * 8, Math.floor(tile / 8) * 8];
      const seen = left + dx >= 0 && left + dx + 8 <= 64 && top + dy >= 0 && top + dy + 8 <= 48;
      if (seen) expect(vector, `tile at ${left},${top}`).toEqual([dx, dy]);
    });
  });
});

const inBlock = (x: number, y: number, left: number): boolean => x >= left && x < left + 16 && y >= 16 && y < 32;

test("a block that moves over a ground that stands still", () => {
  const [ground, object] = [blobs(1, 14), blobs(2, 10)];
  const bright: Scene = (x, y) => object(x, y).map((value) => value + 0.5) as unknown as [number, number, number];
  const sample = sampled(64, 48, [
    (x, y) => (inBlock(x, y, 16) ? bright(x, y) : ground(x, y)),
    (x, y) => (inBlock(x, y, 26) ? bright(x - 10, y) : ground(x, y)),
  ]);
  const field = vectorsOf(windowCentres(sample, 1));
  for (const [tx, ty] of [
    [2, 2],
    [3, 2],
    [2, 3],
    [3, 3],
  ])
    expect(field[ty * 8 + tx]).toEqual([10, 0]);
  // Rows above and below never meet the block.
  for (let tx = 0; tx < 8; tx++) for (const ty of [0, 1, 4, 5]) expect(field[ty * 8 + tx]).toEqual([0, 0]);
});

const zeros = (tiles: number): number[][] => Array.from({ length: tiles }, () => [0, 0]);
const flat: Scene = () => [0.1, 0.2, -0.1];

describe("what stands still", () => {
  test("a flat area, though every place matches", () => {
    expect(vectorsOf(windowCentres(sampled(40, 24, [flat, flat]), 1))).toEqual(zeros(15));
  });

  test("a flat area with sensor noise", () => {
    const random = new Random(3);
    const noisy = (): Scene => () => [0.1 + 0.01 * random.normal(), 0.01 * random.normal(), 0.01 * random.normal()];
    expect(vectorsOf(windowCentres(sampled(64, 48, [noisy(), noisy()]), 1))).toEqual(zeros(48));
  });

  test("a scene without motion", () => {
    const scene = blobs(9, 10);
    expect(vectorsOf(windowCentres(sampled(64, 48, [scene, scene]), 1))).toEqual(zeros(48));
  });
});

describe("small frames", () => {
  test.each([
    [1, 1],
    [3, 2],
    [9, 5],
  ])("%i x %i cells", (width, height) => {
    const sample = sampled(width, height, [blobs(1, 4), blobs(2, 4)]);
    const field = windowCentres(sample, 1);
    expect(field).toHaveLength(2 * Math.ceil(width / 8) * Math.ceil(height / 8));
  });

  test("displacements stay within reach", () => {
    const scene = blobs(5, 12);
    const sample = sampled(64, 48, [scene, (x, y) => scene(x - 12, y)]);
    const field = windowCentres(sample, 1, { ...windowDefaults, reach: 8 });
    expect(Math.max(...field.map(Math.abs))).toBeLessThanOrEqual(8);
  });

  test("frames and tiles that there cannot be are our own mistake", () => {
    const sample = sampled(9, 5, [blobs(1, 4), blobs(2, 4)]);
    expect(() => windowCentres(sample, 2)).toThrow("internal: frame 2");
    expect(() => windowCentres(sample, 1, { ...windowDefaults, tile: 6 })).toThrow("internal: tiles of 6");
  });
});
