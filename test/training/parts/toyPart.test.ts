/**
 * @file A part that nobody has written yet: one object, put at the end of the list, has its block in the configuration, its
 * inputs in the batch, its loss and parameter in the step, its numbers in the metrics and its column in the samples.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { silent } from "../../../src/core/log.ts";
import { input, mean, mul, reshape, square, sub, type Tensor } from "../../../src/tensor/index.ts";
import { BatchSampler } from "../../../src/training/batches.ts";
import { cacheClips, type ClipSegment } from "../../../src/training/clipCache.ts";
import { configOf, type TrainingConfig } from "../../../src/training/config.ts";
import { firstCheckpoint } from "../../../src/training/firstCheckpoint.ts";
import { parts } from "../../../src/training/parts/index.ts";
import { fed, inARow, type Inputs } from "../../../src/training/parts/inputs.ts";
import { definePart } from "../../../src/training/parts/part.ts";
import { cellShape } from "../../../src/training/parts/plan.ts";
import { partsOf } from "../../../src/training/runParts.ts";
import { writeSamples } from "../../../src/training/samples.ts";
import { buildStep } from "../../../src/training/step.ts";
import { StepRunner } from "../../../src/training/stepRunner.ts";
import { makeImageFolder, temporaryFolder } from "../footage.ts";

const guess = (parameters: ReadonlyMap<string, Tensor>, features: Tensor): Tensor =>
  mul(mean(features, [1], true), reshape(parameters.get("lightness.gain") as Tensor, [1, 1, 1, 1]));

/** The mean feature of a cell, times a learned number, is to be the cell's lightness. */
const lightness = definePart({
  key: "lightness",
  schema: z.strictObject({
    enabled: z.boolean().default(false),
    weight: z.number().gt(0).default(0.1),
  }),
  teaches: true,
  on(own, { plan, settings }) {
    const inputs: Inputs<"cellLightness"> = { cellLightness: { shape: cellShape(plan) } };
    return {
      parameters: () => [{ name: "lightness.gain", shape: [1] }],
      noted: ["lightness.gain"],
      inputs,
      // A part may read files beside the pictures, so its feeds may come later.
      async feeds({ pairs }) {
        const firstPixels = pairs.map(({ labs: [target] }) =>
          Float32Array.from({ length: plan.cells ** 2 }, (_, i) => {
            const [column, row] = [i % plan.cells, Math.floor(i / plan.cells)];
            return target[row * plan.stride * settings.size + column * plan.stride];
          }),
        );
        return Promise.resolve({ cellLightness: inARow(firstPixels) });
      },
      terms: [
        {
          name: "lightness",
          role: "minimised",
          factor: own.weight,
          loss: (scene) =>
            mean(square(sub(guess(scene.parameters, scene.frame(scene.features, 0)), fed(inputs, "cellLightness")))),
        },
      ],
      shown: (scene) => ({ lightness: guess(scene.parameters, scene.frame(scene.features, 0)) }),
      heat: (outputs) => ({ values: outputs["lightness"], first: 0, side: plan.cells }),
    };
  },
});
const list = [...parts, lightness] as const;

let root: string;
let segments: ClipSegment[];
beforeAll(async () => {
  root = await temporaryFolder();
  const clip = await makeImageFolder(root, "clip", 12);
  segments = await cacheClips([clip], { folder: join(root, "cache"), side: 64, maxFrames: 400, logger: silent });
});
afterAll(() => rm(root, { recursive: true }));

const small = { steps: 3, variant: "nano", size: 32, pairs: 2, radius: 2, gaps: [1], gapWeights: [1], warmUp: 0 };
const config = (given: object = {}) => configOf({ ...small, lightness: { enabled: true }, ...given }, list);

describe("configuration", () => {
  test("its block is checked like any other", () => {
    expect(() => config({ lightness: { enabled: true, wait: 1 } })).toThrow(/lightness/);
    expect(() => config({ lightness: { weight: 0 } })).toThrow(/lightness\.weight/);
    expect(() => configOf({ ...small, lightness: {} }, parts)).toThrow(/lightness/);
  });

  test("a run without any loss names it among those that could be switched on", () => {
    expect(() => config({ reconstruction: { enabled: false }, lightness: {} })).toThrow(
      /reconstruction, cycleConsistency, pseudoMotion, lightness: none is enabled/,
    );
    expect(config({ reconstruction: { enabled: false } }).lightness).toEqual({ enabled: true, weight: 0.1 });
  });

  test("its block stands behind those of the other parts", () => {
    const keys = Object.keys(config());
    expect(keys.indexOf("lightness")).toBe(keys.indexOf("pseudoMotion") + 1);
    expect(keys.filter((key) => key !== "lightness")).toEqual(Object.keys(configOf(small, parts)));
  });
});

/** Three steps. */
async function trained(given: object) {
  const settings: TrainingConfig = config(given);
  const run = partsOf(settings, list);
  const graph = buildStep(settings, run);
  await using sampler = new BatchSampler(segments, settings, run);
  await using runner = await StepRunner.open(settings, run, graph, { threads: 1 });
  let now = await firstCheckpoint(settings, graph, run);
  const outcomes = [];
  for (let i = 1; i <= 3; i++) {
    const outcome = await runner.step(now, await sampler.batch(i));
    outcomes.push(outcome);
    now = { step: i, minutes: i, state: outcome.state };
  }
  const batch = await sampler.batch(1);
  return { run, outcomes, batch, preview: await runner.preview(now, batch) };
}

describe("a run", () => {
  test("has its loss beside the others, by its factor", async () => {
    const { outcomes } = await trained({});
    for (const { loss, losses } of outcomes) {
      expect(Object.keys(losses)).toEqual(["reconstruction", "lightness"]);
      expect(loss).toBeCloseTo(losses["reconstruction"] + 0.1 * losses["lightness"], 5);
    }
  });

  test("learns and notes its parameter, also where it is the only loss", async () => {
    const { outcomes } = await trained({ reconstruction: { enabled: false } });
    expect(outcomes.map(({ losses }) => Object.keys(losses))).toEqual([["lightness"], ["lightness"], ["lightness"]]);
    const gains = outcomes.map(({ learned }) => learned["lightness.gain"][0]);
    expect(new Set(gains).size).toBe(3);
  });

  test("fuses it with a learned weight of its own", async () => {
    const fused = { adaptiveFusion: { enabled: true, importance: false, regionConsistency: false } };
    const { outcomes } = await trained(fused);
    expect(outcomes.at(-1)?.learned["fusion.sigma"]).toHaveLength(2);
  });

  test("draws its column behind the usual four", async () => {
    const { run, batch, preview } = await trained({});
    const path = join(root, "samples.png");
    await writeSamples(path, batch, { ...preview, reconstruction: preview["reconstruction"] }, run);
    expect(await sharp(path).metadata()).toMatchObject({ width: 5 * 32, height: 2 * 32 });
  });

  test("draws the same random numbers for the other parts as without it", async () => {
    const mee = { motionEnhancement: { enabled: true } };
    const without = configOf({ ...small, ...mee }, parts);
    await using plain = new BatchSampler(segments, without);
    const { batch } = await trained(mee);
    expect((await plain.batch(1)).parts["motion"]).toEqual(batch.parts["motion"]);
  });
});

test("an input that is declared but not fed is a clear error", async () => {
  const hungry = definePart({
    key: "lightness",
    schema: lightness.schema,
    on: () => ({
      terms: [{ name: "hungry", role: "minimised", loss: () => mean(input("nothing", [1])) }],
    }),
  });
  const given: TrainingConfig = config();
  const run = partsOf(given, [...parts, hungry]);
  const graph = buildStep(given, run);
  await using sampler = new BatchSampler(segments, given, run);
  await using runner = await StepRunner.open(given, run, graph, { threads: 1 });
  const start = await firstCheckpoint(given, graph, run);
  await expect(runner.step(start, await sampler.batch(1))).rejects.toThrow(/the input nothing is missing/);
});
