import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFrameSource } from "../../../src/video/frameSource.ts";
import { padToEven } from "../../../src/video/writing/pictureEncoder.ts";
import { openVideoWriter } from "../../../src/video/writing/writer.ts";
import { backends, codedFrame, decodeIndex, writeClip } from "../media.ts";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "writer-"))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

describe.each(backends)("%s", (backend, there) => {
  const media = test.skipIf(!there);

  media.each(["mp4", "webm", "gif"])("%s: as many frames come back as went in, in order", async (format) => {
    for (const count of [1, 2, 67]) {
      const path = join(folder, `${backend}-${count}.${format}`);
      expect(await writeClip(path, { count, width: 97, height: 71, backend })).toBe(path);
      await using source = await openFrameSource(path);
      const found: number[] = [];
      for await (const frame of source.frames()) found.push(decodeIndex(frame));
      expect(found).toEqual(Array.from({ length: count }, (_, i) => i));
      source.timesSec.forEach((t, i) => expect(t).toBeCloseTo(i / 25, 6));
    }
  });

  media("a folder that stands where the file should be is left alone", async () => {
    const path = join(folder, `${backend}-folder.mp4`);
    await mkdir(path);
    await writeFile(join(path, "precious.txt"), "x");
    await expect(writeClip(path, { count: 2, backend })).rejects.toThrow(/cannot write .*-folder\.mp4/);
    expect(await readdir(path)).toEqual(["precious.txt"]);
    expect((await readdir(folder)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  media("variable frame rate keeps its times", async () => {
    const timesSec = Array.from({ length: 40 }, (_, i) => 0.5 + 0.03 * i + 0.001 * i * i);
    for (const [format, digits] of [
      ["mp4", 4],
      ["webm", 2],
    ] as const) {
      const path = join(folder, `${backend}-vfr.${format}`);
      await writeClip(path, { count: 40, timesSec, backend });
      await using source = await openFrameSource(path);
      expect(source.frameCount).toBe(40);
      source.timesSec.forEach((t, i) => expect(t).toBeCloseTo(timesSec[i], digits));
    }
  });

  media("times closer than the container's finest step lose no frame; times below zero are moved", async () => {
    const path = join(folder, `${backend}-close.gif`);
    await writeClip(path, { count: 9, timesSec: Array.from({ length: 9 }, (_, i) => i * 0.001 - 1), backend });
    await using source = await openFrameSource(path);
    expect(source.frameCount).toBe(9);
    expect(source.timesSec[0]).toBe(0);
  });

  media.each(["usual", "least"] as const)("colours come back with %s effort", async (effort) => {
    const colours = [
      [200, 30, 90],
      [20, 220, 40],
      [30, 60, 240],
      [128, 128, 128],
    ];
    const path = join(folder, `${backend}-${effort}-colour.mp4`);
    const writer = await openVideoWriter(path, { width: 64, height: 64, fps: 5, backend, effort });
    for (const colour of colours) await writer.write(Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => colour[i % 3]));
    await writer.finish();
    await using source = await openFrameSource(path);
    for await (const frame of source.frames())
      colours[frame.index].forEach((v, c) => expect(Math.abs(frame.data[3 * 2080 + c] - v)).toBeLessThan(6));
  });

  media("abort, disposal and failure leave nothing; what was there before stays until finish", async () => {
    const own = join(folder, `${backend}-own`);
    const path = join(own, "clip.mp4");
    const begin = async () => openVideoWriter(path, { width: 96, height: 72, fps: 25, backend });
    const first = await begin();
    await first.write(codedFrame(0, 96, 72));
    await first.abort();
    expect(await readdir(own)).toEqual([]);
    await writeFile(path, "the old one");
    {
      await using second = await begin();
      await second.write(codedFrame(0, 96, 72));
    }
    expect(await readdir(own)).toEqual(["clip.mp4"]);
    const third = await begin();
    await expect(third.finish()).rejects.toThrow(/internal: .*no picture/);
    await expect(third.write(codedFrame(0, 96, 72))).rejects.toThrow(/internal: .*aborted/);
    const fourth = await begin();
    await fourth.write(codedFrame(5, 96, 72));
    await fourth.finish();
    await fourth.abort();
    expect(await readdir(own)).toEqual(["clip.mp4"]);
    await using source = await openFrameSource(path);
    expect(decodeIndex(await source.frame(0))).toBe(5);
  });
});

test("without node-av and ffmpeg: a folder of PNG pictures, replaced by the next run", async () => {
  const lines: string[] = [];
  const logger = { info() {}, progress() {}, warn: (line: string) => void lines.push(line) };
  const path = join(folder, "plain", "overlay.mp4");
  const write = async (count: number): Promise<string> => writeClip(path, { count, backend: "png", logger });
  expect(await write(3)).toBe(join(folder, "plain", "overlay_frames"));
  expect(lines[0]).toMatch(/overlay_frames.*node-av/);
  await write(2);
  expect(await readdir(join(folder, "plain"))).toEqual(["overlay_frames"]);
  await using source = await openFrameSource(join(folder, "plain", "overlay_frames"));
  expect(source.names).toEqual(["00000", "00001"]);
  expect((await source.frame(1)).data).toEqual(codedFrame(1, 96, 72));
  await writeFile(join(folder, "plain", "overlay_frames", "mine.txt"), "");
  await expect(write(1)).rejects.toMatchObject({ code: "video/output-folder" });
});

test("an extension that we do not write; a picture of another size; times that do not ascend", async () => {
  const size = { width: 96, height: 72, fps: 25 };
  await expect(openVideoWriter(join(folder, "a.wmv"), size)).rejects.toThrow(/\.wmv.*expected \.mp4, \.webm, \.gif/);
  await expect(openVideoWriter(join(folder, "noextension"), size)).rejects.toThrow(/no extension/);
  await using writer = await openVideoWriter(join(folder, "b.mp4"), { ...size, backend: "png" });
  await expect(writer.write(new Uint8Array(5))).rejects.toThrow(/internal: a picture of 5 bytes/);
  await expect(openVideoWriter(join(folder, "c.mp4"), { ...size, timesSec: [0, 0] })).rejects.toThrow(/internal/);
});

test("a place that cannot be written", async () => {
  await writeFile(join(folder, "file"), "");
  const options = { width: 96, height: 72, fps: 25 };
  await expect(openVideoWriter(join(folder, "file", "x.mp4"), options)).rejects.toMatchObject({ code: "file/write" });
});

test("odd sizes repeat the last column and row", () => {
  const rgb = Uint8Array.from([1, 1, 1, 2, 2, 2, 3, 3, 3]);
  expect([...padToEven(rgb, 3, 1)].filter((_, i) => i % 3 === 0)).toEqual([1, 2, 3, 3, 1, 2, 3, 3]);
  const even = new Uint8Array(12);
  expect(padToEven(even, 2, 2)).toBe(even);
});
