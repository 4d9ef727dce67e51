import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { z } from "zod";
import { trainingConfig, trainingConfigSchema } from "../../src/training/config.ts";
import { duration } from "../../src/core/duration.ts";
import { parts } from "../../src/training/parts/index.ts";
import { averageShare, learningRateAt, progress } from "../../src/training/schedule.ts";

describe("training configuration", () => {
  test("fills in MAST's recipe", () => {
    const config = trainingConfig({ steps: 10 });
    expect(config).toMatchObject({
      variant: "small",
      radius: 6,
      gaps: [2, 5, 8],
      gapWeights: [0.4, 0.4, 0.2],
      references: 1,
    });
    expect(config.crop).toEqual({ kind: "random", minArea: 0.4, maxAspect: 1.33, flip: true, colourJitter: 0 });
  });

  test.each([
    [{ steps: 10, learningRat: 1 }, /unknown key "learningRat", did you mean learningRate\?/],
    [{ steps: 10, crop: { kinds: "squash" } }, /unknown key "kinds", did you mean kind\?\n.*at crop/],
    [{ steps: 10, crop: { kind: "zoom" } }, /crop\.kind/],
    [{ steps: 10, pairs: 0 }, /pairs/],
    [{ steps: 10, size: 190 }, /size: 190 is no multiple of the stride 4/],
    [{ steps: 10, gaps: [1] }, /gapWeights: 3 weights for 1 gaps/],
    [{}, /steps, minutes: give one of both/],
    [{ steps: 10, minutes: 5 }, /steps, minutes: give one of both/],
    [{ steps: 10, pairs: 1, pseudoMotion: { enabled: true } }, /pseudoMotion\.pairs: 2 of only 1 pairs/],
    [{ steps: 10, pairs: 2, pseudoMotion: { enabled: true } }, /pseudoMotion\.pairs: all 2 pairs, none is left/],
    [
      { steps: 10, reconstruction: { enabled: false } },
      /reconstruction, cycleConsistency, pseudoMotion: none is enabled, nothing would be learned/,
    ],
  ])("rejects %o and names the key", (given, message) => {
    expect(() => trainingConfig(given)).toThrow(message);
  });
});

test("all pairs may be views where nothing else is learned", () => {
  const given = { steps: 1, pairs: 2, reconstruction: { enabled: false }, pseudoMotion: { enabled: true } };
  expect(trainingConfig(given).pseudoMotion.pairs).toBe(2);
});

test("keys are saved in one order, whatever the order they are given in", () => {
  const keys = Object.keys(trainingConfig({ pseudoMotion: {}, reconstruction: {}, seed: 2, steps: 1 }));
  expect(keys.slice(0, 2)).toEqual(["variant", "seed"]);
  expect(keys.slice(keys.indexOf("crop"), keys.indexOf("learningRate"))).toEqual([
    "crop",
    "reconstruction",
    "motionEstimator",
    "motionCamera",
    "motionEnhancement",
    "valueExtraction",
    "multiClusterSampler",
    "adaptiveFusion",
    "cycleConsistency",
    "pseudoMotion",
  ]);
});

describe("schedule", () => {
  test("progress follows steps or minutes", () => {
    expect(progress({ steps: 10, minutes: undefined }, { step: 5, minutes: 99 })).toBe(0.5);
    expect(progress({ steps: undefined, minutes: 4 }, { step: 5, minutes: 1 })).toBe(0.25);
    expect(progress({ steps: 10, minutes: undefined }, { step: 50, minutes: 0 })).toBe(1);
  });

  test("the learning rate warms up, then falls to 0 as a cosine", () => {
    const config = { learningRate: 2, warmUp: 0.1 };
    expect(learningRateAt(config, 0)).toBeLessThan(0.03);
    expect(learningRateAt(config, 0.1)).toBeCloseTo(2);
    expect(learningRateAt(config, 0.55)).toBeCloseTo(1);
    expect(learningRateAt(config, 1)).toBeCloseTo(0);
  });

  test("the average takes more of the first steps", () => {
    expect(averageShare(0.99, 1)).toBeCloseTo(10 / 11);
    expect(averageShare(0.99, 1e6)).toBeCloseTo(0.01);
  });

  test("durations read well", () => {
    expect([12, 100, 3900].map(duration)).toEqual(["12 s", "2 min", "1 h 05 min"]);
  });
});

describe("the schema of the configuration", () => {
  interface Json {
    readonly description?: string;
    readonly properties?: Readonly<Record<string, Json>>;
  }

  const undescribed = ({ properties = {} }: Json, path = ""): string[] =>
    Object.entries(properties).flatMap(([key, value]) => [
      ...((value.description ?? "") === "" && !parts.some((part) => part.key === key) ? [`${path}${key}`] : []),
      ...undescribed(value, `${path}${key}.`),
    ]);

  it("says what every key means", () => {
    expect(undescribed(z.toJSONSchema(trainingConfigSchema, { io: "input" }) as Json)).toEqual([]);
  });

  it("has all its keys in the table of the documentation", async () => {
    const page = await readFile(join(import.meta.dirname, "../../docs/training.md"), "utf8");
    const missing = Object.keys(trainingConfigSchema.shape).filter(
      (key) => !new RegExp(`\`${key}[\`.]`, "u").test(page),
    );
    expect(missing).toEqual([]);
  });
});
