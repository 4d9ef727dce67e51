/** @file Where runs begin: default weights, random ones, or those of a file. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { readLearned } from "../../src/method/learned.ts";
import { DEFAULT_WEIGHTS, readEncoderWeights } from "../../src/method/node/weightsFile.ts";
import { trainTask } from "../../src/tasks/train.ts";
import { type TrainingConfigInput, trainingConfig } from "../../src/training/config.ts";
import { firstCheckpoint, startOf } from "../../src/training/firstCheckpoint.ts";
import { buildStep } from "../../src/training/step.ts";
import { partsOf } from "../../src/training/runParts.ts";
import { writeSafetensors } from "../../src/weights/safetensors.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsumugi-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Values of the parameters that a run begins with, by name. */
async function start(given: TrainingConfigInput) {
  const config = trainingConfig({ steps: 1, ...given });
  const run = partsOf(config);
  const graph = buildStep(config, run);
  const { state } = await firstCheckpoint(config, graph, run);
  return graph.parameterLayout.unpack(state.parameters);
}

const FIRST = "conv1.weight";
const dataOf = (values: ReadonlyMap<string, { readonly data: ArrayLike<number> }>, name: string) =>
  Array.from(values.get(name)?.data ?? []);

describe("init", () => {
  test("default: refused where the encoder is another one, with the way out", async () => {
    await expect(start({ init: "default", variant: "nano" })).rejects.toMatchObject({
      code: "training/init",
      message: expect.stringMatching(/got variant nano, expected small; say --init none/),
    });
  });

  test("a file of another variant is refused as before", async () => {
    const path = join(folder, "nano.safetensors");
    await writeSafetensors(path, new Map(untrainedWeights("nano").values), { metadata: { variant: "nano" } });
    await expect(start({ init: path })).rejects.toMatchObject({ code: "weights/mismatch" });
    expect(dataOf(await start({ init: path, variant: "nano" }), FIRST)).toEqual(
      dataOf(untrainedWeights("nano").values, FIRST),
    );
  });

  test("default: the weights of the package; parameters that they lack start as they would without them", async () => {
    const { values } = await readEncoderWeights(DEFAULT_WEIGHTS);
    const parts = { motionEnhancement: { enabled: true } };
    const begun = await start({ init: "default", ...parts });
    const random = await start({ init: "none", ...parts });
    expect(dataOf(begun, FIRST)).toEqual(dataOf(values, FIRST));
    expect(values.has("motion.alpha")).toBe(false);
    expect(dataOf(begun, "motion.alpha")).toEqual(dataOf(random, "motion.alpha"));
  });

  test("none, and a configuration without it: seeded random weights", async () => {
    const random = await start({ init: "none" });
    expect(dataOf(random, FIRST)).toEqual(dataOf(await start({}), FIRST));
    expect(dataOf(random, FIRST)).not.toEqual(dataOf(await start({ seed: 2 }), FIRST));
  });

  test("is told in words", () => {
    expect(startOf({})).toBe("random weights");
    expect(startOf({ init: "none" })).toBe("random weights");
    expect(startOf({ init: "default" })).toBe("the default weights (--init none: random ones)");
    expect(startOf({ init: "a.safetensors" })).toBe("the weights a.safetensors");
  });
});

const compared = ({ similarity, temperature }: TrainingConfigInput) => ({ similarity, temperature });

describe("how features are compared", () => {
  test("from the default weights: as their notes say", async () => {
    const { metadata } = await readEncoderWeights(DEFAULT_WEIGHTS);
    const { similarity, temperature } = readLearned(metadata, DEFAULT_WEIGHTS);
    expect(compared(trainingConfig({ steps: 1, init: "default" }))).toEqual({ similarity, temperature });
  });

  test("as the configuration says, where it says it, and at random starts", () => {
    const own = { steps: 1, init: "default", similarity: "scaledDot" } as const;
    expect(trainingConfig(own).similarity).toBe("scaledDot");
    expect(trainingConfig({ steps: 1 }).similarity).toBe("scaledDot");
    expect(trainingConfig({ steps: 1, init: "none" }).similarity).toBe("scaledDot");
  });
});

const initOf = (config: object) => trainTask.parse({ footage: ["a"], out: "o", config: { steps: 1, ...config } });

describe("the task train", () => {
  test("starts from the default weights unless told otherwise", () => {
    expect(initOf({}).config).toMatchObject({ init: "default", similarity: "cosine", learningRate: 1e-4 });
    expect(initOf({ learningRate: 0.01 }).config).toMatchObject({ init: "default", learningRate: 0.01 });
    const random = { init: "none", similarity: "scaledDot", learningRate: 1e-3 };
    expect(initOf({ init: "none" }).config).toMatchObject(random);
    expect(initOf({ init: "a.safetensors" }).config.init).toBe("a.safetensors");
  });
});
