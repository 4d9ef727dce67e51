/** @file `tsumugi track` on live sources, made here by the ffmpeg program. */
import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { counted } from "../../src/core/counted.ts";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import type { LiveResult } from "../../src/tasks/track/trackLive.ts";
import { findProgram } from "../../src/video/backends/backend.ts";
import { readMaskPng, writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { encodePng } from "../../src/video/writing/png.ts";
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
  expect(out).toContain(`tracked ${counted(frames, "frame")}, ${dropped} dropped`);
  expect(out).toMatch(/latency: \d+\.\d\d s \(median\), 95 % within \d+\.\d\d s, at most \d+\.\d\d s/);
  expect(latencySec.median).toBeLessThanOrEqual(latencySec.largest);
  const masks = await readdir(at("out/masks"));
  expect(masks).toHaveLength(frames);
  for (const mask of masks)
    expect(await readMaskPng(at("out/masks", mask))).toMatchObject({ width: WIDTH, height: HEIGHT });
  const csv = (await readFile(at("out/tracks.csv"), "utf8")).trimEnd().split("\n").slice(1);
  expect(csv.map((row) => row.split(",")[0].padStart(5, "0"))).toEqual(masks.map((name) => name.slice(0, -4)).sort());
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

  it("with a picture of the labelled frame; the folder is then refused to another stream", async () => {
    const file = { video: `file://${at("clip.ts")}`, picture: at("picture.png") };
    expect((await tsumugi(["snapshot", file.video, "--out", file.picture])).out).toMatch(
      /^frame \d \(0\.\d\d s\), 64x48: /,
    );
    const labelled = [...args(file.video), "--labels-frame", file.picture, "--scale", "2"];
    const { code, out, err } = await tsumugi(labelled);
    expect(code).toBe(0);
    // A busy machine may drop the first frames of either run.
    expect(err).toMatch(/picture\.png: found again in frame 0000\d, likeness (1\.00|0\.[89]\d) of 1/u);
    expect(await check(out)).toMatchObject({ mmPerPx: 2 });
    expect(await readFile(at("out/tracks.csv"), "utf8")).toMatch(/,speed_mm_s,/u);
    const before = await readdir(at("out/masks"));
    const again = await tsumugi(args(file.video));
    expect(again.err).toMatch(
      /out holds results already.*: got masks, frames\.jsonl, tracks\.csv, .*name another folder/u,
    );
    expect(again.code).toBe(1);
    expect(await readdir(at("out/masks"))).toEqual(before);
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

  it("boxes are refined in the picture that was labelled, or stay rectangles", async () => {
    const colours = new Uint8Array(3 * WIDTH * HEIGHT).fill(60);
    for (let y = 16; y < 32; y++) colours.fill(220, 3 * (y * WIDTH + 24), 3 * (y * WIDTH + 40));
    await writeFile(at("square.png"), await encodePng({ width: WIDTH, height: HEIGHT, data: colours }));
    const boxes = [{ frame: 0, name: "square", x: 20, y: 12, width: 24, height: 24 }];
    await writeFile(at("square.json"), JSON.stringify({ boxes }));
    const still = ["-loop", "1", "-framerate", "10", "-i", at("square.png"), "-t", "1", "-c:v", "mpeg2video"];
    await promisify(execFile)(ffmpeg!, [
      "-v",
      "error",
      ...still,
      "-pix_fmt",
      "yuv420p",
      "-f",
      "mpegts",
      at("square.ts"),
    ]);
    for (const [shape, least, most] of [
      ["refine", 200, 320],
      ["exact", 576, 576],
    ] as const) {
      const labelled = [...args(`file://${at("square.ts")}`, "square.json"), "--labels-frame", at("square.png")];
      const { code, err } = await tsumugi([...labelled, "--boxes", shape]);
      expect(err).not.toContain("error");
      expect(code).toBe(0);
      const [name] = (await readdir(at("out/masks"))).toSorted();
      const { data } = await readMaskPng(at("out/masks", name));
      const size = data.filter((id) => id === 1).length;
      expect(size).toBeGreaterThanOrEqual(least);
      expect(size).toBeLessThanOrEqual(most);
      expect(await readFile(at("out/tracks.csv"), "utf8")).toContain(",square,");
      await rm(at("out"), { recursive: true });
    }
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
    ["a text", "nothing", "mask.png", /error: the piped video is no video: got text that begins with "no video"/],
    ["a picture", "mask.png", "mask.png", /error: the piped video is no video: got a PNG picture/],
    ["an empty pipe", "empty", "mask.png", /error: the piped video is no video: got nothing/],
    [
      "a mask of another size",
      "clip.ts",
      "small.png",
      /small\.png has another size than the video: got 2x2, expected 64x48/,
    ],
    ["points", "clip.ts", "points.csv", /points\.csv has points, which cannot be followed in a live source yet/],
  ])("refuses %s", async (_, video, labels, says) => {
    await writeFile(at("nothing"), "no video");
    await writeFile(at("empty"), "");
    await writeMaskPng(at("small.png"), { width: 2, height: 2, data: Uint8Array.of(1, 1, 1, 1) });
    await writeFile(at("points.csv"), "frame,name,x,y\n0,a,1,1\n");
    const { code, err } = await tsumugi(args("-", labels), undefined, undefined, createReadStream(at(video)));
    expect(err).toMatch(says);
    expect(err).not.toMatch(/\n +at |internal:/);
    expect(code).toBe(1);
  });

  it("a picture of the labelled frame is of no use to a complete clip", async () => {
    const { code, err } = await tsumugi([...args(at("clip.ts")), "--labels-frame", at("mask.png")]);
    expect(err).toMatch(/is a complete clip: --labels-frame is for live sources; say which frame/u);
    expect(code).toBe(1);
  });
});
