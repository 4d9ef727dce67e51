/** @file The affinity of two frames against plain loops. */
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { carryLabels, frameAffinity } from "../../src/method/frameAffinity.ts";
import type { FeatureMap } from "../../src/method/features.ts";

const [CHANNELS, HEIGHT, WIDTH] = [7, 5, 6];
const CELLS = HEIGHT * WIDTH;

function features(seed: number, shape: Partial<FeatureMap> = {}): FeatureMap {
  const random = new Random(seed);
  const { channels = CHANNELS, height = HEIGHT, width = WIDTH } = shape;
  const data = Float32Array.from({ length: channels * height * width }, () => random.next() - 0.5);
  return { channels, height, width, data };
}

const [target, reference] = [features(1), features(2)];

function vector({ data }: FeatureMap, cell: number): number[] {
  return Array.from({ length: CHANNELS }, (_, c) => data[c * CELLS + cell]);
}

function cosine(a: FeatureMap, i: number, b: FeatureMap, j: number): number {
  const [x, y] = [vector(a, i), vector(b, j)];
  return x.reduce((sum, value, c) => sum + value * y[c], 0) / (Math.hypot(...x) * Math.hypot(...y));
}

/** Softmax of the k best cosines of a cell, over τ. */
function expectedRow(i: number, temperature: number, k: number, isCandidate: (j: number) => boolean): number[] {
  const scores = Array.from({ length: CELLS }, (_, j) =>
    isCandidate(j) ? cosine(target, i, reference, j) : -Infinity,
  );
  const least = scores.toSorted((a, b) => b - a)[k - 1];
  const weights = scores.map((score) => (score >= least ? Math.exp(score / temperature) : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function expectRows(got: Float32Array, expected: (cell: number) => number[]): void {
  for (let i = 0; i < CELLS; i++)
    expected(i).forEach((weight, j) => expect(got[i * CELLS + j], `cell ${i} to ${j}`).toBeCloseTo(weight, 5));
}

describe("what cannot be compared", () => {
  const settings = { temperature: 0.1 };

  it("frames of other shapes", async () => {
    await expect(frameAffinity(target, features(3, { width: 7 }), settings)).rejects.toThrow(
      "internal: features of 7x5x6 against 7x5x7",
    );
    await expect(frameAffinity(target, features(3, { channels: 6 }), settings)).rejects.toThrow("against 6x5x6");
  });

  it("labels of another size", async () => {
    await expect(carryLabels(target, reference, new Float32Array(CELLS + 1), settings)).rejects.toThrow(
      "internal: 31 labels for 6x5 cells",
    );
    await expect(carryLabels(target, reference, new Float32Array(0), settings)).rejects.toThrow("0 labels");
  });
});

describe("the affinity", () => {
  it("to the best of a window", async () => {
    const window = { shape: "square", cells: 2, inclusive: true } as const;
    const got = await frameAffinity(target, reference, { temperature: 0.2, topK: 4, window, threads: 2 });
    expectRows(got, (i) =>
      expectedRow(i, 0.2, 4, (j) => {
        const [dx, dy] = [(i % WIDTH) - (j % WIDTH), Math.floor(i / WIDTH) - Math.floor(j / WIDTH)];
        return Math.max(Math.abs(dx), Math.abs(dy)) <= 2;
      }),
    );
  });

  it("to every cell of the frame", async () => {
    const got = await frameAffinity(target, reference, { temperature: 0.5, threads: 1 });
    expectRows(got, (i) => expectedRow(i, 0.5, CELLS, () => true));
  });

  it("carries labels as the product of both", async () => {
    const random = new Random(4);
    const labels = Float32Array.from({ length: CELLS * 3 }, () => random.next());
    const settings = { temperature: 0.3, topK: 6, threads: 1 };
    const affinity = await frameAffinity(target, reference, settings);
    const got = await carryLabels(target, reference, labels, settings);
    got.forEach((value, at) => {
      const [i, label] = [Math.floor(at / 3), at % 3];
      let wanted = 0;
      for (let j = 0; j < CELLS; j++) wanted += affinity[i * CELLS + j] * labels[j * 3 + label];
      expect(value).toBeCloseTo(wanted, 5);
    });
  });
});
