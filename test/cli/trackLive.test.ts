/** @file `tsumugi track` on live sources, made here by the ffmpeg program. */
import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import type { LiveResult } from "../../src/tasks/track/trackLive.ts";
import { findProgram } from "../../src/video/backends/backend.ts";
import { readMaskPng, writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { writeSafetensors } from "../../src/weights/safetensors.ts";
import { temporaryFolder } from "../training/footage.ts";
import { within } from "../within.ts";
import { tsumugi } from "./cli.ts";

const ffmpeg = await findProgram("ffmpeg");
const [WIDTH, HEIGHT, FRAMES] = [64, 48, 20];
let root: string;
const at = (...names: string[]): string => join(root, ...names);

const args = (video: string, labels = "mask.png"): string[] =>
  ["track", video, "--labels", at(labels), "--out", at("out"), "--weights", at("nano.safetensors")].concat(
    "--mode",
    "live",
    "--threads",
    "1",
  );

/** Masks, records and what is said of them agree. */
async function check(out: string): Promise<LiveResult> {
  const result = JSON.parse(await readFile(at("out/live.json"), "utf8")) as LiveResult;
  const { frames, dropped, latencySec } = result;
  expect(out).toContain(`tracked ${frames} frames, ${dropped} dropped`);
  expect(out).toMatch(/latency: \d+\.\d\d s \(median\), 95 % within \d+\.\d\d s, at most \d+\.\d\d s/);
  expect(latencySec.median).toBeLessThanOrEqual(latencySec.largest);
  const masks = await readdir(at("out/masks"));
  expect(masks).toHaveLength(frames);
  for (const mask of masks)
    expect(await readMaskPng(at("out/masks", mask))).toMatchObject({ width: WIDTH, height: HEIGHT });
  const lines = (await readFile(at("out/frames.jsonl"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { name: string });
  expect(lines.map(({ name }) => `${name}.png`)).toEqual(masks.sort());
  return result;
}

describe.skipIf(ffmpeg === undefined)("tsumugi track of a live source (needs the ffmpeg program)", () => {
  beforeAll(async () => {
    root = await temporaryFolder();
    const source = `testsrc=size=${WIDTH}x${HEIGHT}:rate=10:duration=${FRAMES / 10}`;
    const coding = ["-c:v", "mpeg2video", "-bf", "0", "-f", "mpegts", at("clip.ts")];
    await promisify(execFile)(ffmpeg!, ["-v", "error", "-f", "lavfi", "-i", source, ...coding]);
    await writeMaskPng(at("mask.png"), {
      width: WIDTH,
      height: HEIGHT,
      data: new Uint8Array(WIDTH * HEIGHT).fill(1, 1000, 2000),
    });
    const { values } = untrainedWeights("nano");
    await writeSafetensors(at("nano.safetensors"), new Map(values), { metadata: { variant: "nano" } });
  });
  afterEach(() => rm(at("out"), { recursive: true, force: true }));
  afterAll(() => rm(root, { recursive: true, force: true }));

  it("on stdin: every frame is tracked or counted as dropped", async () => {
    const { code, out, err } = await tsumugi(args("-"), undefined, undefined, createReadStream(at("clip.ts")));
    expect(err).not.toContain("error");
    expect(code).toBe(0);
    const { frames, dropped, source } = await check(out);
    expect(frames + dropped).toBe(FRAMES);
    expect(source).toBe("-");
  });

  it("from an address, with boxes", async () => {
    await writeFile(
      at("boxes.json"),
      JSON.stringify({ boxes: [{ frame: 0, name: "a", x: 4, y: 4, width: 20, height: 20 }] }),
    );
    const { code, out } = await tsumugi(args(`file://${at("clip.ts")}`, "boxes.json"));
    expect(code).toBe(0);
    const { frames, dropped } = await check(out);
    expect(frames + dropped).toBe(FRAMES);
  });

  it("a file that grows, until Ctrl-C", async () => {
    const seen = async (): Promise<boolean> =>
      (await readdir(at("out/masks")).catch(() => [])).some((name) => name.endsWith(".png"));
    const { code, out } = await tsumugi([...args(at("clip.ts")), "--follow"], seen);
    expect(code).toBe(0);
    await check(out);
  });

  it("an error ends it though the stream stays open", async () => {
    await writeMaskPng(at("small.png"), { width: 2, height: 2, data: Uint8Array.of(1, 1, 1, 1) });
    // Nobody ends this stream: it would hold the process for ever.
    const open = new Readable({ read() {} });
    open.push(await readFile(at("clip.ts")));
    const { code, err } = await within(30_000, tsumugi(args("-", "small.png"), undefined, undefined, open));
    expect([code, err]).toEqual([1, expect.stringContaining("small.png has another size")]);
  });

  it.each([
    ["a stream that is none", "nothing", "mask.png", /error: the piped video gave no frame/],
    [
      "a mask of another size",
      "clip.ts",
      "small.png",
      /small\.png has another size than the video: got 2x2, expected 64x48/,
    ],
    ["points", "clip.ts", "points.csv", /points\.csv has points, which cannot be followed in a live source yet/],
  ])("refuses %s", async (_, video, labels, says) => {
    await writeFile(at("nothing"), "no video");
    await writeMaskPng(at("small.png"), { width: 2, height: 2, data: Uint8Array.of(1, 1, 1, 1) });
    await writeFile(at("points.csv"), "frame,name,x,y\n0,a,1,1\n");
    const { code, err } = await tsumugi(args("-", labels), undefined, undefined, createReadStream(at(video)));
    expect(err).toMatch(says);
    expect(err).not.toMatch(/\n +at |internal:/);
    expect(code).toBe(1);
  });
});
