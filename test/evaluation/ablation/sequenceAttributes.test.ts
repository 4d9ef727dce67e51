/** @file Attributes of sequences, from masks drawn by hand. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sequenceAttributes } from "../../../src/evaluation/ablation/sequenceAttributes.ts";
import { writeMaskPng } from "../../../src/video/masks/maskPng.ts";

/** At 48 rows 20 px are 2. */
const SIZE = { width: 48, height: 48 };
let root: string;

type Box = readonly [left: number, top: number, right: number, bottom: number];

/** @param boxes by frame, each with the boxes of the objects 1, 2, … (right and bottom are not part of it). */
async function writeSequence(name: string, boxes: readonly (readonly Box[])[], label = 0): Promise<void> {
  for (const [t, objects] of boxes.entries()) {
    const data = new Uint8Array(SIZE.width * SIZE.height);
    objects.forEach(([left, top, right, bottom], i) => {
      for (let y = top; y < bottom; y++) data.fill(label || i + 1, y * SIZE.width + left, y * SIZE.width + right);
    });
    await writeMaskPng(join(root, "Annotations/480p", name, `0000${t}.png`), { ...SIZE, data });
  }
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attributes-"));
});
afterAll(() => rm(root, { recursive: true }));

const frames = (count: number, boxes: (t: number) => readonly Box[]): (readonly Box[])[] =>
  Array.from({ length: count }, (_, t) => boxes(t));

test.each([
  ["fast", frames(4, (t) => [[5 + 3 * t, 10, 25 + 3 * t, 30]]), ["fast motion"]],
  ["as-fast-as-allowed", frames(4, (t) => [[5 + 2 * t, 10, 25 + 2 * t, 30]]), []],
  [
    "shrinking",
    frames(4, (t) => [[20 - (t < 3 ? 10 : 6), 14, 20 + (t < 3 ? 10 : 6), 34 - (t < 3 ? 0 : 5)]]),
    ["scale variation"],
  ],
  ["small", frames(4, () => [[20, 20, 35, 35]]), ["small"]],
  ["at-the-border", frames(4, (t) => [[t < 3 ? 5 : 4, 28, 30, t < 3 ? 47 : 48]]), ["at the border"]],
  [
    "two",
    frames(4, () => [
      [1, 1, 21, 21],
      [24, 24, 44, 44],
    ]),
    ["several objects"],
  ],
  ["gone-for-a-while", frames(4, (t) => (t === 1 ? [] : [[1 + 4 * t, 1, 21 + 4 * t, 21]])), ["fast motion"]],
] as const)("%s", async (name, boxes, wanted) => {
  await writeSequence(name, boxes);
  expect(await sequenceAttributes({ root, sequences: [name] })).toEqual({ [name]: wanted });
});

test("binary masks, and only the first frames", async () => {
  await writeSequence(
    "grey",
    frames(5, (t) => [[t < 3 ? 10 : 30, 10, t < 3 ? 30 : 47, 30]]),
    255,
  );
  const benchmark = { root, sequences: ["grey"] };
  expect(await sequenceAttributes(benchmark)).toEqual({ grey: ["fast motion"] });
  expect(await sequenceAttributes(benchmark, 3)).toEqual({ grey: [] });
});

test("a sequence without masks is named", async () => {
  await expect(sequenceAttributes({ root, sequences: ["none"] })).rejects.toThrow(/no truth for the sequence none/);
});
