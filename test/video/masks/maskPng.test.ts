import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Random } from "../../../src/core/random.ts";
import { davisPalette } from "../../../src/video/masks/maskBytes.ts";
import { readMaskPng, writeMaskPng } from "../../../src/video/masks/maskPng.ts";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "mask-"))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

function randomLabels(width: number, height: number, below: number): Uint8Array {
  const random = new Random(7);
  return Uint8Array.from({ length: width * height }, () => random.integer(below));
}

test("the palette is that of DAVIS / PASCAL VOC", () => {
  expect(davisPalette.length).toBe(768);
  const colours = [0, 1, 2, 3, 4, 8, 22, 255].map((i) => [...davisPalette.subarray(3 * i, 3 * i + 3)]);
  expect(colours).toEqual([
    [0, 0, 0],
    [128, 0, 0],
    [0, 128, 0],
    [128, 128, 0],
    [0, 0, 128],
    [64, 0, 0],
    [0, 192, 128],
    [224, 224, 192],
  ]);
});

test("writing and reading keeps all 256 values, in odd sizes and in a new folder", async () => {
  const labels = { width: 37, height: 19, data: randomLabels(37, 19, 256) };
  const path = join(folder, "new", "a.png");
  await writeMaskPng(path, labels);
  expect(await readMaskPng(path)).toEqual(labels);
  expect(await readdir(join(folder, "new"))).toEqual(["a.png"]);
});

test("another reader sees the palette's colours", async () => {
  const path = join(folder, "colours.png");
  await writeMaskPng(path, { width: 3, height: 1, data: Uint8Array.from([0, 1, 2]) });
  const raw = await sharp(path).removeAlpha().raw().toBuffer();
  expect([...raw]).toEqual([0, 0, 0, 128, 0, 0, 0, 128, 0]);
});

/** Rows of packed samples, each row from a byte of its own. */
function pack(data: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const out = new Uint8Array(rowBytes * height);
  data.forEach((v, p) => {
    const [x, y] = [p % width, Math.floor(p / width)];
    out[y * rowBytes + ((x * depth) >> 3)] |= v << (8 - depth - ((x * depth) & 7));
  });
  return out;
}

describe.each([1, 2, 4] as const)("palette PNG of %i bits", (depth) => {
  test.each([13, 16])("of width %i", async (width) => {
    const data = randomLabels(width, 5, 1 << depth);
    const palette = Array.from({ length: 1 << depth }, (_, i) => [i * 9, 255 - i, i]);
    const path = join(folder, `p${depth}-${width}.png`);
    const packed = pack(data, width, 5, depth);
    await writeFile(path, encode({ width, height: 5, data: packed, depth, channels: 1, palette }));
    expect([...(await readMaskPng(path)).data]).toEqual([...data]);
  });
});

test("grey masks keep their values: DAVIS-2016's 0 and 255", async () => {
  const path = join(folder, "grey.png");
  const data = Uint8Array.from([0, 255, 255, 0, 0, 255]);
  await writeFile(path, encode({ width: 3, height: 2, data, channels: 1, depth: 8 }));
  expect((await readMaskPng(path)).data).toEqual(data);
});

test.each([3, 4] as const)("pictures of %i channels in the palette's colours become indices", async (channels) => {
  const labels = randomLabels(8, 8, 256);
  const data = Uint8Array.from({ length: 64 * channels }, (_, i) => {
    const c = i % channels;
    return c === 3 ? 255 : davisPalette[labels[Math.floor(i / channels)] * 3 + c];
  });
  const path = join(folder, `rgb${channels}.png`);
  await writeFile(path, encode({ width: 8, height: 8, data, channels, depth: 8 }));
  expect((await readMaskPng(path)).data).toEqual(labels);
});

test("another colour is refused with its place", async () => {
  const path = join(folder, "strange.png");
  const data = Uint8Array.from([0, 0, 0, 128, 0, 0, 129, 0, 0, 0, 0, 0]);
  await writeFile(path, encode({ width: 2, height: 2, data, channels: 3, depth: 8 }));
  await expect(readMaskPng(path)).rejects.toThrow(/rgb\(129, 0, 0\) at pixel \(0, 1\).*palette PNG/s);
});

test("16 bits, an empty file, a cut file, text and a missing file are refused by name", async () => {
  const wide = join(folder, "wide.png");
  await writeFile(wide, encode({ width: 1, height: 1, data: Uint16Array.from([1]), channels: 1, depth: 16 }));
  await expect(readMaskPng(wide)).rejects.toMatchObject({ code: "mask/depth" });
  const good = encode({ width: 30, height: 30, data: randomLabels(30, 30, 3), channels: 1, depth: 8 });
  const bad = { empty: new Uint8Array(), cut: good.subarray(0, 200), text: Buffer.from("not a picture at all") };
  for (const [name, bytes] of Object.entries(bad)) {
    const path = join(folder, `${name}.png`);
    await writeFile(path, bytes);
    await expect(readMaskPng(path)).rejects.toMatchObject({
      code: "mask/unreadable",
      message: expect.stringContaining(path),
    });
  }
  await expect(readMaskPng(join(folder, "none.png"))).rejects.toMatchObject({ code: "mask/missing" });
});

const data = new URL("../../../../shared/data/segmentation", import.meta.url).pathname;

async function values(path: string): Promise<number[]> {
  return [...new Set((await readMaskPng(join(data, path))).data)].sort((a, b) => a - b);
}

test.skipIf(!existsSync(data))("real masks of the data sets (skipped without the data)", async () => {
  expect(await values("DAVIS/Annotations/480p/dog/00000.png")).toEqual([0, 255]);
  expect(await values("DAVIS/Annotations_2017/480p/bmx-trees/00000.png")).toEqual([0, 1, 2]);
  expect(await values("DAVIS/Annotations/240p/schoolgirls/00000.png")).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});
