import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { encode } from "fast-png";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readLabelMask } from "../../../src/video/masks/labelMask.ts";
import { ColourIds } from "../../../src/video/masks/maskKinds.ts";
import { davisPalette } from "../../../src/video/masks/maskBytes.ts";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "masks-"))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

const [width, height] = [48, 40];

/** 1 in a disc around the middle. */
const disc = Uint8Array.from({ length: width * height }, (_, i) =>
  Math.hypot((i % width) - 24, Math.floor(i / width) - 20) < 11 ? 1 : 0,
);
const discArea = disc.reduce((a, b) => a + b, 0);

interface Read {
  readonly data: Uint8Array;
  readonly lines: readonly string[];
}

async function read(path: string, colours?: ColourIds): Promise<Read> {
  const lines: string[] = [];
  const logger = { info() {}, progress() {}, warn: (line: string): unknown => lines.push(line) };
  const labels = await readLabelMask(path, { logger, ...(colours && { colours }) });
  expect([labels.width, labels.height]).toEqual([width, height]);
  return { data: labels.data, lines };
}

async function written(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const grey = (values: Uint8Array): Sharp => sharp(values, { raw: { width, height, channels: 1 } });
const rgbOf = (colour: (i: number) => readonly number[]): Uint8Array =>
  Uint8Array.from({ length: 3 * width * height }, (_, i) => colour(Math.floor(i / 3))[i % 3]);
const png = (data: Uint8Array | Uint16Array, more: object = {}): Uint8Array =>
  encode({ width, height, data, channels: 1, depth: data instanceof Uint16Array ? 16 : 8, ...more });

/** How many pixels differ from the disc. */
const differing = (data: Uint8Array): number =>
  data.reduce((count, label, i) => count + (label === disc[i] ? 0 : 1), 0);

describe("label maps stay as they are, without a word", () => {
  test.each([
    ["two values", (i: number) => disc[i] * 255],
    ["ids from 1 on", (i: number) => disc[i] * (1 + Math.floor(i / (width * 20)))],
    ["ids with a border of void", (i: number) => [0, 3][disc[i]] + (i % width < 2 ? 255 : 0)],
    ["many ids in stripes", (i: number) => disc[i] * (1 + Math.floor(i / width))],
    ["an object of one pixel", (i: number) => (i === 500 ? 3 : 0)],
    ["a line of one pixel", (i: number) => (i % width === 20 ? 7 : 0)],
  ])("%s", async (name, value) => {
    const values = Uint8Array.from({ length: width * height }, (_, i) => Math.min(255, value(i)));
    const { data, lines } = await read(await written(`${name}.png`, png(values)));
    expect(data).toEqual(values);
    expect(lines).toEqual([]);
  });

  test("the DAVIS palette by its indices, whether stored as indices or as colours", async () => {
    const palette = Array.from({ length: 256 }, (_, i) => [...davisPalette.subarray(3 * i, 3 * i + 3)]);
    const two = disc.map((value, i) => value * (i % width < 24 ? 1 : 2));
    const indexed = await read(await written("davis.png", png(two, { palette })));
    expect(indexed).toEqual({ data: two, lines: [] });
    const colours = rgbOf((i) => palette[two[i]]);
    const coloured = await read(await written("davis-rgb.png", png(colours, { channels: 3 })));
    expect(coloured).toEqual({ data: two, lines: [] });
  });
});

describe("soft masks are cut at half, with a word", () => {
  const white = disc.map((value) => value * 255);
  test.each([
    ["blurred", () => grey(white).blur(0.8).toColourspace("b-w").png()],
    ["blurred more", () => grey(white).blur(1.5).toColourspace("b-w").png()],
    ["a JPEG", () => grey(white).jpeg({ quality: 80 })],
    ["a WebP", () => grey(white).webp({ quality: 60 })],
  ])("%s", async (name, picture) => {
    const { data, lines } = await read(await written(`${name}.png`, await picture().toBuffer()));
    expect(differing(data)).toBeLessThanOrEqual(0.06 * discArea);
    expect(lines).toEqual([expect.stringMatching(/soft edges \(\d+ pixels/)]);
  });

  test("a JPEG that became a PNG again", async () => {
    const jpeg = await grey(white).jpeg({ quality: 75 }).toBuffer();
    const again = await sharp(jpeg).toColourspace("b-w").png().toBuffer();
    const { data, lines } = await read(await written("again.png", again));
    expect(differing(data)).toBeLessThanOrEqual(0.06 * discArea);
    expect(lines).toHaveLength(1);
  });
});

describe("palettes and colours", () => {
  test("index 0 is the object, 1 is black: black is the background", async () => {
    const path = await written(
      "turned.png",
      png(
        disc.map((value) => 1 - value),
        {
          palette: [
            [255, 255, 255],
            [0, 0, 0],
          ],
        },
      ),
    );
    const { data, lines } = await read(path);
    expect(data).toEqual(disc);
    expect(lines).toEqual([expect.stringContaining("1 is taken for the background")]);
  });

  test("a white background at index 0 without any black stays the background", async () => {
    const path = await written(
      "white.png",
      png(disc, {
        palette: [
          [255, 255, 255],
          [200, 0, 0],
        ],
      }),
    );
    expect(await read(path)).toEqual({ data: disc, lines: [] });
  });

  test("every colour on black is an object, and keeps its id in further masks", async () => {
    const colours = new ColourIds();
    const [black, orange, teal] = [
      [0, 0, 0],
      [240, 120, 10],
      [10, 130, 120],
    ];
    const both = rgbOf((i) => (disc[i] === 0 ? black : i % width < 24 ? orange : teal));
    const first = await read(await written("colours.png", png(both, { channels: 3 })), colours);
    expect(new Set(first.data)).toEqual(new Set([0, 1, 2]));
    expect(first.lines).toEqual([expect.stringMatching(/#\w{6} is object 1, #\w{6} is object 2/)]);
    const onlyTeal = rgbOf((i) => (disc[i] === 0 ? black : teal));
    const second = await read(await written("teal.png", png(onlyTeal, { channels: 3 })), colours);
    const tealId = first.data[20 * width + 30];
    expect(new Set(second.data)).toEqual(new Set([0, tealId]));
    expect(second.lines).toEqual([]);
  });

  test("transparent pixels are background", async () => {
    const rgba = Uint8Array.from({ length: 4 * width * height }, (_, i) =>
      i % 4 === 3 ? disc[Math.floor(i / 4)] * 255 : i % 4 === 0 ? 128 : 0,
    );
    expect((await read(await written("alpha.png", png(rgba, { channels: 4 })))).data).toEqual(disc);
  });
});

describe("16 bits", () => {
  test.each([
    ["small ids", 3, 3],
    ["the largest value", 65_535, 255],
  ])("%s", async (name, stored, label) => {
    const values = Uint16Array.from(disc, (value) => value * stored);
    expect((await read(await written(`${name}.png`, png(values)))).data).toEqual(disc.map((value) => value * label));
  });

  test("ids that do not fit are refused", async () => {
    const path = await written("wide.png", png(Uint16Array.from(disc, (value) => value * 1000)));
    await expect(read(path)).rejects.toMatchObject({ code: "mask/depth", message: expect.stringContaining("1000") });
  });
});

describe("what is no mask is refused with what to do", () => {
  const noise = Uint8Array.from({ length: width * height }, (_, i) => (i * 7919) % 251);
  test.each([
    ["a photo in grey", () => png(noise), "mask/soft"],
    [
      "a dithered palette",
      () =>
        png(
          disc.map((value, i) => value * (12 + (i % 2 === Math.floor(i / width) % 2 ? 1 : 0))),
          { palette: Array.from({ length: 16 }, (_, k) => [k * 10, 0, 0]) },
        ),
      "mask/soft",
    ],
    [
      "a photo in colour",
      () =>
        png(
          rgbOf((i) => [noise[i], noise[(i * 3) % noise.length], 9]),
          { channels: 3 },
        ),
      "mask/colour",
    ],
    ["text", () => Buffer.from("no picture"), "mask/unreadable"],
    ["an empty file", () => Buffer.alloc(0), "mask/unreadable"],
  ])("%s", async (name, bytes, code) => {
    const path = await written(`${name}.png`, bytes());
    await expect(read(path)).rejects.toMatchObject({ code, message: expect.stringContaining(path) });
  });

  test("a missing file", async () => {
    await expect(read(join(folder, "nowhere.png"))).rejects.toMatchObject({ code: "mask/missing" });
  });

  test("any bytes give a mask or an error of the user's", async () => {
    const start = png(disc);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), fc.nat({ max: start.length }), async (bytes, at) => {
        const broken = Uint8Array.from(start);
        broken.set(bytes.subarray(0, start.length - at), at);
        const path = await written("any.png", broken);
        const code = await readLabelMask(path).then(
          () => "mask/read",
          (error: unknown) => (error as { code?: string }).code,
        );
        expect(code).toMatch(/^mask\//);
      }),
      { numRuns: 60 },
    );
  });
});
