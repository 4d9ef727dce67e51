import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Interrupted } from "../../src/core/errors.ts";
import { silent } from "../../src/core/log.ts";
import { parseCsv } from "../../src/formats/csv.ts";
import { readPointLabels } from "../../src/formats/pointLabels.ts";
import { resolveProtocol } from "../../src/tracking/protocols.ts";
import type { TrackSummary } from "../../src/tracking/summary.ts";
import { trackClip, type TrackClipOptions, type TrackResult } from "../../src/tracking/trackClip.ts";
import { openFrameSource } from "../../src/video/frameSource.ts";
import { readMaskPng, writeMaskPng } from "../../src/video/maskPng.ts";
import { pooledColours } from "../reference/pooledColours.ts";

const WIDTH = 48;
const HEIGHT = 32;
let folder: string;

/** A red square of 12 px that moves 3 px a frame on green, five PNG pictures a.png … e.png, and the first mask. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsumugi-track-"));
  await writeMaskPng(join(folder, "first.png"), { width: WIDTH, height: HEIGHT, data: square(0) });
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

async function run(options: Partial<TrackClipOptions> = {}): Promise<TrackResult> {
  await using source = await openFrameSource(await framesOnly());
  return trackClip({
    source,
    encoder: pooledColours(4),
    labels: join(folder, "first.png"),
    out: join(folder, "out"),
    protocolName: "default",
    protocol: resolveProtocol("default"),
    weights: "none",
    device: "cpu",
    threads: 1,
    overlay: false,
    pictures: false,
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
    const { summary, overlay } = await run();
    expect(overlay).toBeNull();
    expect((await readdir(join(folder, "out/masks"))).sort()).toEqual(["a.png", "b.png", "c.png", "d.png", "e.png"]);
    const last = await readMaskPng(join(folder, "out/masks/e.png"));
    const truth = square(4);
    const wrong = last.data.reduce((sum, value, p) => sum + Number(value !== truth[p]), 0);
    expect(wrong).toBeLessThan(40);
    const file = JSON.parse(await readFile(join(folder, "out/summary.json"), "utf8")) as TrackSummary;
    expect(file.frames).toEqual(summary.frames);
    expect(file).toMatchObject({ complete: true, width: WIDTH, height: HEIGHT, start: 0 });
    expect(file.settings).toMatchObject({ protocolName: "default", encoder: "pooled colours", threads: 1 });
    expect(file.frames![0].objects[0]).toMatchObject({
      id: 1,
      area: 144,
      box: [4, 8, 12, 12],
      centroid: [10, 14],
      speed: null,
    });
    const { centroid, speed } = file.frames![1].objects[0];
    const dt = file.frames![1].timeSec - file.frames![0].timeSec;
    expect(speed).toBeCloseTo(Math.hypot((centroid?.[0] ?? 0) - 10, (centroid?.[1] ?? 0) - 14) / dt, 6);
  });

  it("writes tables as frames come, pictures at the end, and sums up every object", async () => {
    const { summary, tables, pictures } = await run({ pictures: true, mmPerPx: 0.5 });
    const out = join(folder, "out");
    expect(tables).toEqual([join(out, "tracks.csv"), join(out, "tracks.jsonl")]);
    expect(pictures).toHaveLength(5);
    const written = ["masks", "summary.json", ...[...tables, ...pictures].map((path) => path.slice(out.length + 1))];
    expect((await readdir(out)).sort()).toEqual(written.sort());
    const { rows } = parseCsv(await readFile(tables[0], "utf8"), "tracks.csv");
    expect(rows).toHaveLength(5);
    expect(rows[0].values).toMatchObject({ frame: "0", object: "1", x_px: "10", box_x_px: "4", speed_px_s: "" });
    expect(Number(rows[4].values["speed_mm_s"])).toBeCloseTo(Number(rows[4].values["speed_px_s"]) / 2, 2);
    expect(summary).toMatchObject({ frameCount: 5, mmPerPx: 0.5 });
    expect(summary.objects).toMatchObject([{ name: "1", framesVisible: 5, framesHidden: 0 }]);
    // 3 px a frame at 25 frames/s.
    expect(Math.abs(summary.objects[0].meanSpeedPxPerSec! - 75)).toBeLessThan(10);
  });

  it("names of boxes name the objects, and their boxes are written", async () => {
    const { tables } = await run({ boxNames: new Map([[1, "part"]]) });
    expect(tables.map((path) => path.slice(folder.length + 5))).toEqual(["tracks.csv", "tracks.jsonl", "boxes.csv"]);
    const { boxes } = await readPointLabels(tables[2]);
    expect(boxes[0]).toEqual({ frame: 0, name: "part", x: 4, y: 8, width: 12, height: 12 });
  });

  it("a failure in the middle keeps masks and rows so far, without an overlay", async () => {
    const encoder = pooledColours(4);
    let count = 0;
    const failing: typeof encoder = {
      ...encoder,
      encode: (picture) => (count++ < 3 ? encoder.encode(picture) : Promise.reject(new Error("out of order"))),
    };
    await expect(run({ encoder: failing, overlay: true, pictures: true })).rejects.toThrow("out of order");
    expect((await readdir(join(folder, "out"))).sort()).toEqual(["masks", "tracks.csv", "tracks.jsonl"]);
    const { rows } = parseCsv(await readFile(join(folder, "out/tracks.csv"), "utf8"), "tracks.csv");
    expect(rows.length).toBe((await readdir(join(folder, "out/masks"))).length);
    expect(rows.length).toBeGreaterThan(0);
  });

  it("starts at a later frame", async () => {
    await writeMaskPng(join(folder, "first.png"), { width: WIDTH, height: HEIGHT, data: square(3) });
    const { summary } = await run({ start: 3 });
    expect(summary.frames!.map(({ name }) => name)).toEqual(["d", "e"]);
  });

  it("interrupted: keeps what is written, says that it is not complete", async () => {
    const controller = new AbortController();
    const progress = (): void => controller.abort(new Interrupted("interrupted"));
    const { summary } = await run({ signal: controller.signal, logger: { ...silent, progress } });
    expect(summary.complete).toBe(false);
    expect(await readdir(join(folder, "out/masks"))).toEqual(["a.png"]);
    expect(summary.frames).toHaveLength(1);
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

  it("a missing mask stops before anything is written", async () => {
    await expect(run({ labels: join(folder, "nothing.png") })).rejects.toMatchObject({ code: "mask/missing" });
    expect(await readdir(folder)).not.toContain("out");
  });
});
