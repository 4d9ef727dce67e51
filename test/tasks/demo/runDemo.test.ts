import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DemoResult, runDemo } from "../../../src/tasks/demo/runDemo.ts";
import type { FeatureExtractor } from "../../../src/method/features.ts";
import { renderProductionLine } from "../../../src/synthetic/productionLine.ts";
import type { LabelMap } from "../../../src/video/labelMap.ts";
import { readMaskPng } from "../../../src/video/masks/maskPng.ts";

let out: string;
let result: DemoResult;
const clip = { width: 160, height: 90, frames: 8, seed: 3 };

const truth = [...renderProductionLine(clip)].map(({ labels }) => labels);

/** Knows the truth: the features of a cell are its own object's, so that tracking finds every part again. */
function oracle(): FeatureExtractor {
  let frame = 0;
  return {
    name: "oracle",
    stride: 2,
    channels: 5,
    encode: ({ width, height }) => Promise.resolve(oneHot(truth[frame++], width / 2, height / 2)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function oneHot(labels: LabelMap, width: number, height: number): Awaited<ReturnType<FeatureExtractor["encode"]>> {
  const data = new Float32Array(5 * width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data[(labels.data[2 * y * labels.width + 2 * x] * height + y) * width + x] = 1;
  return { channels: 5, height, width, data };
}

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "tsumugi-demo-"));
  result = await runDemo({
    out,
    clip,
    encoder: oracle(),
    weights: "none",
    identity: { weights: "digest" },
    device: "cpu",
    threads: 1,
  });
});
afterAll(() => rm(out, { recursive: true }));

it("leaves every picture where it says", async () => {
  const names = Array.from({ length: 8 }, (_, i) => String(i).padStart(5, "0"));
  expect(await readdir(join(out, "clip"))).toEqual(names.map((name) => `${name}.jpg`));
  for (const folder of ["truth", "masks"])
    expect(await readdir(join(out, folder))).toEqual(names.map((name) => `${name}.png`));
  const { width, height } = await sharp(result.paths.sheet).metadata();
  expect([width, height]).toEqual([3 * 160 + 2 * 6, 2 * 90 + 6]);
  expect((await readdir(out)).filter((name) => name.startsWith("overlay"))).toHaveLength(1);
});

it("the first mask and the truth are the renderer's labels", async () => {
  expect(await readMaskPng(result.paths.first)).toEqual(truth[0]);
  expect(await readMaskPng(join(out, "truth", "00005.png"))).toEqual(truth[5]);
});

it("its folder is a session that knows what it was made with, for track to resume", async () => {
  const { settings } = JSON.parse(await readFile(join(out, "session.json"), "utf8"));
  expect(settings).toMatchObject({ weights: "digest", encoder: "oracle" });
});

it("scores four parts over the frames between the first and the last, and an encoder that knows the truth gets far above the floor", () => {
  expect(result.frames).toBe(8);
  expect(Object.keys(result.score.objects)).toEqual(["1", "2", "3", "4"]);
  for (const { J, F } of Object.values(result.score.objects)) expect([J.length, F.length]).toEqual([6, 6]);
  expect(result.score.JF_mean).toBeGreaterThan(0.7);
  expect(result.floor.JF_mean).toBeLessThan(0.2);
});
