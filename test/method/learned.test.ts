/** @file Notes of weights: what is wrong is said, what is missing has the defaults of training, old files read as they always did. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { averagedNotes, type Notes, readLearned, trainedNotes, untrainedNotes } from "../../src/method/learned.ts";
import { samplerDefaults } from "../../src/method/multiClusterSampler.ts";
import { openEncoder } from "../../src/method/node/openEncoder.ts";
import { DEFAULT_WEIGHTS, readEncoderWeights } from "../../src/method/node/weightsFile.ts";
import { trainingConfig } from "../../src/training/config.ts";
import { loadWeights } from "../../src/weights/load.ts";
import { writeSafetensors } from "../../src/weights/safetensors.ts";
import { temporaryFolder } from "../training/footage.ts";

const NANO = fileURLToPath(new URL("../../weights/nano.safetensors", import.meta.url));
const config = (keys: object): Notes => ({ config: JSON.stringify(keys) });

describe("a wrong note is the user's error", () => {
  const wrong: [string, Notes, string, unknown][] = [
    ["an estimator that there is not", { motionEstimator: "flows" }, "motionEstimator", "flows"],
    ["an empty estimator", { motionEstimator: "" }, "motionEstimator", ""],
    ["a camera", { motionCamera: "shaky" }, "motionCamera", "shaky"],
    ["an encoding", { motionEncoding: "Field" }, "motionEncoding", "Field"],
    ["steps", { step: "many" }, "step", "many"],
    ["half a step", { step: "1.5" }, "step", "1.5"],
    ["minutes", { minutes: "-1" }, "minutes", "-1"],
    ["a share", { averagedShare: "2" }, "averagedShare", "2"],
    ["a configuration that is no JSON", { config: "{radius: 6" }, "config", "{radius: 6"],
    ["a configuration that is no object", { config: "6" }, "config", "6"],
    ["no configuration", { config: "" }, "config", ""],
    ["a window without cells", config({ radius: 0 }), "config.radius", 0],
    ["text in place of a number", config({ radius: "6" }), "config.radius", "6"],
    ["a similarity", config({ similarity: "dot" }), "config.similarity", "dot"],
    ["a temperature", config({ temperature: 0 }), "config.temperature", 0],
    ["a number that JSON has no way to write", config({ temperature: Number.NaN }), "config.temperature", null],
    ["an estimator in the configuration", config({ motionEstimator: 3 }), "config.motionEstimator", 3],
    [
      "more clusters than a byte can name",
      config({ multiClusterSampler: { clusters: 300 } }),
      "config.multiClusterSampler.clusters",
      300,
    ],
  ];
  test.each(wrong)("%s", (_, notes, name, got) => {
    const read = (): unknown => readLearned(notes, "line.safetensors");
    const what = `line.safetensors, what its weights were learned with: ${name}`;
    const parts = expect.objectContaining({ what, got: JSON.stringify(got) });
    expect(read).toThrow(expect.objectContaining({ code: "weights/notes", parts }));
  });

  test("the message lists what there is, or says what to do", () => {
    expect(() => readLearned({ motionEstimator: "flows" })).toThrow(
      'the notes in memory, what its weights were learned with: motionEstimator: got "flows", expected one of flow, difference; did you mean flow?',
    );
    expect(() => readLearned({ config: "{" }, "a.safetensors")).toThrow(
      'a.safetensors, what its weights were learned with: config: got "{", expected JSON; ' +
        "correct the note in the file's metadata, or remove it to use the default",
    );
  });

  test("it is found when the file is read, and when weights in memory are opened", async () => {
    const path = join(await temporaryFolder(), "wrong.safetensors");
    const metadata = { variant: "nano", motionCamera: "shaky" };
    await writeSafetensors(path, new Map(untrainedWeights("nano").values), { metadata });
    await expect(readEncoderWeights(path)).rejects.toThrow(`${path}, what its weights were learned with: motionCamera`);
    const { values } = untrainedWeights("nano");
    const moving = new Map([...values, ["motion.alpha", { shape: [3], data: Float32Array.of(1, 0, 0) }] as const]);
    const weights = { variant: "nano", values: moving, metadata } as const;
    await expect(openEncoder({ weights })).rejects.toThrow("learned with: motionCamera");
  });
});

describe("what is missing", () => {
  const defaults = {
    variant: undefined,
    recipe: undefined,
    steps: undefined,
    minutes: undefined,
    averagedShare: undefined,
    motion: { estimator: "flow", camera: "estimate", encoding: "field" },
    radius: 6,
    similarity: "scaledDot",
    temperature: 0.07,
    sampler: { enabled: false, clusters: 12, windowCentres: false },
  };

  test("no notes at all: the defaults, which are those of training and of the sampler", () => {
    expect(readLearned({})).toEqual(defaults);
    const { radius, similarity, temperature, multiClusterSampler, ...trained } = trainingConfig({ steps: 1 });
    expect({ radius, similarity, temperature }).toEqual({ radius: 6, similarity: "scaledDot", temperature: 0.07 });
    expect(multiClusterSampler).toEqual(defaults.sampler);
    expect(samplerDefaults.clusters).toBe(defaults.sampler.clusters);
    expect([trained.motionEstimator, trained.motionCamera, trained.motionEnhancement.encoding]).toEqual(
      Object.values(defaults.motion),
    );
  });

  test("notes and keys that nobody reads are let be", () => {
    expect(readLearned({ author: "me", ...config({ init: "a.safetensors", pairs: "many" }) })).toEqual(defaults);
  });

  test("a file in a format that is not ours: only its variant counts", () => {
    const foreign = { format: "pt", variant: "nano", config: "resnet18.yaml", step: "last", motionEstimator: "raft" };
    expect(readLearned(foreign)).toEqual({ ...defaults, variant: "nano" });
  });

  test("notes of their own count before the configuration, which is all that older files have", () => {
    const old = config({
      motionEstimator: "difference",
      motionCamera: "still",
      motionEnhancement: { encoding: "magnitude" },
    });
    expect(readLearned(old).motion).toEqual({ estimator: "difference", camera: "still", encoding: "magnitude" });
    expect(readLearned({ ...old, motionEstimator: "flow", motionCamera: "auto" }).motion).toEqual({
      estimator: "flow",
      camera: "auto",
      encoding: "magnitude",
    });
  });
});

describe("files", () => {
  test("those of the package", async () => {
    const usual = readLearned((await readEncoderWeights(DEFAULT_WEIGHTS)).metadata);
    expect(usual).toMatchObject({ variant: "small", steps: 1761, minutes: 66, averagedShare: 0.3, radius: 6 });
    expect(usual).toMatchObject({ similarity: "cosine", temperature: 0.05, sampler: { enabled: false } });
    const nano = readLearned((await readEncoderWeights(NANO)).metadata);
    expect(nano).toMatchObject({ variant: "nano", steps: 300, minutes: 2.2, averagedShare: undefined });
    expect(nano.motion).toEqual({ estimator: "flow", camera: "estimate", encoding: "field" });
  });

  test("a PyTorch checkpoint has no notes", async () => {
    const { metadata } = await loadWeights(fileURLToPath(new URL("../media/crw-layout.pth", import.meta.url)));
    expect(readLearned(metadata)).toEqual(readLearned({}));
  });

  test("a note of the variant must fit the one that is asked for, and be one that there is", async () => {
    const path = join(await temporaryFolder(), "nano.safetensors");
    const write = (variant: string) =>
      writeSafetensors(path, new Map(untrainedWeights("nano").values), { metadata: { variant } });
    await write("nano");
    await expect(readEncoderWeights(path, "small")).rejects.toThrow(/got nano, expected small; use --variant nano/u);
    await write("giant");
    await expect(readEncoderWeights(path)).rejects.toThrow(/unknown encoder variant "giant"/u);
  });
});

describe("notes that are written", () => {
  const run = trainingConfig({
    variant: "nano",
    steps: 20,
    radius: 4,
    similarity: "cosine",
    motionEstimator: "difference",
    motionCamera: "auto",
    motionEnhancement: { enabled: true, encoding: "magnitude" },
    multiClusterSampler: { enabled: true, clusters: 5, windowCentres: true },
  });

  test("of a run: today's keys, all text, the whole configuration", () => {
    const notes = trainedNotes(run, { step: 20, minutes: 1.26 });
    const { config: text, ...rest } = notes;
    expect(rest).toEqual({
      variant: "nano",
      format: "tsumugi",
      motionEstimator: "difference",
      motionCamera: "auto",
      motionEncoding: "magnitude",
      step: "20",
      minutes: "1.3",
    });
    expect(JSON.parse(text)).toEqual(run);
    expect(readLearned(notes)).toMatchObject({
      variant: "nano",
      steps: 20,
      minutes: 1.3,
      motion: { estimator: "difference", camera: "auto", encoding: "magnitude" },
      radius: 4,
      similarity: "cosine",
      sampler: { enabled: true, clusters: 5, windowCentres: true },
    });
  });

  test("of an average: the first's, and share and configuration of the second", () => {
    const [first, second] = [trainedNotes(run, { step: 2, minutes: 0 }), config({ radius: 3 })];
    const notes = averagedNotes(first, second, 0.25);
    expect(notes).toEqual({ ...first, averagedShare: "0.25", averagedConfig: '{"radius":3}' });
    expect(readLearned(notes)).toMatchObject({ averagedShare: 0.25, radius: 4 });
    expect(averagedNotes(first, {}, 1)["averagedConfig"]).toBe("");
  });

  test("of random weights: their recipe", () => {
    expect(untrainedNotes("crw", 7)).toEqual({ variant: "crw", recipe: "untrained, seed 7" });
    expect(readLearned(untrainedWeights("small", 3).metadata)).toMatchObject({
      variant: "small",
      recipe: "untrained, seed 3",
    });
  });
});
