/** @file The sampler on drawn frames, its log-prior by hand, its channels, and every kind of frame that has nothing to sample. */
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { describeCells, type SampledFrame } from "../../src/method/cellDescriptors.ts";
import { sampleClusters, type SampledClusters, samplerDefaults } from "../../src/method/multiClusterSampler.ts";
import {
  candidateRegions,
  NOT_SAMPLED,
  PRIOR_LIMIT,
  priorKeys,
  priorQueries,
  sampledPrior,
} from "../../src/method/samplingPrior.ts";

interface Box {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** A grey frame with a coloured square in it; the square moves if asked to. */
function frameWith(size: number, { left, top, side }: Box, moving: boolean): SampledFrame {
  const area = size * size;
  const inside = (p: number): boolean => {
    const [x, y] = [p % size, Math.floor(p / size)];
    return x >= left && x < left + side && y >= top && y < top + side;
  };
  const pixels = Array.from({ length: area }, (_, p) => inside(p));
  const plane = (object: number, ground: number): number[] => pixels.map((object_) => (object_ ? object : ground));
  return {
    lab: Float32Array.from([...plane(0.2, -0.3), ...plane(0.5, 0), ...plane(0.4, 0)]),
    strength: Float32Array.from(plane(moving ? 1 : 0, 0)),
  };
}

const size = { width: 64, height: 64 };
const at = (sample: SampledClusters, frame: number, x: number, y: number): number =>
  sample.labels[frame][y * sample.grid.width + x];

describe("a square that moves over a plain ground", () => {
  const frames = [
    frameWith(64, { left: 32, top: 16, side: 24 }, true),
    frameWith(64, { left: 8, top: 24, side: 24 }, true),
  ];
  const sample = sampleClusters(frames, size, 4, { ...samplerDefaults, clusters: 4 });
  const insides = [
    [8, 4, 14, 10],
    [2, 6, 8, 12],
  ];

  test("its regions are nowhere else, in both frames", () => {
    frames.forEach((_, frame) => {
      const [left, top, right, bottom] = insides[frame];
      const [object, ground] = [new Set<number>(), new Set<number>()];
      for (let y = 0; y < 16; y++)
        for (let x = 0; x < 16; x++) {
          const inside = x >= left && x < right && y >= top && y < bottom;
          (inside ? object : ground).add(at(sample, frame, x, y));
        }
      expect([...object].filter((label) => ground.has(label))).toEqual([]);
    });
  });

  test("it is target-like, the ground is not", () => {
    expect(sample.targetLike[at(sample, 0, 10, 7)]).toBe(true);
    expect(sample.targetLike[at(sample, 0, 0, 0)]).toBe(false);
    expect(sample.targetLike).toHaveLength(sample.clusters);
  });

  test("nothing is target-like when nothing moves, or when motion is unknown", () => {
    const still = frames.map(({ lab }) => ({ lab }));
    expect(sampleClusters(still, size, 4).targetLike).not.toContain(true);
    const zero = still.map(({ lab }) => ({ lab, strength: new Float32Array(64 * 64) }));
    expect(sampleClusters(zero, size, 4).targetLike).not.toContain(true);
  });

  test("the whole frame moving alike is no target", () => {
    const panned = frames.map(({ lab }) => ({ lab, strength: new Float32Array(64 * 64).fill(0.7) }));
    expect(sampleClusters(panned, size, 4).targetLike).not.toContain(true);
  });

  test("the same seed gives the same sample", () => {
    expect(sampleClusters(frames, size, 4, { ...samplerDefaults, clusters: 4 })).toEqual(sample);
  });
});

describe("descriptors", () => {
  const weights = { lambdaColour: 2, lambdaMotion: 3, lambdaPosition: 5 };

  test("are the means of the pixels that a cell has, also at the border", () => {
    const plane = [1, 2, 3, 4, 5, 6];
    const frame = {
      lab: Float32Array.from([...plane, ...plane.map((v) => 10 * v), ...plane.map((v) => -v)]),
      strength: Float32Array.from([0, 0, 1, 0, 1, 1]),
    };
    // 3 × 2 pixels in cells of 2: columns of two pixels and of one.
    const got = describeCells(frame, { width: 3, height: 2 }, 2, weights);
    const expected = [
      3,
      4.5,
      2 * 30,
      2 * 45,
      -2 * 3,
      -2 * 4.5,
      3 * 0.25,
      3 * 1,
      5 * 0.25,
      5 * 0.75,
      5 * 0.25,
      5 * 0.25,
    ];
    expect([...got]).toEqual(expected.map(Math.fround));
  });

  test("frames of another size are our own mistake", () => {
    expect(() => describeCells({ lab: new Float32Array(12) }, { width: 3, height: 2 }, 2, weights)).toThrow(
      "internal: ",
    );
    expect(() =>
      describeCells({ lab: new Float32Array(18), strength: new Float32Array(5) }, { width: 3, height: 2 }, 2, weights),
    ).toThrow("internal: ");
  });
});

describe("log-prior", () => {
  // Clusters on a line at 0, 1, 3, 7 with 1/2, 1/4, 1/8, 1/8 of the cells.
  const centres = Float32Array.of(0, 1, 3, 7);
  const cells = [Uint8Array.of(0, 0, 0, 0), Uint8Array.of(1, 1, 2, 3)];

  test("own region and the nearest others, each by quota over share", () => {
    const prior = sampledPrior(centres, 4, cells, { nearestClusters: 2, ownShare: 0.5 });
    const rows = [
      [Math.log(0.5 / 0.5), Math.log(0.25 / 0.25), Math.log(0.25 / 0.125), NOT_SAMPLED],
      [Math.log(0.25 / 0.5), Math.log(0.5 / 0.25), Math.log(0.25 / 0.125), NOT_SAMPLED],
      [Math.log(0.25 / 0.5), Math.log(0.25 / 0.25), Math.log(0.5 / 0.125), NOT_SAMPLED],
      [NOT_SAMPLED, Math.log(0.25 / 0.25), Math.log(0.25 / 0.125), Math.log(0.5 / 0.125)],
    ];
    expect([...prior]).toEqual(rows.flat().map(Math.fround));
  });

  test("rare regions stay within the limits, regions without cells are never a negative", () => {
    const many = [new Uint8Array(1000).fill(0), Uint8Array.of(2)];
    const prior = sampledPrior(Float32Array.of(0, 1, 2), 3, many, { nearestClusters: 2, ownShare: 0.9 });
    expect(prior[1]).toBe(NOT_SAMPLED);
    expect(prior[8]).toBe(PRIOR_LIMIT);
    expect(Math.min(...prior.filter((value) => value !== NOT_SAMPLED))).toBeGreaterThanOrEqual(-PRIOR_LIMIT);
  });

  test("a single cluster gets everything: no prior at all", () => {
    expect([...sampledPrior(Float32Array.of(4), 1, [new Uint8Array(5)], samplerDefaults)]).toEqual([0]);
  });

  test("no others sampled; or none of its own", () => {
    const alone = sampledPrior(centres, 4, cells, { nearestClusters: 0, ownShare: 0.5 });
    expect(alone[1]).toBe(NOT_SAMPLED);
    expect(alone[0]).toBeCloseTo(Math.log(1 / 0.5));
    const shared = sampledPrior(centres, 4, cells, { nearestClusters: 3, ownShare: 1 });
    expect(shared[1]).toBe(-PRIOR_LIMIT);
  });

  test("the expectation over a reference with these shares is the quota", () => {
    const prior = sampledPrior(centres, 4, cells, { nearestClusters: 3, ownShare: 0.4 });
    const weights = cells.flatMap((frame) => [...frame]).map((label) => Math.exp(prior[label]));
    const total = weights.reduce((a, b) => a + b, 0);
    expect(weights.slice(0, 4).reduce((a, b) => a + b, 0) / total).toBeCloseTo(0.4);
  });
});

describe("channels", () => {
  const frames = [1, 2, 3].map((seed) => noise(40 * 24, seed));
  const sample = sampleClusters(frames, { width: 40, height: 24 }, 4, {
    ...samplerDefaults,
    clusters: 5,
    nearestClusters: 2,
  });

  test("their product is the log-prior of every pair of cells", () => {
    const queries = priorQueries(sample, 12);
    const cells = sample.labels[0].length;
    for (const frame of [1, 2]) {
      const keys = priorKeys(sample, frame, 12);
      for (let i = 0; i < cells; i += 7)
        for (let j = 0; j < cells; j++) {
          let product = 0;
          for (let c = 0; c < 12; c++) product += queries[c * cells + i] * keys[c * cells + j];
          expect(product).toBe(sample.logPrior[sample.labels[0][i] * sample.clusters + sample.labels[frame][j]]);
        }
    }
  });

  test("candidates as bits are what the log-prior samples", () => {
    const bits = candidateRegions(sample);
    sample.labels[0].forEach((own, cell) => {
      for (let k = 0; k < sample.clusters; k++)
        expect((bits[cell] >>> k) & 1).toBe(sample.logPrior[own * sample.clusters + k] === NOT_SAMPLED ? 0 : 1);
    });
    expect(() => candidateRegions({ ...sample, clusters: 33 })).toThrow("internal: 33 clusters");
  });

  test("unused ones are zero, too few are our own mistake", () => {
    const cells = sample.labels[0].length;
    expect(priorQueries(sample, 12)).toHaveLength(12 * cells);
    expect(Math.max(...priorKeys(sample, 1, 12).subarray(sample.clusters * cells))).toBe(0);
    expect(() => priorQueries(sample, sample.clusters - 1)).toThrow("internal: ");
    expect(() => priorKeys(sample, 3, 12)).toThrow("internal: ");
  });
});

function noise(area: number, seed: number): SampledFrame {
  const random = new Random(seed);
  return {
    lab: Float32Array.from({ length: 3 * area }, () => random.uniform(-1, 1)),
    strength: Float32Array.from({ length: area }, () => random.next()),
  };
}

const finite = (sample: SampledClusters): void => {
  for (const values of [sample.logPrior, sample.centres, ...sample.descriptors, priorQueries(sample, 255)])
    expect(values.every(Number.isFinite)).toBe(true);
  for (const labels of sample.labels) expect(labels.every((label) => label < sample.clusters)).toBe(true);
  for (let own = 0; own < sample.clusters; own++)
    expect(sample.logPrior[own * sample.clusters + own]).not.toBe(NOT_SAMPLED);
};

describe("frames with nothing to sample", () => {
  test("one frame alone: its own cells are the candidates", () => {
    const sample = sampleClusters([noise(64 * 64, 1)], size, 4);
    finite(sample);
    expect(sample.labels).toHaveLength(1);
  });

  test("one colour everywhere: clusters are places only, and the prior is finite", () => {
    const plain = { lab: new Float32Array(3 * 64 * 64).fill(0.25) };
    finite(sampleClusters([plain, plain], size, 4));
  });

  test("one colour and no positions: one cluster", () => {
    const plain = { lab: new Float32Array(3 * 64 * 64).fill(0.25) };
    const sample = sampleClusters([plain, plain], size, 4, { ...samplerDefaults, lambdaPosition: 0 });
    expect(sample.clusters).toBe(1);
    expect([...sample.logPrior]).toEqual([0]);
  });

  test("more clusters than cells", () => {
    const sample = sampleClusters([noise(36, 1), noise(36, 2)], { width: 6, height: 6 }, 4);
    finite(sample);
    expect(sample.clusters).toBeLessThanOrEqual(8);
    expect(sample.grid).toEqual({ height: 2, width: 2 });
  });

  test("frames smaller than a cell", () => {
    const sample = sampleClusters([noise(2, 1), noise(2, 2)], { width: 2, height: 1 }, 4);
    finite(sample);
    expect(sample.labels.map((labels) => labels.length)).toEqual([1, 1]);
  });
});
