import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, asyncProperty, constantFrom, integer, nat, oneof, string, uint8Array } from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AnnotationStream } from "../../src/annotations/annotations.ts";
import { UserError } from "../../src/core/errors.ts";
import { formatOf, formats, readAnnotations, readPointLabels, readPointTruth } from "../../src/formats/registry.ts";
import { writeMaskPng } from "../../src/video/maskPng.ts";

let root: string;
const at = (name: string): string => join(root, name);
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "formats-"));
  await mkdir(at("masks"));
  await writeMaskPng(at("masks/00003.png"), { width: 4, height: 1, data: Uint8Array.of(0, 0, 7, 7) });
  await writeMaskPng(at("mask.png"), { width: 4, height: 1, data: Uint8Array.of(0, 0, 7, 7) });
  await writeFile(at("points.csv"), CSV);
  await writeFile(at("points.json"), POINTS);
  await writeFile(at("joints.json"), JOINTS);
});
afterAll(() => rm(root, { recursive: true }));

const CSV = "frame,name,x,y\n1,a,2,3\n";
const POINTS = '[{"frame":1,"name":"a","x":2,"y":3}]';
const JOINTS = JSON.stringify({
  sequence: "cat",
  width: 8,
  height: 8,
  convention: "1-based",
  joint_names: ["a"],
  frames: [{ file: "00001.jpg", joints: [[2.5, 3.5]] }],
});

async function framesOf({ frames }: AnnotationStream) {
  const all = [];
  for await (const frame of frames) all.push(frame);
  return all;
}

describe("which format it is", () => {
  it.each([
    ["points.csv", "points-csv"],
    ["points.json", "points-json"],
    ["joints.json", "joints"],
    ["mask.png", "mask-picture"],
    ["masks", "mask-folder"],
    ["POINTS.CSV", "points-csv"],
    ["notes.txt", undefined],
    ["none", undefined],
  ])("%s: %s", async (path, name) => {
    expect((await formatOf(at(path), formats))?.name).toBe(name);
  });

  it("names are unique, and every format is read", () => {
    expect(new Set(formats.map(({ name }) => name)).size).toBe(formats.length);
    expect(formats.every(({ read }) => read !== undefined)).toBe(true);
  });

  it("a path in none is named with what could be", async () => {
    await expect(readAnnotations(at("notes.txt"))).rejects.toThrow(
      `the format of ${at("notes.txt")} is unknown: expected a folder of masks, or a file that ends in .json, .csv, .png`,
    );
    await expect(readPointLabels(at("mask.png"))).rejects.toMatchObject({ code: "points/format" });
    await expect(readPointTruth(at("masks"))).rejects.toMatchObject({ code: "points/format" });
  });
});

describe("reading", () => {
  it("the same point from every format of points", async () => {
    for (const name of ["points.csv", "points.json", "joints.json"]) {
      const [{ frame, points }] = await framesOf(await readPointTruth(at(name)));
      expect([frame, points]).toEqual([1, [{ name: "a", x: 2, y: 3, visible: true }]]);
    }
  });

  it("joints are no labels to start from: their file has no points of its own", async () => {
    await expect(readPointLabels(at("joints.json"))).rejects.toMatchObject({ code: "points/empty" });
  });

  it("masks from a picture and from a folder", async () => {
    const mask = { width: 4, height: 1, data: Uint8Array.of(0, 0, 7, 7) };
    expect(await framesOf(await readAnnotations(at("mask.png")))).toEqual([{ frame: 0, mask }]);
    expect(await framesOf(await readAnnotations(at("masks")))).toEqual([{ frame: 3, image: "00003", mask }]);
  });
});

/** Whatever is in the file: annotations, or an error for the user. */
async function readOrRefused(name: string, bytes: Uint8Array | string): Promise<void> {
  await writeFile(at(name), bytes);
  for (const read of [readAnnotations, readPointLabels, readPointTruth])
    try {
      await framesOf(await read(at(name)));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      expect(error.code).toMatch(/^(?:csv|json|points|joints|mask)\//u);
    }
}

describe("bytes from anywhere", () => {
  it("are read or refused", async () => {
    const bytes = oneof(uint8Array({ maxLength: 80 }), string({ unit: "binary", maxLength: 80 }));
    await assert(asyncProperty(constantFrom("x.csv", "x.json", "x.png"), bytes, readOrRefused), { numRuns: 150 });
  });

  it("that were sound until some changed, or ended too early", async () => {
    const sound = constantFrom(["x.csv", CSV], ["x.json", POINTS], ["x.json", JOINTS]);
    await assert(
      asyncProperty(sound, nat(), integer({ min: 0, max: 127 }), nat(), async ([name, text], place, byte, end) => {
        const bytes = Buffer.from(text);
        bytes[place % bytes.length] = byte;
        await readOrRefused(name, bytes.subarray(0, end % 3 === 0 ? end % bytes.length : bytes.length));
      }),
      { numRuns: 200 },
    );
  });

  it("values of another type in a file of points or joints", async () => {
    const values = constantFrom(null, true, -1, 0.5, 1e300, "", "x", [], {}, [[]], [null]);
    const keys = constantFrom("frame", "name", "x", "y", "visible", "confidence", "frames", "width", "joint_names");
    await assert(
      asyncProperty(keys, values, async (key, value) => {
        await readOrRefused("x.json", JSON.stringify([{ ...JSON.parse(POINTS)[0], [key]: value }]));
        await readOrRefused("x.json", JSON.stringify({ ...JSON.parse(JOINTS), [key]: value }));
      }),
      { numRuns: 150 },
    );
  });
});
