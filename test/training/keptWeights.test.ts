/** @file The weights that a run keeps: averages, and statistics measured for them where that can be done. */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { silent } from "../../src/core/log.ts";
import { readEncoderWeights } from "../../src/method/node/weightsFile.ts";
import type { Checkpoint } from "../../src/training/checkpoint.ts";
import { trainingConfig } from "../../src/training/config.ts";
import { firstCheckpoint } from "../../src/training/firstCheckpoint.ts";
import { KeptWeights, writeWeights } from "../../src/training/keptWeights.ts";
import { buildStep } from "../../src/training/step.ts";
import { temporaryFolder } from "./footage.ts";

const config = trainingConfig({ steps: 4, variant: "nano", size: 32, pairs: 1 });
const graph = buildStep(config);
let start: Checkpoint;
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  const { state } = await firstCheckpoint(config, graph);
  start = { step: 3, minutes: 1.26, state: { ...state, average: state.average.map((value) => value + 1) } };
});
afterAll(() => rm(folder, { recursive: true }));

test("where the statistics cannot be measured, the running ones are kept, with a warning", async () => {
  const warnings: string[] = [];
  const logger = { ...silent, warn: (text: string) => void warnings.push(text) };
  const broken = { of: async (): Promise<Float32Array> => Promise.reject(new Error("the footage is gone")) };
  const { values } = await new KeptWeights(config, graph, broken, logger).of(start);
  expect(warnings).toEqual([
    "batch-norm statistics could not be measured, the running ones are kept: the footage is gone",
  ]);
  const running = graph.statisticsLayout.unpack(start.state.statistics);
  expect(values.get("bn1.running_var")).toEqual(running.get("bn1.running_var"));
});

test("a place that cannot be written is the user's error", async () => {
  const statistics = { of: async () => start.state.statistics };
  const weights = await new KeptWeights(config, graph, statistics, silent).of(start);
  await writeFile(join(folder, "taken"), "no folder");
  await expect(writeWeights(join(folder, "taken", "weights.safetensors"), weights)).rejects.toThrow(/cannot write/);
});

test("the averages are kept with the statistics measured for them, and with what they were learned with", async () => {
  const asked: Float32Array[] = [];
  const statistics = {
    async of(parameters: Float32Array) {
      asked.push(parameters);
      return start.state.statistics.map(() => 7);
    },
  };
  const path = join(folder, "weights.safetensors");
  await writeWeights(path, await new KeptWeights(config, graph, statistics, silent).of(start));
  const { values, metadata } = await readEncoderWeights(path);
  expect(asked).toEqual([start.state.average]);
  expect(values.get("bn1.running_mean")?.data.every((value) => value === 7)).toBe(true);
  expect(values.get("conv1.weight")).toEqual(graph.parameterLayout.unpack(start.state.average).get("conv1.weight"));
  expect(metadata).toMatchObject({ variant: "nano", step: "3", minutes: "1.3", config: JSON.stringify(config) });
});
