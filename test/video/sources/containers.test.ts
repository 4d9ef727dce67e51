/** @file Codings whose random access is hard, made by the ffmpeg program (skipped without it). */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findProgram } from "../../../src/video/backends/backend.ts";
import { openFrameSource } from "../../../src/video/frameSource.ts";
import { backends } from "../media.ts";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "containers-"))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

const hash = (data: Uint8Array): string => createHash("sha1").update(data).digest("hex");

const ffmpeg = await findProgram("ffmpeg");

const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ["open groups of pictures", "a.mkv", ["-c:v", "libx264", "-g", "20", "-bf", "3", "-x264-params", "open-gop=1"]],
  ["B-frames in an avi", "a.avi", ["-c:v", "mpeg4", "-bf", "2", "-g", "15"]],
  ["a transport stream that starts at 1.4 s", "a.ts", ["-c:v", "mpeg2video", "-g", "15", "-bf", "2"]],
  ["a bare stream without times", "a.h264", ["-c:v", "libx264", "-g", "20", "-bf", "2"]],
  ["hidden frames", "a.webm", ["-c:v", "libvpx", "-auto-alt-ref", "1", "-lag-in-frames", "16", "-g", "30"]],
  ["ten bits, no key frames to seek to", "b.mkv", ["-pix_fmt", "yuv422p10le", "-c:v", "ffv1", "-g", "1000"]],
];

test.skipIf(ffmpeg === undefined || !backends[0][1]).each(cases)("%s", async (_, name, coding) => {
  const path = join(folder, name);
  const picture = ["-f", "lavfi", "-i", "testsrc2=size=160x120:rate=25:duration=3"];
  execFileSync(ffmpeg!, ["-v", "error", "-y", ...picture, ...coding, path]);
  await using source = await openFrameSource(path, { backend: "node-av" });
  expect(source.frameCount).toBe(75);
  source.timesSec.forEach((t, i) => expect(t - source.timesSec[0]).toBeCloseTo(i * 0.04, 3));
  const hashes: string[] = [];
  for await (const frame of source.frames()) hashes.push(hash(frame.data));
  expect(new Set(hashes).size).toBe(75);
  for (const i of [74, 0, 61, 40, 41, 42, 20, 19, 1]) expect(hash((await source.frame(i)).data)).toBe(hashes[i]);
});
