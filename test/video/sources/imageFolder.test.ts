import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isAnimatedPng } from "../../../src/video/sources/animatedImage.ts";
import { openFrameSource } from "../../../src/video/frameSource.ts";

let root: string;
beforeAll(async () => (root = await mkdtemp(join(tmpdir(), "images-"))));
afterAll(async () => rm(root, { recursive: true, force: true }));

/** One grey level all over, 6 x 4 unless told otherwise. */
async function image(path: string, level: number, width = 6, height = 4): Promise<void> {
  const data = new Uint8Array(width * height * 3).fill(level);
  await sharp(data, { raw: { width, height, channels: 3 } }).toFile(path);
}

async function folder(name: string, files: Readonly<Record<string, number>>): Promise<string> {
  const path = join(root, name);
  await mkdir(path);
  for (const [file, level] of Object.entries(files)) await image(join(path, file), level);
  return path;
}

test("all formats, in natural order, named by file; times are index / 25", async () => {
  const path = await folder("mixed", {
    "f10.png": 10,
    "f2.PNG": 2,
    "f1.png": 1,
    "f11.webp": 11,
    "f3.jpeg": 3,
    "f20.jpg": 20,
  });
  await writeFile(join(path, "notes.txt"), "not an image");
  await writeFile(join(path, "._f1.png"), "a Mac's shadow of a file");
  await using source = await openFrameSource(path);
  expect(source.names).toEqual(["f1", "f2", "f3", "f10", "f11", "f20"]);
  expect([source.width, source.height, source.frameCount]).toEqual([6, 4, 6]);
  expect([...source.timesSec]).toEqual([0, 0.04, 0.08, 0.12, 0.16, 0.2]);
  const levels: number[] = [];
  for await (const frame of source.frames()) levels.push(frame.data[0]);
  [1, 2, 3, 10, 11, 20].forEach((level, i) => expect(Math.abs(levels[i] - level)).toBeLessThanOrEqual(2));
  expect((await source.frame(3)).name).toBe("f10");
  await expect(source.frame(6)).rejects.toMatchObject({ code: "video/frame-index" });
});

test("grey, transparent, 16-bit and turned images all become upright 8-bit RGB", async () => {
  const path = join(root, "kinds");
  await mkdir(path);
  const grey = { raw: { width: 2, height: 1, channels: 1 as const } };
  await sharp(Uint8Array.from([7, 9]), grey)
    .png()
    .toFile(join(path, "1.png"));
  const rgba = Uint8Array.from([1, 2, 3, 0, 4, 5, 6, 128]);
  await sharp(rgba, { raw: { width: 2, height: 1, channels: 4 } })
    .png()
    .toFile(join(path, "2.png"));
  const wide = Uint16Array.from([0x1234, 0x8080, 0xffff, 0, 0, 0]);
  await sharp(wide, { raw: { width: 2, height: 1, channels: 3 } })
    .toColourspace("rgb16")
    .png()
    .toFile(join(path, "3.png"));
  // Stored as 1 x 2, to be turned by 90 degrees clockwise: the lower pixel comes to the left.
  const stored = Uint8Array.from([10, 10, 10, 200, 200, 200]);
  await sharp(stored, { raw: { width: 1, height: 2, channels: 3 } })
    .withMetadata({ orientation: 6 })
    .png()
    .toFile(join(path, "4.png"));
  await using source = await openFrameSource(path);
  expect([source.width, source.height]).toEqual([2, 1]);
  expect([...(await source.frame(0)).data]).toEqual([7, 7, 7, 9, 9, 9]);
  expect([...(await source.frame(1)).data]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...(await source.frame(2)).data]).toEqual([0x12, 0x80, 0xff, 0, 0, 0]);
  expect([...(await source.frame(3)).data]).toEqual([200, 200, 200, 10, 10, 10]);
});

test("a single image is a clip of one frame", async () => {
  await image(join(root, "single.png"), 42);
  await using source = await openFrameSource(join(root, "single.png"));
  expect([source.frameCount, source.names[0], (await source.frame(0)).data[0]]).toEqual([1, "single", 42]);
});

test("an empty folder, another size, equal names", async () => {
  const empty = await folder("empty", {});
  await expect(openFrameSource(empty)).rejects.toMatchObject({
    code: "video/no-images",
    message: expect.stringContaining(empty),
  });
  const sizes = await folder("sizes", { "a.png": 1, "b.png": 2 });
  await image(join(sizes, "c.png"), 3, 8, 4);
  await expect(openFrameSource(sizes)).rejects.toThrow(/c\.png differs.*got 8x4.*expected 6x4/s);
  const names = await folder("names", { "a.png": 1, "a.jpg": 2 });
  await expect(openFrameSource(names)).rejects.toMatchObject({ code: "image/name" });
});

test("a file that is no image fails at opening, a cut one at its own turn, both by name", async () => {
  const text = await folder("text", { "a.png": 1 });
  await writeFile(join(text, "b.png"), "no picture");
  await expect(openFrameSource(text)).rejects.toThrow(/b\.png/);
  const cut = await folder("cut", { "a.png": 1 });
  const noise = Uint8Array.from({ length: 72 }, (_, i) => (i * 37) % 256);
  const whole = await sharp(noise, { raw: { width: 6, height: 4, channels: 3 } })
    .png()
    .toBuffer();
  await writeFile(join(cut, "b.png"), whole.subarray(0, whole.length - 40));
  await using source = await openFrameSource(cut);
  const seen: string[] = [];
  const readAll = async (): Promise<void> => {
    for await (const frame of source.frames()) seen.push(frame.name);
  };
  await expect(readAll()).rejects.toMatchObject({
    code: "image/unreadable",
    message: expect.stringContaining("b.png"),
  });
  expect(seen).toEqual(["a"]);
});

function collector(): { info(): void; warn(line: string): void; progress(): void; lines: string[] } {
  const lines: string[] = [];
  return { info() {}, progress() {}, warn: (line) => void lines.push(line), lines };
}

test("pictures that cannot be read are named, and a folder of nothing else says what to do", async () => {
  const path = await folder("bitmaps", { "f0.png": 1, "f2.png": 2 });
  for (const name of ["f1.bmp", "f3.bmp"]) await writeFile(join(path, name), "BM");
  const logger = collector();
  await using source = await openFrameSource(path, { logger });
  expect(source.names).toEqual(["f0", "f2"]);
  expect(logger.lines).toEqual([expect.stringMatching(/left out 2 pictures.*f1\.bmp, f3\.bmp.*other 2/)]);
  const only = await folder("only-bitmaps", {});
  await writeFile(join(only, "f1.bmp"), "BM");
  await expect(openFrameSource(only)).rejects.toThrow(
    /got pictures of other kinds: f1\.bmp.*or one video file; or convert them to PNG/,
  );
});

test("a mask among the frames is pointed out; labels that are given as such are no frames", async () => {
  const path = await folder("among", {
    "00000.png": 0,
    "00001.png": 1,
    "00002.png": 2,
    "00003.png": 3,
    "first.png": 9,
  });
  const logger = collector();
  await using source = await openFrameSource(path, { logger });
  expect(source.frameCount).toBe(5);
  expect(logger.lines).toEqual([expect.stringMatching(/1 image named unlike the rest.*\(first\)/)]);
  const quiet = collector();
  await using without = await openFrameSource(path, { logger: quiet, notFrames: [join(path, "first.png")] });
  expect(without.names).toEqual(["00000", "00001", "00002", "00003"]);
  expect(quiet.lines).toEqual([]);
});

test("names that are decimal times are in the order of time", async () => {
  const path = await folder("times", { "9.9.png": 1, "9.94.png": 2, "10.06.png": 3, "10.1.png": 4 });
  await using source = await openFrameSource(path);
  expect(source.names).toEqual(["9.9", "9.94", "10.06", "10.1"]);
});

test("an animated WebP is a clip with times of its own", async () => {
  const path = join(root, "animated.webp");
  const pictures = [10, 120, 230].map((level) => new Uint8Array(8 * 8 * 3).fill(level));
  const raw = { width: 8, height: 24, channels: 3 as const, pageHeight: 8 };
  await sharp(Buffer.concat(pictures), { raw })
    .webp({ lossless: true, delay: [40, 60, 40], loop: 0 })
    .toFile(path);
  await using source = await openFrameSource(path);
  expect([source.frameCount, source.width, source.height]).toEqual([3, 8, 8]);
  expect([...source.timesSec]).toEqual([0, 0.04, 0.1]);
  const levels: number[] = [];
  for await (const frame of source.frames()) levels.push(frame.data[0]);
  expect(levels).toEqual([10, 120, 230]);
  expect((await source.frame(1)).data[0]).toBe(120);
});

test("an animated PNG is told from a still one", async () => {
  const still = await sharp({ create: { width: 2, height: 2, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  expect(isAnimatedPng(still)).toBe(false);
  const control = Buffer.from([0, 0, 0, 8, ...Buffer.from("acTL"), 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(isAnimatedPng(Buffer.concat([still.subarray(0, 33), control, still.subarray(33)]))).toBe(true);
  for (let length = 0; length < still.length; length++) expect(isAnimatedPng(still.subarray(0, length))).toBe(false);
});

/** Noise, so that any missing byte of the picture is felt. */
async function noisyJpeg(): Promise<Buffer> {
  const noise = Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => (i * 37) % 256);
  return sharp(noise, { raw: { width: 32, height: 32, channels: 3 } })
    .jpeg()
    .toBuffer();
}

test("a JPEG without its end marker, or with odd parameters, is read whole with a warning", async () => {
  const whole = await noisyJpeg();
  const path = await folder("broken", {});
  await writeFile(join(path, "0.jpg"), whole);
  await writeFile(join(path, "1.jpg"), whole.subarray(0, -2));
  // Samsung's cameras leave the last byte of the scan header's spectral selection 0 (T.81, B.2.3: 63 in sequential files).
  const scan = whole.lastIndexOf(Buffer.from([0xff, 0xda]));
  const odd = Buffer.from(whole);
  odd[scan + 2 + whole.readUInt16BE(scan + 2) - 2] = 0;
  await writeFile(join(path, "2.jpg"), odd);
  const logger = collector();
  await using source = await openFrameSource(path, { logger });
  const frames: Uint8Array[] = [];
  for await (const { data } of source.frames()) frames.push(data);
  expect(frames[1]).toEqual(frames[0]);
  expect(frames[2]).toEqual(frames[0]);
  expect(new Set(logger.lines.map((line) => /(\d\.jpg) is slightly broken/.exec(line)?.[1]))).toEqual(
    new Set(["1.jpg", "2.jpg"]),
  );
});

test("a JPEG that lacks a piece of its picture is refused", async () => {
  const path = await folder("half", {});
  const whole = await noisyJpeg();
  await writeFile(join(path, "0.jpg"), whole.subarray(0, Math.floor(whole.length / 2)));
  await using source = await openFrameSource(path);
  await expect(source.frame(0)).rejects.toMatchObject({ code: "image/unreadable" });
});
