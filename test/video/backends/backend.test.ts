/** @file What happens when node-av is not there: this file makes its import fail. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { findProgram } from "../../../src/video/backends/backend.ts";
import { openLiveFrames } from "../../../src/video/sources/liveSource.ts";
import { openFrameSource } from "../../../src/video/frameSource.ts";
import { decodeIndex, writeClip } from "../media.ts";

vi.mock("node-av/lib", () => {
  throw new Error("no binary for this machine");
});

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "backend-"))));
afterAll(async () => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

const hasFfmpeg = (await findProgram("ffmpeg")) !== undefined && (await findProgram("ffprobe")) !== undefined;

test.skipIf(!hasFfmpeg)("auto goes on to ffmpeg, for writing and reading", async () => {
  const path = join(folder, "a: b%03d é 'c'.mp4");
  expect(await writeClip(path, { count: 4 })).toBe(path);
  await using source = await openFrameSource(path);
  expect(source.frameCount).toBe(4);
  expect(decodeIndex(await source.frame(3))).toBe(3);
});

test("neither there: reading says how to get one, writing makes PNG pictures", async () => {
  vi.stubEnv("FFMPEG_PATH", join(folder, "nothing"));
  await writeFile(join(folder, "clip.mp4"), "some bytes");
  await expect(openFrameSource(join(folder, "clip.mp4"))).rejects.toThrow(
    /npm install node-av.*FFMPEG_PATH.*folder of images/s,
  );
  expect(await writeClip(join(folder, "out.mp4"), { count: 2 })).toBe(join(folder, "out_frames"));
});

test("live sources ask for the ffmpeg program, since node-av would not help", async () => {
  vi.stubEnv("FFMPEG_PATH", join(folder, "nothing"));
  await expect(openLiveFrames({ url: "rtsp://camera" })).rejects.toMatchObject({
    code: "video/no-backend",
    message: expect.stringMatching(/^live sources need the ffmpeg program, .*install FFmpeg/),
  });
});

test("asked for by name: the reason why it cannot be loaded", async () => {
  await writeFile(join(folder, "named.mp4"), "some bytes");
  await expect(openFrameSource(join(folder, "named.mp4"), { backend: "node-av" })).rejects.toMatchObject({
    code: "video/no-backend",
    message: expect.stringMatching(/node-av cannot be loaded.*npm install node-av/s),
  });
});

test.skipIf(!hasFfmpeg)("FFMPEG_PATH may name the program or its folder; ffprobe is looked for beside it", async () => {
  const ffmpeg = (await findProgram("ffmpeg"))!;
  for (const set of [ffmpeg, join(ffmpeg, "..")]) {
    vi.stubEnv("FFMPEG_PATH", set);
    expect(await findProgram("ffmpeg")).toBe(ffmpeg);
    expect(await findProgram("ffprobe")).toBe(join(ffmpeg, "..", "ffprobe"));
  }
});
