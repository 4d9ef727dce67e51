/** @file The k-means kernel against the one written point by point, to the bit. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { followMeans, kMeans } from "../../src/kernels/kMeans.ts";
import * as slow from "../reference/kMeans.ts";

/** Rows of points as the planes that the kernel reads. */
const planes = (points: readonly (readonly number[])[]): Float32Array =>
  Float32Array.from(points[0].flatMap((_, d) => points.map((point) => point[d])));

const cloud = (count: number, dims: number, seed: number): number[][] => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => Array.from({ length: dims }, () => Math.fround(random.normal())));
};

const options = { clusters: 4, seed: 3, maxSteps: 10 };

describe("against the reference", () => {
  test.each([
    { count: 1, dims: 3, clusters: 1 },
    { count: 5, dims: 1, clusters: 2 },
    { count: 7, dims: 6, clusters: 7 },
    { count: 130, dims: 6, clusters: 12 },
    { count: 1001, dims: 8, clusters: 16 },
    { count: 3000, dims: 2, clusters: 40 },
  ])("$count points of $dims dimensions in $clusters clusters", ({ count, dims, clusters }) => {
    for (const seed of [1, 2, 3]) {
      const points = cloud(count, dims, seed);
      for (const maxSteps of [1, 3, 10]) {
        const got = kMeans(planes(points), dims, { clusters, seed, maxSteps });
        const wanted = slow.kMeans(points, { clusters, seed, maxSteps });
        expect([...got.labels]).toEqual(wanted.labels);
        expect([...got.centres]).toEqual(wanted.centres.flat());
      }
    }
  });

  test("points that repeat, more clusters than different points, empty clusters", () => {
    const few = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 })), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(few, fc.integer({ min: 1, max: 14 }), fc.nat(1000), (points, clusters, seed) => {
        const got = kMeans(planes(points), 2, { clusters, seed, maxSteps: 10 });
        const wanted = slow.kMeans(points, { clusters, seed, maxSteps: 10 });
        expect([...got.labels]).toEqual(wanted.labels);
        expect([...got.centres]).toEqual(wanted.centres.flat());
      }),
    );
  });
});

describe("going on from centres", () => {
  test("as the plain loops do, clusters keep their numbers", () => {
    const random = new Random(3);
    const row = (dims: number) => Array.from({ length: dims }, () => Math.fround(random.uniform(-1, 1)));
    for (const [count, dims, clusters] of [
      [50, 3, 5],
      [7, 2, 7],
      [130, 6, 12],
    ]) {
      const points = Array.from({ length: count }, () => row(dims));
      const start = Array.from({ length: clusters }, () => row(dims));
      for (const steps of [1, 2, 5]) {
        const got = followMeans(planes(points), dims, Float32Array.from(start.flat()), steps);
        const wanted = slow.followMeans(points, start, steps);
        expect([...got.labels]).toEqual(wanted.labels);
        expect([...got.centres]).toEqual(wanted.centres.flat());
        expect(got.count).toBe(clusters);
      }
    }
  });

  test("a cluster without points takes the farthest one", () => {
    const got = followMeans(Float32Array.of(0, 1, 2, 9), 1, Float32Array.of(1, 100), 2);
    expect([...got.labels]).toEqual([0, 0, 0, 1]);
    expect([...got.centres]).toEqual([1, 9]);
  });

  test("the centres that were given stay as they are, and none is a bug", () => {
    const centres = Float32Array.of(0, 5);
    followMeans(Float32Array.of(1, 2, 6, 7), 1, centres, 3);
    expect([...centres]).toEqual([0, 5]);
    expect(() => followMeans(Float32Array.of(1), 1, new Float32Array(0), 1)).toThrow("internal: k-means with 0");
  });
});

test("clusters that lie apart are found", () => {
  const middles = [
    [0, 0],
    [10, 0],
    [0, 10],
    [10, 10],
  ];
  const points = cloud(400, 2, 1).map(([x, y], i) => [middles[i % 4][0] + x / 2, middles[i % 4][1] + y / 2]);
  const { count, labels, centres } = kMeans(planes(points), 2, options);
  expect(count).toBe(4);
  points.forEach((_, i) => expect(labels[i]).toBe(labels[i % 4]));
  middles.forEach(([x, y], i) => {
    expect(centres[labels[i] * 2]).toBeCloseTo(x, 0);
    expect(centres[labels[i] * 2 + 1]).toBeCloseTo(y, 0);
  });
});

describe("few different points", () => {
  test("all equal: one cluster at that point", () => {
    const { count, labels, centres } = kMeans(new Float32Array(2 * 50).fill(0.3), 2, options);
    expect(count).toBe(1);
    expect([...labels]).toEqual(Array.from({ length: 50 }, () => 0));
    expect([...centres]).toEqual([Math.fround(0.3), Math.fround(0.3)]);
  });

  test("as many clusters as different points", () => {
    const points = Array.from({ length: 60 }, (_, i) => [i % 3]);
    const { count, labels } = kMeans(planes(points), 1, { ...options, clusters: 12 });
    expect(count).toBe(3);
    expect(new Set(labels).size).toBe(3);
  });
});

test("the same seed gives the same clusters, after other work too", () => {
  const points = planes(cloud(500, 6, 8));
  const first = kMeans(points, 6, options);
  kMeans(planes(cloud(40_000, 6, 2)), 6, { ...options, clusters: 30 });
  expect(kMeans(points, 6, options)).toEqual(first);
});

test("what cannot be clustered is our own mistake", () => {
  expect(() => kMeans(new Float32Array(0), 2, options)).toThrow("internal: k-means of 0 values");
  expect(() => kMeans(new Float32Array(5), 2, options)).toThrow("internal: k-means of 5 values");
  expect(() => kMeans(new Float32Array(4), 2, { ...options, clusters: 256 })).toThrow("256 clusters");
});
