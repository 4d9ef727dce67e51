import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silent } from "../../../src/core/log.ts";
import { Random } from "../../../src/core/random.ts";
import { calibrateObjects } from "../../../src/evaluation/confidence/calibrateObjects.ts";
import { calibratePoints } from "../../../src/evaluation/confidence/calibratePoints.ts";
import { observeBenchmark } from "../../../src/evaluation/confidence/confidenceBenchmark.ts";
import {
  confidenceChart,
  confidenceScore,
  confidenceTable,
} from "../../../src/evaluation/confidence/confidenceReport.ts";
import { observeJoints } from "../../../src/evaluation/confidence/jointObservations.ts";
import { followedThings } from "../../../src/evaluation/confidence/followedThings.ts";
import { readFootage } from "../../../src/evaluation/confidence/footage.ts";
import type { ObjectObservation } from "../../../src/evaluation/confidence/objectObservations.ts";
import { madeClips } from "../../../src/evaluation/confidence/madeClips.ts";
import { observeReturns } from "../../../src/evaluation/confidence/returnObservations.ts";
import { observePoints } from "../../../src/evaluation/confidence/pointObservations.ts";
import { countCuts } from "../../../src/evaluation/benchmarks/cutBenchmark.ts";
import { runCycleBenchmark } from "../../../src/evaluation/benchmarks/cycleBenchmark.ts";
import { probability } from "../../../src/tracking/confidence/logistic.ts";
import { modes } from "../../../src/tracking/modes.ts";
import { DirectMatching } from "../../../src/tracking/points/directMatching.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import { writeMaskPng } from "../../../src/video/masks/maskPng.ts";
import { pooledColours } from "../../reference/pooledColours.ts";

const WIDTH = 64;
const HEIGHT = 48;
const encoder = pooledColours(4);
const setup = { encoder, protocol: resolveProtocol("default"), mode: modes.exact, threads: 1 };

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "confidence-"));
  for (const [index, name] of ["cat", "dog"].entries()) await writeSequence(name, index);
});
afterAll(() => rm(root, { recursive: true }));

/** A red block on patchy green, blue for the second sequence, 12 frames; binary masks as in DAVIS 2016. */
async function writeSequence(name: string, index: number): Promise<void> {
  const random = new Random(7 + index);
  const patches = Array.from({ length: 12 * 16 }, () => random.integer(90));
  await mkdir(join(root, "JPEGImages/480p", name), { recursive: true });
  for (let t = 0; t < 12; t++) {
    const data = new Uint8Array(WIDTH * HEIGHT * 3);
    const mask = new Uint8Array(WIDTH * HEIGHT);
    for (let y = 0, p = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++, p++) {
        const inside = y >= 16 && y < 32 && x >= 8 + 2 * t && x < 24 + 2 * t;
        const patch = patches[Math.floor(y / 4) * 16 + Math.floor(x / 4)];
        const behind = index === 0 ? [30, 90 + patch, 40] : [30, 40, 120 + patch];
        data.set(inside ? [230, 40, 40] : behind, 3 * p);
        mask[p] = inside ? 255 : 0;
      }
    const file = String(t).padStart(5, "0");
    await writeMaskPng(join(root, "Annotations/480p", name, `${file}.png`), {
      width: WIDTH,
      height: HEIGHT,
      data: mask,
    });
    const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const;
    await sharp(data, { raw })
      .png()
      .toFile(join(root, "JPEGImages/480p", name, `${file}.png`));
  }
}

const benchmark = () => ({ root, sequences: ["cat", "dog"] });

describe("observations of masks", () => {
  it("hold what was said and what is true, and are kept", async () => {
    const options = { out: join(root, "observed"), identity: { run: 1 } };
    const all = await observeBenchmark(benchmark(), setup, options);
    expect(all).toHaveLength(2 * 11);
    expect(all[0]).toMatchObject({ sequence: "cat", frame: 1, id: 1, visible: true, cut: false, trueArea: 256 });
    expect(all[0].iou).toBeGreaterThan(0.7);
    expect(all[0].confidence).toBeGreaterThan(0.5);
    // The second run reads what the first wrote.
    await writeFile(join(options.out, "dog.json"), "[]");
    expect(await observeBenchmark(benchmark(), setup, options)).toEqual(
      all.filter(({ sequence }) => sequence === "cat"),
    );
    expect(await observeBenchmark(benchmark(), setup, { ...options, identity: { run: 2 } })).toEqual(all);
  });

  it("are scored, shown and drawn", () => {
    const one = { sequence: "a", id: 1, cut: false, signals: null, visible: true, area: 10, trueArea: 10 };
    const observations: ObjectObservation[] = [
      { ...one, frame: 1, confidence: 0.95, iou: 0.9 },
      { ...one, frame: 2, confidence: 0.85, iou: 0.8, cut: true },
      { ...one, frame: 3, confidence: 0.15, iou: 0.1, visible: false },
      { ...one, frame: 4, confidence: 0.05, iou: 0, trueArea: 0 },
      { ...one, frame: 5, confidence: 0, iou: 1, area: 0, trueArea: 0, visible: false },
    ];
    const score = confidenceScore(observations);
    // The last frame shows nothing and nothing was reported: it is only counted as absent.
    expect(score).toMatchObject({ count: 4, auroc: 1, cuts: 1, right: 0.5 });
    expect(score.absent).toEqual({ count: 2, reported: 1 });
    expect(score.present).toEqual({ count: 3, hidden: 1 });
    expect(score.calibrationError).toBeCloseTo((0.05 + 0.15 + 0.15 + 0.05) / 4, 12);
    expect(score.errorCaught).toBeCloseTo(1 / (0.1 + 0.2 + 0.9 + 1), 12);
    expect(confidenceTable({ all: score })).toContain("1/2");
    expect(confidenceChart({ all: score })).toContain("<svg");
  });
});

const at = (overlap: number) => ({
  overlap,
  back: 0.5,
  found: overlap,
  likeness: 0.5,
  layout: 0.5,
  tint: 0,
  mottle: 0,
  estrangement: 0,
  sprawl: 0,
  areaJump: 0,
  placeJump: 0,
});

describe("calibration", () => {
  it("makes clips of footage in which points and returns are observed", async () => {
    const footage = [join(root, "JPEGImages/480p")];
    const read = await readFootage({ footage, frames: 12, shortSide: 48, logger: silent });
    const sizes: number[][] = [];
    for (const { pasted, absent } of madeClips(read, 3)) {
      sizes.push([pasted.length, absent.length]);
      expect(await observePoints(setup, pasted)).toHaveLength(11 * pasted[0].points.length);
      if (sizes.length > 1) continue;
      // A cut: in the frames of the other shot there is nothing to find.
      const returns = await observeReturns(setup, absent);
      expect(returns.length).toBeGreaterThan(20);
      expect(returns.length).toBeLessThanOrEqual(59);
      expect(returns.every(({ iou }) => iou >= 0 && iou <= 1)).toBe(true);
      expect(returns.filter(({ iou }) => iou > 0.5).length).toBeGreaterThan(10);
    }
    expect(sizes).toEqual([
      [12, 60],
      [12, 60],
      [12, 60],
    ]);
  });

  it("follows what moves in footage, and finds nothing of it in other clips", async () => {
    const read = await readFootage({
      footage: [join(root, "JPEGImages/480p")],
      frames: 12,
      shortSide: 48,
      logger: silent,
    });
    const things = await followedThings(read, 0, setup);
    expect(things.length).toBeGreaterThan(0);
    const [followed] = things;
    const areas = followed.map(({ labels }) => labels.data.reduce((sum, label) => sum + label, 0));
    // The block of 16 × 16 pixels, then three frames of the other clip.
    expect(areas.slice(0, -3).every((area) => area > 150 && area < 400)).toBe(true);
    expect(areas.slice(-3)).toEqual([0, 0, 0]);
    expect(followed.map(({ frame }) => frame.index)).toEqual(areas.map((_, i) => i));
    const returns = await observeReturns(setup, followed);
    expect(returns.filter(({ trueArea, iou }) => trueArea > 0 && iou >= 0.5).length).toBeGreaterThan(5);
    expect(returns.filter(({ trueArea }) => trueArea === 0).every(({ iou }) => iou === 0)).toBe(true);
  });

  it("does not follow what never moves", async () => {
    const read = await readFootage({
      footage: [join(root, "JPEGImages/480p")],
      frames: 12,
      shortSide: 48,
      logger: silent,
    });
    const still = read.map((pictures) => pictures.map(() => pictures[0]));
    expect(await followedThings(still, 1, setup)).toEqual([]);
  });

  it("says what is missing", async () => {
    const footage = [join(root, "JPEGImages/480p/cat")];
    await expect(readFootage({ footage, frames: 12, shortSide: 48, logger: silent })).rejects.toThrow(
      "too little footage",
    );
  });

  it("confidence follows the signals", () => {
    const random = new Random(1);
    const observations = Array.from({ length: 400 }, (_, frame): ObjectObservation => {
      const overlap = random.next();
      const signals = { mass: 1, similarity: 0.5, ...at(overlap) };
      const common = { sequence: "a", frame, id: 1, confidence: 0, visible: true, cut: false, area: 9, trueArea: 9 };
      return { ...common, signals, iou: Math.min(1, Math.max(0, overlap + random.uniform(-0.1, 0.1))) };
    });
    const { overlapping, present, returning } = calibrateObjects(observations, observations.slice(300));
    expect(probability(returning, at(0.9))).toBeGreaterThan(probability(returning, at(0.2)));
    expect(probability(overlapping, at(0.5))).toBeCloseTo(0.5, 1);
    expect(probability(overlapping, at(0.8))).toBeGreaterThan(0.8);
    expect(probability(present, at(0.3))).toBeGreaterThan(0.7);
    const points = Array.from({ length: 400 }, () => {
      const first = random.next();
      return {
        signals: { first, recent: first, likeness: 0.5 },
        distance: first > 0.4 ? 0.01 : first > 0.2 ? 0.3 : null,
      };
    });
    const model = calibratePoints(points);
    expect(probability(model, { first: 0.9, recent: 0.9, likeness: 0.5 })).toBeGreaterThan(0.9);
    expect(probability(model, { first: 0.1, recent: 0.1, likeness: 0.5 })).toBeLessThan(0.1);
  });
});

describe("observations of joints", () => {
  it("are distances in boxes", async () => {
    const annotations = join(root, "keypoints");
    await mkdir(annotations, { recursive: true });
    const frames = Array.from({ length: 12 }, (_, t) => ({
      file: `${String(t).padStart(5, "0")}.png`,
      joints: [
        [8 + 2 * t, 16],
        [24 + 2 * t, 32],
      ],
    }));
    const size = { width: WIDTH, height: HEIGHT };
    const joints = { sequence: "cat", ...size, convention: "pixels, 1-based", joint_names: ["a", "b"], frames };
    await writeFile(join(annotations, "cat.json"), JSON.stringify(joints));
    const observed = await observeJoints(
      { annotations, frames: join(root, "JPEGImages/480p"), sequences: ["cat"] },
      { ...setup, follower: () => new DirectMatching(), inputSize: null },
      { out: join(root, "joints"), identity: {} },
    );
    expect(observed).toHaveLength(22);
    expect(observed[0]).toMatchObject({ sequence: "cat", frame: 1, joint: "a" });
    expect(observed[0].distance).toBeLessThan(0.5);
    expect(observed[0].signals?.first).toBeGreaterThan(0);
  });
});

describe("benchmarks of cuts and cycles", () => {
  it("counts the frames that go on and the borders", async () => {
    const clips = ["cat", "dog", "cat"].map((name) => join(root, "JPEGImages/480p", name));
    const { within, borders, millisecondsPerFrame } = await countCuts(clips, { frames: 5 });
    expect(within).toHaveLength(3 * 4);
    expect(within.filter(({ cut }) => cut)).toEqual([]);
    expect(borders.map(({ frame, cut }) => [frame, cut])).toEqual([
      [0, true],
      [0, true],
    ]);
    expect(millisecondsPerFrame).toBeGreaterThan(0);
  });

  it("a row for each setting and sequence, kept", async () => {
    const protocol = resolveProtocol("default");
    const settings = [
      { name: "one", protocol, encoder: async () => encoder },
      { name: "top-1", protocol: resolveProtocol("default", { topK: 1 }), encoder: async () => encoder },
    ];
    const out = join(root, "cycle");
    const options = { settings, mode: modes.exact, frames: 5, grid: false, threads: 1, out, identity: {} };
    const rows = await runCycleBenchmark(benchmark(), options);
    expect(rows.map(({ setting, sequence }) => `${setting} ${sequence}`)).toEqual([
      "one cat",
      "one dog",
      "top-1 cat",
      "top-1 dog",
    ]);
    for (const { JF, cycle, confidence, grid } of rows) {
      for (const value of [JF, cycle, confidence]) expect(value).toBeGreaterThan(0.3);
      expect(grid).toBeNull();
    }
    expect(JSON.parse(await readFile(join(out, "one--cat.json"), "utf8"))).toEqual(rows[0]);
    expect(await runCycleBenchmark(benchmark(), options)).toEqual(rows);
  });
});
