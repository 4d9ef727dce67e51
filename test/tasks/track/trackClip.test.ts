import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Interrupted } from "../../../src/core/errors.ts";
import { silent } from "../../../src/core/log.ts";
import { parseCsv } from "../../../src/formats/csv.ts";
import { readPointLabels } from "../../../src/formats/registry.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import type { TrackSummary } from "../../../src/results/summary.ts";
import { trackClip, type TrackClipOptions, type TrackResult } from "../../../src/tasks/track/trackClip.ts";
import { openFrameSource } from "../../../src/video/frameSource.ts";
import { readMaskPng, writeMaskPng } from "../../../src/video/masks/maskPng.ts";
import { pooledColours } from "../../reference/pooledColours.ts";
import { flatBoxes, flatPoints } from "../../formats/flat.ts";

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

async function file(): Promise<TrackSummary> {
  return JSON.parse(await readFile(join(folder, "out/summary.json"), "utf8")) as TrackSummary;
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
    const { overlay, tracked, summary: told } = await run();
    expect(overlay).toBeNull();
    expect(tracked).toBe(5);
    expect((await readdir(join(folder, "out/masks"))).sort()).toEqual(["a.png", "b.png", "c.png", "d.png", "e.png"]);
    const last = await readMaskPng(join(folder, "out/masks/e.png"));
    const truth = square(4);
    const wrong = last.data.reduce((sum, value, p) => sum + Number(value !== truth[p]), 0);
    expect(wrong).toBeLessThan(40);
    const summary = await file();
    expect(summary).toEqual(told);
    expect(summary).toMatchObject({ complete: true, width: WIDTH, height: HEIGHT, start: 0, labels: "first.png" });
    expect(summary.settings).toMatchObject({ protocolName: "default", encoder: "pooled colours", threads: 1 });
    expect(summary.frames!.map(({ index, name }) => `${index}${name}`)).toEqual(["0a", "1b", "2c", "3d", "4e"]);
    expect(summary.frames![0].objects[0]).toMatchObject({
      id: 1,
      area: 144,
      box: [4, 8, 12, 12],
      centroid: [10, 14],
      speed: null,
    });
    const { centroid, speed } = summary.frames![1].objects[0];
    const dt = summary.frames![1].timeSec - summary.frames![0].timeSec;
    expect(speed).toBeCloseTo(Math.hypot((centroid?.[0] ?? 0) - 10, (centroid?.[1] ?? 0) - 14) / dt, 6);
  });

  it("writes tables as frames come, pictures at the end, and sums up every object", async () => {
    const { summary, tables, pictures } = await run({ pictures: true, mmPerPx: 0.5 });
    const out = join(folder, "out");
    expect(tables).toEqual([join(out, "tracks.csv"), join(out, "tracks.jsonl")]);
    expect(pictures).toHaveLength(5);
    const written = ["masks", "summary.json", ...[...tables, ...pictures].map((path) => path.slice(out.length + 1))];
    const own = ["session.json", "labels", "frames.jsonl", "state"];
    expect((await readdir(out)).sort()).toEqual([...written, ...own].sort());
    const { rows } = parseCsv(await readFile(tables[0], "utf8"), "tracks.csv");
    expect(rows).toHaveLength(5);
    expect(rows[0].values).toMatchObject({ frame: "0", object: "1", x_px: "10", box_x_px: "4", speed_px_s: "" });
    expect(Number(rows[4].values["speed_mm_s"])).toBeCloseTo(Number(rows[4].values["speed_px_s"]) / 2, 2);
    expect(summary).toMatchObject({ frameCount: 5, mmPerPx: 0.5 });
    expect(summary.objects).toMatchObject([{ name: "1", framesVisible: 5, framesHidden: 0 }]);
    // 3 px a frame at 25 frames/s.
    expect(Math.abs(summary.objects[0].meanSpeedPxPerSec! - 75)).toBeLessThan(10);
  });

  it("a failure in the middle keeps masks and rows so far, without an overlay", async () => {
    const encoder = pooledColours(4);
    let count = 0;
    const failing: typeof encoder = {
      ...encoder,
      encode: (picture) => (count++ < 3 ? encoder.encode(picture) : Promise.reject(new Error("out of order"))),
    };
    await expect(run({ encoder: failing, overlay: true, pictures: true })).rejects.toThrow("out of order");
    const there = await readdir(join(folder, "out"));
    expect(there).toEqual(expect.arrayContaining(["masks", "tracks.csv", "tracks.jsonl"]));
    expect(there.filter((name) => /overlay|summary|heatmap/u.test(name))).toEqual([]);
    const { rows } = parseCsv(await readFile(join(folder, "out/tracks.csv"), "utf8"), "tracks.csv");
    expect(rows.length).toBe((await readdir(join(folder, "out/masks"))).length);
    expect(rows.length).toBeGreaterThan(0);
  });

  it("tables are the same whether they were written as frames came or from the folder afterwards", async () => {
    await run();
    const tables = await Promise.all(["tracks.csv", "tracks.jsonl"].map((name) => readFile(join(folder, "out", name))));
    const { frames, objects } = await file();
    await run();
    for (const [i, name] of ["tracks.csv", "tracks.jsonl"].entries())
      expect(await readFile(join(folder, "out", name))).toEqual(tables[i]);
    expect(await file()).toMatchObject({ frames, objects });
  });

  it("what was not drawn, or with another scale, is drawn when nothing is left to track", async () => {
    const first = await run();
    expect(first.pictures).toEqual([]);
    const drawn = await run({ overlay: true, pictures: true });
    expect(drawn.tracked).toBe(0);
    const out = await readdir(join(folder, "out"));
    expect(out).toEqual(expect.arrayContaining([basename(drawn.overlay!), "heatmap.png", "speed.svg"]));
    const again = await run({ overlay: true, pictures: true });
    expect(again).toMatchObject({ overlay: drawn.overlay, pictures: drawn.pictures });
    const before = await readFile(join(folder, "out/speed.svg"), "utf8");
    await run({ pictures: true, mmPerPx: 2 });
    expect(await readFile(join(folder, "out/speed.svg"), "utf8")).not.toBe(before);
  });

  it("starts at a later frame", async () => {
    await run({ labels: [{ frame: 3, mask: mask(3) }] });
    expect((await file()).frames!.map(({ name }) => name)).toEqual(["d", "e"]);
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
    const { tables } = await run({ labels: [{ frame: 0, boxes, points }] });
    expect(tables.map((path) => basename(path))).toEqual(["tracks.csv", "tracks.jsonl", "boxes.csv", "points.csv"]);
    const labels = await Promise.all([tables[3], tables[2]].map((path) => readPointLabels(path)));
    const { rows } = parseCsv(await readFile(tables[0], "utf8"), "tracks.csv");
    expect(rows.slice(0, 2).map(({ values }) => values["object"])).toEqual(["square", "middle"]);
    expect(flatPoints(labels[0]).map(({ frame, name }) => `${frame} ${name}`)).toEqual(
      [0, 1, 2, 3, 4].map((t) => `${t} middle`),
    );
    expect(flatBoxes(labels[1])[0]).toEqual({ frame: 0, ...boxes[0], confidence: 1 });
    expect((await file()).frames![4].points[0].x).toBeGreaterThan(18);
  });

  it("a place that cannot be written is the user's message, and no overlay is left half-done", async () => {
    await writeFile(join(folder, "out"), "a file where the folder should be");
    await expect(run()).rejects.toMatchObject({ code: "file/write" });
  });

  it("warns of masks of something else", async () => {
    await writeMaskPng(join(folder, "out/masks/other.png"), { width: 1, height: 1, data: new Uint8Array(1) });
    const warnings: string[] = [];
    await run({ logger: { ...silent, warn: (line) => warnings.push(line) } });
    expect(warnings).toEqual([expect.stringContaining("already holds 1 file of something else: other.png")]);
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
