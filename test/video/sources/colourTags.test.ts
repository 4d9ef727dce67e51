import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "../../../src/video/backends/backend.ts";
import { BT601, chromaPlace, isKnownMatrix, matrixFor, warnOfMatrix } from "../../../src/video/sources/colourTags.ts";
import { openFrameSource } from "../../../src/video/frameSource.ts";
import { runProgram } from "../../../src/video/backends/program.ts";
import { backends } from "../media.ts";

test("matrices that FFmpeg can convert are kept, others become BT.601", () => {
  for (const code of [0, 1, 2, 4, 5, 6, 7, 9]) expect(matrixFor(code)).toBe(code);
  for (const code of [3, 8, 10, 11, 12, 13, 14, 15, 255]) expect(matrixFor(code)).toBe(BT601.code);
});

test("names and codes are known alike; no tag is no reason to warn", () => {
  expect(["bt709", "gbr", "unknown", "reserved", undefined, 1].every(isKnownMatrix)).toBe(true);
  expect(["ycgco", "bt2020c", 8, 10].some(isKnownMatrix)).toBe(false);
  const lines: string[] = [];
  const logger = { info() {}, progress() {}, warn: (line: string): unknown => lines.push(line) };
  warnOfMatrix("a.mp4", "bt709", logger);
  warnOfMatrix("a.mp4", "ycgco", logger);
  expect(lines).toEqual([expect.stringContaining("matrix ycgco")]);
});

const tags = (text: string): string[] => ["-bsf:v", `h264_metadata=${text}`];

const ffmpeg = await findProgram("ffmpeg");
const both = backends.every(([, there]) => there) && ffmpeg !== undefined;

/** Every backend reads every kind of tag and of fields, and both see the same. Needs node-av and the program ffmpeg, which makes the files. */
describe.skipIf(!both)("files with unusual tags", () => {
  let folder: string;
  beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "tags-"))));
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  async function made(name: string, coding: readonly string[], filter: readonly string[] = []): Promise<string> {
    const path = join(folder, name);
    const source = ["-f", "lavfi", "-i", "testsrc2=s=176x144:r=25:d=0.4"];
    const run = await runProgram(ffmpeg!, ["-y", "-v", "error", ...source, ...coding, ...filter, path]);
    expect(run.complaint).toBe("");
    return path;
  }

  const h264 = ["-c:v", "libx264", "-pix_fmt", "yuv420p"];

  test.each([
    ["interlaced, upper field first", "tff.mp4", [...h264, "-flags", "+ildct+ilme", "-x264-params", "tff=1"]],
    ["interlaced, lower field first", "bff.mkv", [...h264, "-flags", "+ildct+ilme", "-x264-params", "bff=1"]],
    ["interlaced MPEG-2", "fields.ts", ["-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-pix_fmt", "yuv420p"]],
    ["telecined", "pulldown.mkv", [...h264, "-vf", "telecine"]],
    ["HLG, BT.2020", "hlg.mp4", h264, tags("colour_primaries=9:transfer_characteristics=18:matrix_coefficients=9")],
    ["PQ, BT.2020", "pq.mp4", h264, tags("colour_primaries=9:transfer_characteristics=16:matrix_coefficients=9")],
    ["BT.709, full range", "full.mp4", h264, tags("matrix_coefficients=1:video_full_range_flag=1")],
    ...[9, 10, 11, 12].map(
      (curve) => [`curve ${curve}`, `curve${curve}.mp4`, h264, tags(`transfer_characteristics=${curve}`)] as const,
    ),
    ...[4, 6, 7, 8, 10, 11, 12, 13, 14].map(
      (matrix) => [`matrix ${matrix}`, `matrix${matrix}.mp4`, h264, tags(`matrix_coefficients=${matrix}`)] as const,
    ),
    ["YCgCo in full colour", "ycgco444.mkv", ["-c:v", "libx264", "-pix_fmt", "yuv444p"], tags("matrix_coefficients=8")],
    ["10 bits", "ten.mkv", ["-c:v", "ffv1", "-pix_fmt", "yuv420p10le"]],
    ...["yuv420p10le", "yuv422p10le", "yuv444p10le", "yuv422p"].map(
      (format) => [`H.264, ${format}`, `${format}.mkv`, ["-c:v", "libx264", "-pix_fmt", format]] as const,
    ),
    ["colour a quarter as wide", "quarter.mkv", ["-c:v", "ffv1", "-pix_fmt", "yuv411p"]],
    ["grey", "grey.mkv", ["-c:v", "ffv1", "-pix_fmt", "gray"]],
  ] as const)("%s", async (_, name, coding, filter: readonly string[] = []) => {
    const path = await made(name, coding, filter);
    await using a = await openFrameSource(path, { backend: "node-av" });
    await using b = await openFrameSource(path, { backend: "ffmpeg" });
    expect(a.frameCount).toBe(b.frameCount);
    expect(a.frameCount).toBeGreaterThanOrEqual(10);
    for (const index of [0, 4, a.frameCount - 1]) {
      const [x, y] = [(await a.frame(index)).data, (await b.frame(index)).data];
      expect(x.reduce((most, value, i) => Math.max(most, Math.abs(value - y[i])), 0)).toBeLessThanOrEqual(2);
    }
  });

  test("of several tracks both backends read the first, whatever is marked as default, and say so", async () => {
    const path = join(folder, "two.mkv");
    const sources = [
      "-f",
      "lavfi",
      "-i",
      "color=red:s=64x48:r=25:d=0.2",
      "-f",
      "lavfi",
      "-i",
      "color=blue:s=64x48:r=25:d=0.2",
    ];
    const marks = ["-disposition:v:0", "0", "-disposition:v:1", "default"];
    await runProgram(ffmpeg!, [
      "-y",
      "-v",
      "error",
      ...sources,
      "-map",
      "0",
      "-map",
      "1",
      "-c:v",
      "ffv1",
      ...marks,
      path,
    ]);
    for (const backend of ["node-av", "ffmpeg"] as const) {
      const lines: string[] = [];
      const logger = { info() {}, progress() {}, warn: (line: string): unknown => lines.push(line) };
      await using source = await openFrameSource(path, { backend, logger });
      const { data } = await source.frame(0);
      expect([data[0] > 200, data[2] < 60]).toEqual([true, true]);
      expect(lines).toEqual([expect.stringContaining("2 video tracks")]);
    }
  });
});

test.each([
  ["yuv420p10le", "left", { x: 0, y: 128 }],
  ["yuv420p", undefined, { x: 128, y: 128 }],
  ["yuv420p", "unspecified", { x: 128, y: 128 }],
  ["nv12", "topleft", { x: 0, y: 0 }],
  ["yuv422p10le", "left", { x: 0, y: 0 }],
  ["yuvj422p", "center", { x: 128, y: 0 }],
  ["yuv411p", "center", { x: 384, y: 0 }],
  ["yuv410p", "bottom", { x: 384, y: 768 }],
  ["yuv440p", "left", { x: 0, y: 128 }],
  ["yuv444p", "left", undefined],
  ["gbrp", undefined, undefined],
  ["gray16le", undefined, undefined],
])("colour samples of %s, %s", (format, place, expected) => {
  expect(chromaPlace(format, place)).toEqual(expected);
});
