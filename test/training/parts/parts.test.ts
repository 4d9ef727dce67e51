/** @file The parts one by one: what they are fed for a batch, and that the graph asks for just that. */
import { expect, describe, test } from "vitest";
import { Random } from "../../../src/core/random.ts";
import type { SampledClusters } from "../../../src/method/multiClusterSampler.ts";
import type { MotionMap } from "../../../src/motion/motionEstimator.ts";
import { inOrder, sizeOf } from "../../../src/tensor/index.ts";
import { rectangleView } from "../../../src/training/affineView.ts";
import { type TrainingConfigInput, trainingConfig } from "../../../src/training/config.ts";
import { partFeeds } from "../../../src/training/partFeeds.ts";
import type { Material, TemporalPair, ViewPair } from "../../../src/training/parts/material.ts";
import { multiClusterSampler } from "../../../src/training/parts/multiClusterSampler.ts";
import { perScene, type Scene } from "../../../src/training/parts/scene.ts";
import { valueExtraction } from "../../../src/training/parts/valueExtraction.ts";
import { partsOf } from "../../../src/training/runParts.ts";
import { buildStep } from "../../../src/training/step.ts";

const SIZE = 32;
const on = { enabled: true } as const;
const allOn: TrainingConfigInput = {
  references: 2,
  pairs: 3,
  motionEnhancement: { ...on, dropout: 0 },
  valueExtraction: { ...on, hideStrength: 0 },
  multiClusterSampler: { ...on, clusters: 4, windowCentres: true },
  adaptiveFusion: on,
  cycleConsistency: { ...on, patch: 1, edgeDropout: 0 },
  pseudoMotion: { ...on, pairs: 1, queries: 8 },
};
const configOf = (given: TrainingConfigInput) =>
  trainingConfig({ steps: 1, variant: "nano", size: SIZE, radius: 2, ...given });

/** The left half of every frame moves to the right, and is red. */
function movingPair(): TemporalPair {
  const left = (i: number): boolean => i % SIZE < SIZE / 2;
  const plane = (value: (i: number) => number): Float32Array =>
    Float32Array.from({ length: SIZE * SIZE }, (_, i) => value(i));
  const motion: MotionMap = {
    kind: "motion",
    width: SIZE,
    height: SIZE,
    strength: plane((i) => (left(i) ? 0.8 : 0)),
    flow: Float32Array.from({ length: 2 * SIZE * SIZE }, (_, i) => (i < SIZE * SIZE && left(i) ? 1 : 0)),
  };
  const lab = Float32Array.from({ length: 3 * SIZE * SIZE }, (_, i) => (i >= SIZE * SIZE && left(i) ? 0.6 : -0.1));
  return {
    segment: { folder: "", first: 0, count: 3, width: SIZE, height: SIZE } as unknown as TemporalPair["segment"],
    indices: [2, 1, 0],
    view: rectangleView({ x: 0, y: 0, width: SIZE, height: SIZE, flip: false }, SIZE),
    frame: { width: SIZE, height: SIZE },
    motion: [motion, motion, motion],
    labs: [lab, lab, lab],
  };
}

const viewPair: ViewPair = {
  views: [new Uint8Array(3 * SIZE * SIZE), new Uint8Array(3 * SIZE * SIZE)],
  at: {
    queries: Int32Array.from({ length: 8 }, (_, i) => i),
    rows: new Float32Array(8 * 4).fill(0.25),
    columns: new Float32Array(8 * 4).fill(0.25),
    valid: new Float32Array(8).fill(1),
  },
};

/** What a batch of moving pairs is fed. */
function fedBy(given: TrainingConfigInput, views: readonly ViewPair[] = []) {
  const run = partsOf(configOf(given));
  const pairs = Array.from({ length: run.plan.temporal }, movingPair);
  return partFeeds(run, pairs, views, new Random(1));
}

const float = (values: unknown): Float32Array => values as Float32Array;

describe("feeds", () => {
  test("fit the inputs that the parts declare, and no others are fed", async () => {
    const { active } = partsOf(configOf(allOn));
    const declared = Object.assign({}, ...active.map(({ inputs }) => inputs)) as Record<string, { shape: number[] }>;
    const feeds = await fedBy(allOn, [viewPair]);
    const lengths = Object.entries(feeds).map(([name, { length }]) => [name, length]);
    expect(Object.fromEntries(lengths)).toEqual(
      Object.fromEntries(Object.entries(declared).map(([name, { shape }]) => [name, sizeOf(shape)])),
    );
    expect(feeds["pseudoQueries"]).toBeInstanceOf(Int32Array);
  });

  test("a run of reconstruction alone is fed nothing beside the frames", async () => {
    const pairs = [{ ...movingPair(), motion: [] }];
    expect(await partFeeds(partsOf(configOf({ pairs: 1 })), pairs, [], new Random(1))).toEqual({});
  });

  test("the graph asks for each input once, and only for those that are declared", () => {
    const config = configOf(allOn);
    const names = inOrder(Object.values(buildStep(config).outputs)).flatMap(({ op, attributes }) =>
      op.name === "input" ? [(attributes as { readonly name: string }).name] : [],
    );
    expect(names).toHaveLength(new Set(names).size);
    const declared = partsOf(config).active.flatMap(({ inputs = {} }) => Object.keys(inputs));
    expect(names).toEqual(expect.arrayContaining(declared));
  });
});

describe("motion enhancement", () => {
  const area = 3 * SIZE * SIZE;

  test("places that another part claims have no motion image", async () => {
    const motion = float((await fedBy(allOn, [viewPair]))["motion"]);
    const slots = Array.from({ length: 9 }, (_, slot) =>
      motion.subarray(slot * area, (slot + 1) * area).some((value) => value !== 0),
    );
    expect(slots).toEqual([false, true, true, false, true, true, false, true, true]);
  });

  test("all motion images can be dropped", async () => {
    const dropped = await fedBy({ motionEnhancement: { ...on, dropout: 1 } });
    expect(float(dropped["motion"]).every((value) => value === 0)).toBe(true);
  });
});

/** What the value network is fed with: four cells of one target. */
const cellsIn = (known: unknown): Material => ({
  pairs: [],
  motion: [],
  strengths: [Float32Array.of(1, 0, 0.5, 0)],
  regions: known as SampledClusters[] | undefined,
  views: [],
});
const valueBlock = (hideStrength: number) => ({ enabled: true, gain: 1, hideStrength });

const valuePart = (hideStrength: number) =>
  valueExtraction.on(valueBlock(hideStrength), partsOf(configOf({ valueExtraction: valueBlock(hideStrength) })));

describe("value extraction", () => {
  /** Four cells in two regions, the first of which is an object's. */
  const regions = [{ labels: [Uint8Array.of(0, 0, 1, 1)], clusters: 2, targetLike: [true, false] }];
  test("the strength is hidden from the network, never from what it learns", async () => {
    const { shownStrength, moving } = await valuePart(1).feeds!(cellsIn(undefined), new Random(1));
    expect([...shownStrength]).toEqual([0, 0, 0, 0]);
    expect([...moving]).toEqual([1, 0, 0.5, 0]);
  });

  test("in regions of objects all cells move, in others only those that do", async () => {
    const { shownStrength, moving } = await valuePart(0).feeds!(cellsIn(regions), new Random(1));
    expect([...shownStrength]).toEqual([1, 0, 0.5, 0]);
    expect([...moving]).toEqual([1, 0.5, 0.5, 0]);
  });
});

describe("multi-cluster sampler", () => {
  test("regions are one-hot, and what moves is a region of its own", async () => {
    const feeds = await fedBy({ pairs: 1, multiClusterSampler: { ...on, clusters: 4 } });
    const planes = float(feeds["regions"]);
    const label = (cell: number): number => [0, 1, 2, 3].findIndex((k) => planes[k * 16 + cell] === 1);
    for (let cell = 0; cell < 16; cell++)
      expect([0, 1, 2, 3].reduce((sum, k) => sum + planes[k * 16 + cell], 0)).toBe(1);
    expect(label(4)).not.toBe(label(7));
  });

  test("clusters that were not found have no prior", async () => {
    const own = { enabled: true, clusters: 3, windowCentres: false };
    const part = multiClusterSampler.on(own, partsOf(configOf({ multiClusterSampler: own, pairs: 1 })));
    const labels = [new Uint8Array(16), new Uint8Array(16)];
    const grid = { width: 4, height: 4 };
    const found = { clusters: 2, labels, grid, logPrior: Float32Array.of(1, 2, 3, 4) } as unknown as SampledClusters;
    const material: Material = { pairs: [], motion: [], strengths: [], regions: [found], views: [] };
    const { logPrior } = await part.feeds!(material, new Random(1));
    expect([...logPrior]).toEqual([1, 2, 0, 3, 4, 0, 0, 0, 0]);
  });
});

test("queries of pseudo-motion count on over the pairs", async () => {
  const feeds = await fedBy({ ...allOn, pseudoMotion: { ...on, pairs: 2, queries: 8 } }, [viewPair, viewPair]);
  expect([...feeds["pseudoQueries"]]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);
});

const dropped = async (edgeDropout: number) =>
  float((await fedBy({ cycleConsistency: { ...on, patch: 1, edgeDropout } }))["droppedEdges"]);

test("edges of the cycle are dropped at random", async () => {
  expect((await dropped(0)).every((value) => value === 0)).toBe(true);
  const half = await dropped(0.5);
  expect(half.reduce((a, b) => a + b) / half.length).toBeCloseTo(0.5, 1);
});

test("what is computed once for a graph is computed anew for another", () => {
  let count = 0;
  const counted = perScene(() => ++count);
  const [one, other] = [{}, {}] as Scene[];
  expect([counted(one), counted(one), counted(other), counted(one)]).toEqual([1, 1, 2, 1]);
});
