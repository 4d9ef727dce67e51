import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Interrupted } from "../../src/core/errors.ts";
import { silent } from "../../src/core/log.ts";
import { readPointLabels } from "../../src/formats/pointLabels.ts";
import { resolveProtocol } from "../../src/tracking/protocols.ts";
import type { TrackSummaryFile } from "../../src/tracking/summary.ts";
import { trackClip, type TrackClipOptions, type TrackResult } from "../../src/tracking/trackClip.ts";
import { openFrameSource } from "../../src/video/frameSource.ts";
import { readMaskPng, writeMaskPng } from "../../src/video/maskPng.ts";
import { pooledColours } from "../reference/pooledColours.ts";

const WIDTH = 48;
const HEIGHT = 32;
let folder: string;

/** A red square of 12 px that moves 3 px a frame on green, five PNG pictures a.png … e.png. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsumugi-track-"));
  for (let t = 0; t < 5; t++) {
    const labels = square(t);
    const rgb = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => {
      const c = i % 3;
      return labels[(i - c) / 3] > 0 ? [200, 30, 30][c] : [40, 150, 60][c];
    });
    const image = await sharp(rgb, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
      .png()
      .toBuffer();
    await writeFile(join(folder, `${"abcde"[t]}.png`), image);
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function square(t: number): Uint8Array {
  return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, p) => {
    const [x, y] = [p % WIDTH, Math.floor(p / WIDTH)];
    return y >= 8 && y < 20 && x >= 4 + 3 * t && x < 16 + 3 * t ? 1 : 0;
  });
}

const mask = (t: number) => ({ width: WIDTH, height: HEIGHT, data: square(t) });

async function file(): Promise<TrackSummaryFile> {
  return JSON.parse(await readFile(join(folder, "out/summary.json"), "utf8")) as TrackSummaryFile;
}

async function run(options: Partial<TrackClipOptions> = {}): Promise<TrackResult> {
  await using source = await openFrameSource(await framesOnly());
  return trackClip({
    source,
    encoder: pooledColours(4),
    labels: [{ frame: 0, mask: mask(0), name: "first.png" }],
    out: join(folder, "out"),
    protocolName: "default",
    protocol: resolveProtocol("default"),
    weights: "none",
    device: "cpu",
    threads: 1,
    overlay: false,
    ...options,
  });
}

async function framesOnly(): Promise<string> {
  const frames = join(folder, "frames");
  await mkdir(frames, { recursive: true });
  for (const name of "abcde") await cp(join(folder, `${name}.png`), join(frames, `${name}.png`));
  return frames;
}

describe("trackClip", () => {
  it("writes a mask per frame under the frame's name, and a summary of what it saw", async () => {
    const { overlay, tracked, frames } = await run();
    expect(overlay).toBeNull();
    expect([tracked, frames]).toEqual([5, 5]);
    expect((await readdir(join(folder, "out/masks"))).sort()).toEqual(["a.png", "b.png", "c.png", "d.png", "e.png"]);
    const last = await readMaskPng(join(folder, "out/masks/e.png"));
    const truth = square(4);
    const wrong = last.data.reduce((sum, value, p) => sum + Number(value !== truth[p]), 0);
    expect(wrong).toBeLessThan(40);
    const summary = await file();
    expect(summary).toMatchObject({ complete: true, width: WIDTH, height: HEIGHT, start: 0, labels: "first.png" });
    expect(summary.settings).toMatchObject({ protocolName: "default", encoder: "pooled colours", threads: 1 });
    expect(summary.frames.map(({ index, name }) => `${index}${name}`)).toEqual(["0a", "1b", "2c", "3d", "4e"]);
    expect(summary.frames[0].objects?.[0]).toMatchObject({
      id: 1,
      area: 144,
      box: [4, 8, 12, 12],
      centroid: [10, 14],
      speed: null,
    });
    const { centroid, speed } = summary.frames[1].objects![0];
    const dt = summary.frames[1].timeSec - summary.frames[0].timeSec;
    expect(speed).toBeCloseTo(Math.hypot((centroid?.[0] ?? 0) - 10, (centroid?.[1] ?? 0) - 14) / dt, 6);
  });

  it("starts at a later frame", async () => {
    await run({ labels: [{ frame: 3, mask: mask(3) }] });
    expect((await file()).frames.map(({ name }) => name)).toEqual(["d", "e"]);
  });

  it("interrupted: keeps what is written, says that it is not complete; run again, it goes on", async () => {
    const controller = new AbortController();
    const progress = (): void => controller.abort(new Interrupted("interrupted"));
    const stopped = await run({ overlay: true, signal: controller.signal, logger: { ...silent, progress } });
    expect(stopped.summary.complete).toBe(false);
    expect(stopped.overlay).toContain("overlay");
    expect(await readdir(join(folder, "out/masks"))).toEqual(["a.png"]);
    expect((await file()).frames).toHaveLength(1);
    const again = await run({ overlay: true });
    expect(again.tracked).toBe(4);
    expect(again.overlay).toContain("overlay");
    expect(again.summary.complete).toBe(true);
    expect((await file()).frames).toHaveLength(5);
    expect((await run()).tracked).toBe(0);
  });

  it("with a corrected label tracks again what depends on it", async () => {
    await run();
    const { tracked } = await run({ labels: [{ frame: 3, mask: mask(3) }] });
    expect(tracked).toBe(2);
    expect((await readMaskPng(join(folder, "out/masks/d.png"))).data).toEqual(square(3));
  });

  it("writes points and boxes as CSV", async () => {
    const boxes = [{ name: "square", x: 4, y: 8, width: 12, height: 12 }];
    const points = [{ name: "middle", x: 10, y: 14 }];
    const { files } = await run({ labels: [{ frame: 0, boxes, points }] });
    expect(Object.keys(files)).toEqual(["summary", "points", "boxes"]);
    const labels = await Promise.all([files.points!, files.boxes!].map((path) => readPointLabels(path)));
    expect(labels[0].points.map(({ frame, name }) => `${frame} ${name}`)).toEqual(
      [0, 1, 2, 3, 4].map((t) => `${t} middle`),
    );
    expect(labels[1].boxes[0]).toEqual({ frame: 0, ...boxes[0] });
    expect((await file()).frames[4].points?.[0].x).toBeGreaterThan(18);
  });

  it("a place that cannot be written is the user's message, and no overlay is left half-done", async () => {
    await writeFile(join(folder, "out"), "a file where the folder should be");
    await expect(run()).rejects.toMatchObject({ code: "file/write" });
  });

  it("warns of masks of something else", async () => {
    await writeMaskPng(join(folder, "out/masks/other.png"), { width: 1, height: 1, data: new Uint8Array(1) });
    const warnings: string[] = [];
    await run({ logger: { ...silent, warn: (line) => warnings.push(line) } });
    expect(warnings).toEqual([expect.stringContaining("already holds 1 file(s) of something else: other.png")]);
  });

  it("labels that do not fit stop before anything is written", async () => {
    const small = { width: 2, height: 2, data: Uint8Array.of(1, 1, 1, 1) };
    const labels = [
      { frame: 0, mask: mask(0) },
      { frame: 1, mask: small },
    ];
    await expect(run({ labels })).rejects.toMatchObject({ code: "labels/size" });
    expect(await readdir(folder)).not.toContain("out");
  });
});
