/** @file The pictures that a run writes as it goes. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEncoderWeights } from "../../src/method/node/weightsFile.ts";
import { type TrainingConfigInput, trainingConfig } from "../../src/training/config.ts";
import { partsOf } from "../../src/training/runParts.ts";
import { writeSamples } from "../../src/training/samples.ts";
import { startTraining } from "../../src/training/trainer.ts";
import { makeImageFolder, temporaryFolder } from "./footage.ts";

let root: string;
beforeAll(async () => {
  root = await temporaryFolder();
});
afterAll(() => rm(root, { recursive: true }));

const small: TrainingConfigInput = { variant: "nano", size: 32, pairs: 2, radius: 2, gaps: [1], gapWeights: [1] };

/** Raw RGB of a picture file. */
async function read(path: string) {
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  /** `[size, size, 3]` of the panel in this row and column. */
  const panel = (row: number, column: number): number[] =>
    Array.from({ length: 32 * 32 * 3 }, (_, i) => {
      const [x, y] = [column * 32 + (Math.floor(i / 3) % 32), row * 32 + Math.floor(i / 96)];
      return data[3 * (y * info.width + x) + (i % 3)];
    });
  return { width: info.width, height: info.height, panel };
}

const colourful = (values: number[], x: number, y: number) => {
  const pixel = values.slice(3 * (y * 32 + x), 3 * (y * 32 + x) + 3);
  return Math.max(...pixel) - Math.min(...pixel) > 40;
};

test("value and motion stand behind the four usual panels, each over its own target", async () => {
  const config = trainingConfig({ ...small, steps: 1, valueExtraction: { enabled: true } });
  const area = 32 * 32;
  const frames = new Float32Array(4 * 3 * area).fill(0);
  const hidden = new Float32Array(4 * area);
  // 4 × 4 cells a target: the first target's cell (0, 0) is valuable, the second's cell (3, 3) moves.
  const value = Float32Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0));
  const moving = Float32Array.from({ length: 32 }, (_, i) => (i === 31 ? 1 : 0));
  const path = join(root, "panels.png");
  const batch = { frames, hidden, hiddenChannel: 1 as const, parts: { moving, shownStrength: new Float32Array(32) } };
  await writeSamples(path, batch, { reconstruction: new Float32Array(2 * area), value }, partsOf(config));
  const { width, height, panel } = await read(path);
  expect([width, height]).toEqual([6 * 32, 2 * 32]);
  expect(colourful(panel(0, 4), 2, 2)).toBe(true);
  expect(colourful(panel(0, 4), 29, 29)).toBe(false);
  expect(colourful(panel(1, 4), 2, 2)).toBe(false);
  expect(colourful(panel(1, 5), 29, 29)).toBe(true);
  expect(colourful(panel(0, 5), 29, 29)).toBe(false);
});

test("a run shows the same samples every time, and shows them without changing what it learns", async () => {
  const footage = await makeImageFolder(root, "clip", 8);
  const run = async (name: string, sampleMinutes: number) => {
    const config = trainingConfig({ ...small, steps: 2, sampleMinutes, motionEnhancement: { enabled: true } });
    const options = { folder: join(root, name), cache: join(root, "cache"), threads: 1 };
    return startTraining(config, [footage], options);
  };
  const often = await run("often", 1e-9);
  const names = (await readdir(join(root, "often", "samples"))).sort();
  expect(names).toEqual(["000001.png", "000002.png"]);
  const [first, last] = await Promise.all(names.map((name) => read(join(root, "often", "samples", name))));
  // Reference, target, rebuilt, error, motion.
  expect(first.width).toBe(5 * 32);
  for (const column of [0, 1, 4]) expect(last.panel(1, column)).toEqual(first.panel(1, column));
  expect(last.panel(1, 2)).not.toEqual(first.panel(1, 2));
  const seldom = await run("seldom", 60);
  expect(await sameFile(often.weights, seldom.weights)).toBe(true);
});

async function sameFile(a: string, b: string): Promise<boolean> {
  const [{ values: one }, { values: other }] = await Promise.all([a, b].map((path) => readEncoderWeights(path)));
  return [...one].every(([name, { data }]) =>
    Buffer.from(data.buffer).equals(Buffer.from(other.get(name)!.data.buffer)),
  );
}
