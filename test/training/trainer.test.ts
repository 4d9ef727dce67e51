import { rmSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { Interrupted } from "../../src/core/errors.ts";
import { readEncoderWeights } from "../../src/method/node/weightsFile.ts";
import { openEncoder } from "../../src/method/node/openEncoder.ts";
import { readCheckpoint } from "../../src/training/checkpoint.ts";
import { type TrainingConfigInput, trainingConfig } from "../../src/training/config.ts";
import { readMetrics, RUN_FILES } from "../../src/training/runFiles.ts";
import { resumeTraining, startTraining } from "../../src/training/trainer.ts";
import { makeImageFolder, temporaryFolder } from "./footage.ts";

let root: string;
let footage: string;
beforeAll(async () => {
  root = await temporaryFolder();
  footage = await makeImageFolder(root, "clip", 12);
});

const config = (changes: TrainingConfigInput = {}) =>
  trainingConfig({
    steps: 6,
    variant: "nano",
    size: 32,
    pairs: 2,
    radius: 2,
    gaps: [1, 2],
    gapWeights: [1, 1],
    warmUp: 0,
    ...changes,
  });
const options = (name: string) => ({ folder: join(root, name), cache: join(root, "cache"), threads: 1 });
const weightsOf = (name: string) => readFile(join(root, name, RUN_FILES.weights));

const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;

describe("training", () => {
  test("the loss falls, and the folder tells what happened", async () => {
    const result = await startTraining(
      config({ steps: 40, learningRate: 3e-3, similarity: "cosine", crop: { kind: "squash" } }),
      [footage],
      options("whole"),
    );
    expect(result).toMatchObject({ finished: true, step: 40 });
    const losses = (await readMetrics(join(root, "whole"))).map((row) => row.loss);
    expect(mean(losses.slice(-10))).toBeLessThan(0.8 * mean(losses.slice(0, 10)));
    const files = await readdir(join(root, "whole"));
    expect(files).toEqual(
      expect.arrayContaining([
        "config.json",
        "metrics.jsonl",
        "weights.safetensors",
        "curves.svg",
        "curves.png",
        "checkpoint.bin",
      ]),
    );
    expect(await readdir(join(root, "whole", "samples"))).toContain("000040.png");
    const record = JSON.parse(await readFile(join(root, "whole", "config.json"), "utf8"));
    expect(record).toMatchObject({ config: { variant: "nano", seed: 1 }, footage: [footage] });
    await using encoder = await openEncoder({ weights: result.weights, threads: 1 });
    const features = await encoder.encode({ width: 33, height: 17, data: new Uint8Array(33 * 17 * 3).fill(90) });
    expect([features.channels, features.height, features.width]).toEqual([32, 3, 5]);
    expect(features.data.every(Number.isFinite)).toBe(true);
  });

  test("stopped and resumed, it ends with the very same weights", async () => {
    await startTraining(config(), [footage], options("straight"));
    const controller = new AbortController();
    const logger = {
      info() {},
      warn() {},
      progress: (line: string) => line.startsWith("step 3 ") && controller.abort(),
    };
    const stopped = await startTraining(config(), [footage], {
      ...options("stopped"),
      logger,
      signal: controller.signal,
    });
    expect(stopped).toMatchObject({ finished: false, step: 3 });
    const resumed = await resumeTraining(options("stopped"));
    expect(resumed).toMatchObject({ finished: true, step: 6 });
    const checkpoints = await Promise.all(
      ["straight", "stopped"].map((name) => readFile(join(root, name, RUN_FILES.checkpoint))),
    );
    // The headers differ in the minutes; the arrays behind them may not.
    const arrays = checkpoints.map((bytes) => bytes.subarray(bytes.indexOf("\n", bytes.indexOf("\n") + 1)));
    expect(arrays[0].equals(arrays[1])).toBe(true);
    expect((await readMetrics(join(root, "stopped"))).map((row) => row.step)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  const allParts = {
    references: 2,
    motionEnhancement: { enabled: true },
    valueExtraction: { enabled: true },
    multiClusterSampler: { enabled: true, clusters: 4, windowCentres: true },
    adaptiveFusion: { enabled: true },
    cycleConsistency: { enabled: true, patch: 1 },
    pseudoMotion: { enabled: true, pairs: 1, queries: 8, projector: 8, anchors: 2, ignored: 1 },
  } as const;

  test("with every part on: all losses are numbers, alpha and sigma are learned and kept with the weights", async () => {
    const result = await startTraining(config({ ...allParts, pairs: 3 }), [footage], options("parts"));
    const rows = await readMetrics(join(root, "parts"));
    const names = ["cycle", "pseudoMotion", "reconstruction", "region", "weighted"];
    expect(rows.map(({ parts }) => Object.keys(parts ?? {}).toSorted())).toEqual(rows.map(() => names));
    expect(rows.every(({ parts }) => Object.values(parts ?? {}).every(Number.isFinite))).toBe(true);
    const learned = rows.at(-1)?.learned ?? {};
    expect(learned["motion.alpha"].some((alpha) => alpha !== 0)).toBe(true);
    expect(learned["fusion.sigma"]).toHaveLength(5);
    const { values } = await readEncoderWeights(result.weights);
    expect(values.get("motion.alpha")?.data).toHaveLength(3);
    expect(values.has("value.conv2.weight")).toBe(true);
    expect(values.get("projector.conv1.weight")?.shape).toEqual([8, 32, 1, 1]);
    await using encoder = await openEncoder({ weights: result.weights, threads: 1 });
    expect(encoder.channels).toBe(32);
  });

  test("with every part on, stopped and resumed ends with the very same weights", async () => {
    const given = config({ ...allParts, pairs: 3, steps: 3 });
    await startTraining(given, [footage], options("parts-straight"));
    const controller = new AbortController();
    const progress = (line: string) => line.startsWith("step 1 ") && controller.abort();
    const logger = { info() {}, warn() {}, progress };
    await startTraining(given, [footage], { ...options("parts-stopped"), logger, signal: controller.signal });
    await resumeTraining(options("parts-stopped"));
    const weights = ["parts-straight", "parts-stopped"].map((name) =>
      readEncoderWeights(join(root, name, RUN_FILES.weights)),
    );
    const [a, b] = await Promise.all(weights);
    expect(a.values).toEqual(b.values);
  });

  test("a still clip gives no motion, and nothing that is no number", async () => {
    const still = await makeImageFolder(root, "still", 6, { moving: false });
    await startTraining(config({ ...allParts, references: 1, pairs: 2, steps: 2 }), [still], options("still"));
    expect((await readMetrics(join(root, "still"))).every(({ loss }) => Number.isFinite(loss))).toBe(true);
  });

  test("begins with given weights", async () => {
    const init = join(root, "straight", RUN_FILES.weights);
    await startTraining(config({ init, steps: 1, learningRate: 1e-12 }), [footage], options("begun"));
    const [a, b] = await Promise.all([
      readEncoderWeights(init),
      readEncoderWeights(join(root, "begun", RUN_FILES.weights)),
    ]);
    expect(b.values.get("conv1.weight")?.data[5]).toBeCloseTo(a.values.get("conv1.weight")?.data[5] ?? NaN, 6);
  });

  test("several references train as well", async () => {
    const result = await startTraining(config({ references: 2, steps: 2 }), [footage], options("references"));
    expect(result.finished).toBe(true);
  });

  test("an exploding loss stops with the cause and the last good state", async () => {
    const run = startTraining(config({ learningRate: 1e25, steps: 50, clipNorm: 1e9 }), [footage], options("exploded"));
    await expect(run).rejects.toThrow(/training broke at step \d+.*smaller learning rate/s);
    expect((await weightsOf("exploded")).length).toBeGreaterThan(1000);
  });

  test("a folder in use and a folder without a run are clear errors", async () => {
    await expect(startTraining(config(), [footage], options("straight"))).rejects.toThrow(/already holds a run/);
    await expect(resumeTraining(options("nowhere"))).rejects.toThrow(/holds no run to resume/);
  });

  test("the score decides which weights are the best", async () => {
    const scores = [0.5, 0.9, 0.1];
    let asked = 0;
    await startTraining(config({ steps: 3, sampleMinutes: 1e-9 }), [footage], {
      ...options("scored"),
      score: async () => scores[asked++],
    });
    const rows = await readMetrics(join(root, "scored"));
    expect(rows.map((row) => row.score)).toEqual(scores);
    const best = (await readFile(join(root, "scored", RUN_FILES.best))).toString("latin1");
    expect(best).toContain('"step":"2"');
  });

  test("a resumed run does not take a worse score for the best", async () => {
    const controller = new AbortController();
    const settings = { steps: 3, sampleMinutes: 1e-9 };
    await startTraining(config(settings), [footage], {
      ...options("rescored"),
      signal: controller.signal,
      score: async () => {
        controller.abort();
        return 0.9;
      },
    });
    await resumeTraining({ ...options("rescored"), score: async () => 0.1 });
    const best = (await readFile(join(root, "rescored", RUN_FILES.best))).toString("latin1");
    expect(best).toContain('"step":"1"');
  });

  test("stopped while a score is being taken, it is saved as always", async () => {
    const controller = new AbortController();
    const result = await startTraining(config({ steps: 3 }), [footage], {
      ...options("unscored"),
      signal: controller.signal,
      score: async () => {
        controller.abort();
        throw new Interrupted("enough");
      },
    });
    expect(result).toMatchObject({ finished: false, step: 1 });
    expect((await readMetrics(join(root, "unscored"))).map(({ step, score }) => [step, score])).toEqual([
      [1, undefined],
    ]);
  });

  test("what fails in the middle does not lose the steps before", async () => {
    const cache = join(root, "fleeting");
    const logger = {
      info() {},
      warn() {},
      progress: (line: string) => line.startsWith("step 2 ") && rmSync(cache, { recursive: true, force: true }),
    };
    const run = startTraining(config({ steps: 50 }), [footage], { ...options("broken"), cache, logger });
    await expect(run).rejects.toThrow(/cannot read .*decoded frames/);
    const { step, smoothedLoss } = await readCheckpoint(join(root, "broken", RUN_FILES.checkpoint));
    expect(step).toBeGreaterThanOrEqual(2);
    expect(smoothedLoss).toBeGreaterThan(0);
    expect((await weightsOf("broken")).length).toBeGreaterThan(1000);
  });

  test("bad footage leaves no run folder behind, so the same command can be tried again", async () => {
    await expect(startTraining(config(), [join(root, "none")], options("retried"))).rejects.toThrow(/does not exist/);
    await expect(readdir(join(root, "retried"))).rejects.toThrow(/ENOENT/);
  });

  test("a run can be resumed from its very first moment", async () => {
    const controller = new AbortController();
    controller.abort();
    const signal = { ...controller.signal, aborted: true, throwIfAborted() {} } as AbortSignal;
    const stopped = await startTraining(config({ steps: 1 }), [footage], { ...options("early"), signal });
    expect(stopped).toMatchObject({ finished: false, step: 0 });
    expect(await resumeTraining(options("early"))).toMatchObject({ finished: true, step: 1 });
  });
});
