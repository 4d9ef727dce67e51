import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contactStrip, scoreCurves, writePictures } from "../../../src/evaluation/benchmarks/pictures.ts";
import type { SequenceScore } from "../../../src/metrics/davis.ts";
import type { FrameSource } from "../../../src/video/frame.ts";
import { openFrameSource } from "../../../src/video/frameSource.ts";
import { writeMaskPng } from "../../../src/video/masks/maskPng.ts";

const [WIDTH, HEIGHT] = [64, 32];
let folder: string;
let source: FrameSource;

/** Left half object 1. */
const labels = {
  width: WIDTH,
  height: HEIGHT,
  data: Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH < WIDTH / 2 ? 1 : 0)),
};
const score: SequenceScore = {
  JF_mean: 0.5,
  objects: {
    "1": { J: [1, 0], F: [0.5, 0.25], J_mean: 0.5, F_mean: 0.375 },
    "2": { J: [0.5, 0.5], F: [1, 1], J_mean: 0.5, F_mean: 1 },
  },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pictures-"));
  for (const [i, background] of ["#000000", "#202020", "#404040"].entries()) {
    await sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background } }).toFile(join(folder, `${i}.png`));
    await writeMaskPng(join(folder, "out/cat", `${i}.png`), labels);
  }
  source = await openFrameSource(folder);
});
afterAll(async () => {
  await source.close();
  await rm(folder, { recursive: true });
});

describe("the strip of frames", () => {
  it("shows first, middle and last frame, the object half in its colour", async () => {
    const asked: string[] = [];
    const strip = await contactStrip(source, async (name) => {
      asked.push(name);
      return labels;
    });
    expect(asked).toEqual(["0", "1", "2"]);
    const { data, info } = await sharp(strip).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([3 * 320 + 2 * 4, 160]);
    const at = (x: number, y: number): number[] => [
      ...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3),
    ];
    // Object 1 of the DAVIS palette is rgb(128, 0, 0).
    expect(at(80, 80)).toEqual([64, 0, 0]);
    expect(at(260, 80)).toEqual([0, 0, 0]);
    expect(at(2 * 324 + 80, 80)).toEqual([96, 32, 32]);
    expect(at(2 * 324 + 260, 80)).toEqual([64, 64, 64]);
    expect(at(322, 80)).toEqual([255, 255, 255]);
  });
});

describe("the curves", () => {
  it("draw J and F of each object in the colours of the masks", () => {
    const svg = scoreCurves("cat", score);
    expect(svg).toMatch(/^<svg[^>]* xmlns="http:\/\/www\.w3\.org\/2000\/svg"/u);
    expect(svg.match(/<path[^>]*stroke="rgb\(128,0,0\)"/gu)).toHaveLength(2);
    expect(svg.match(/<path[^>]*stroke="rgb\(0,128,0\)"/gu)).toHaveLength(2);
    expect(svg).toContain("cat: J (solid) and F (dashed)");
  });

  it("are written beside the masks and can be drawn", async () => {
    await writePictures(join(folder, "out"), { name: "cat", source, score });
    const drawn = await sharp(await readFile(join(folder, "out/cat.svg"))).metadata();
    expect([drawn.width, drawn.height]).toEqual([860, 300]);
    expect((await sharp(join(folder, "out/cat.png")).metadata()).width).toBe(3 * 320 + 2 * 4);
  });
});
