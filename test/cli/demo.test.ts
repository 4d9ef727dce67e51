import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DemoResult, runDemo } from "../../src/cli/demo.ts";
import { openEncoder } from "../../src/method/encoderSession.ts";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { renderProductionLine } from "../../src/synthetic/productionLine.ts";
import { readMaskPng } from "../../src/video/maskPng.ts";

let out: string;
let result: DemoResult;
const clip = { width: 160, height: 90, frames: 20, seed: 3 };

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "tsumugi-demo-"));
  await using encoder = await openEncoder({ weights: untrainedWeights("small"), threads: 1 });
  result = await runDemo({ out, clip, encoder, threads: 1 });
});
afterAll(() => rm(out, { recursive: true }));

it("leaves every picture where it says", async () => {
  const names = Array.from({ length: 20 }, (_, i) => String(i).padStart(5, "0"));
  expect(await readdir(join(out, "clip"))).toEqual(names.map((name) => `${name}.jpg`));
  for (const folder of ["truth", "masks"])
    expect(await readdir(join(out, folder))).toEqual(names.map((name) => `${name}.png`));
  const { width, height } = await sharp(result.paths.sheet).metadata();
  expect([width, height]).toEqual([3 * 160 + 2 * 6, 2 * 90 + 6]);
  expect((await readdir(out)).filter((name) => name.startsWith("overlay"))).toHaveLength(1);
});

it("the first mask and the truth are the renderer's labels", async () => {
  const labels = [...renderProductionLine(clip)].map((frame) => frame.labels);
  expect(await readMaskPng(result.paths.first)).toEqual(labels[0]);
  expect(await readMaskPng(join(out, "truth", "00005.png"))).toEqual(labels[5]);
});

it("scores four parts over the frames between the first and the last, and tracking beats standing still", () => {
  expect(result.frames).toBe(20);
  expect(Object.keys(result.score.objects)).toEqual(["1", "2", "3", "4"]);
  for (const { J, F } of Object.values(result.score.objects)) expect([J.length, F.length]).toEqual([18, 18]);
  expect(result.score.JF_mean).toBeGreaterThan(result.floor.JF_mean + 0.1);
});
