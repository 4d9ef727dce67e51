import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, assert, asyncProperty, constantFrom, integer, tuple, uint8Array } from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FrameAnnotation } from "../../src/annotations/frameAnnotation.ts";
import { maskFolder, pngNames, sequenceFolders } from "../../src/formats/maskFolder.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";

let root: string;
const at = (name: string): string => join(root, name);
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "masks-"));
});
afterEach(() => rm(root, { recursive: true }));

const row = (...data: number[]) => ({ width: data.length, height: 1, data: Uint8Array.from(data) });

async function framesIn(path: string): Promise<FrameAnnotation[]> {
  const frames: FrameAnnotation[] = [];
  for await (const frame of (await maskFolder.read(path)).frames) frames.push(frame);
  return frames;
}

describe("a folder of masks", () => {
  it("that is not there, or not a folder", async () => {
    await expect(maskFolder.read(at("none"))).rejects.toThrow(`no such folder: ${at("none")}`);
    await writeFile(at("file"), "");
    await expect(maskFolder.read(at("file"))).rejects.toMatchObject({ code: "score/no-folder" });
  });

  it("a picture that is none is found when its turn comes", async () => {
    await writeMaskPng(at("0.png"), row(1));
    await writeFile(at("1.png"), "no picture");
    const seen: number[] = [];
    const look = async (): Promise<void> => {
      for await (const { frame } of (await maskFolder.read(root)).frames) seen.push(frame);
    };
    await expect(look()).rejects.toThrow(at("1.png"));
    expect(seen).toEqual([0]);
  });

  it("in natural order, by the number in the name; anything else is passed over", async () => {
    for (const name of ["10.png", "9.PNG", "cat_0002.png"]) await writeMaskPng(at(name), row(0, 254, 255));
    await writeFile(at("notes.txt"), "");
    await mkdir(at("11.png"));
    expect(await pngNames(root)).toEqual(["9.PNG", "10.png", "cat_0002.png"]);
    const frames = await framesIn(root);
    expect(frames.map(({ frame, image }) => [frame, image])).toEqual([
      [9, "9"],
      [10, "10"],
      [2, "cat_0002"],
    ]);
    expect(frames[0].mask).toEqual(row(0, 254, 255));
  });

  it("is named after its sequence and knows no objects before its masks are read", async () => {
    await mkdir(at("cat"));
    expect(await maskFolder.read(at("cat"))).toMatchObject({ sequence: "cat", objects: [] });
    expect(await framesIn(at("cat"))).toEqual([]);
  });

  it("frames without a mask are not written, frames without a name get five digits", async () => {
    const frames = [
      { frame: 0, points: [] },
      { frame: 7, mask: row(1) },
      { frame: 8, image: "b", mask: row(2) },
    ];
    await maskFolder.write(at("out"), { objects: [], frames });
    expect(await readdir(at("out"))).toEqual(["00007.png", "b.png"]);
  });

  it("masks come one at a time: the next is made when the one before is on disk", async () => {
    const seen: string[][] = [];
    async function* frames(): AsyncGenerator<FrameAnnotation> {
      for (const frame of [0, 1, 2]) {
        seen.push(await readdir(at("out")).catch(() => []));
        yield { frame, mask: row(frame) };
      }
    }
    await maskFolder.write(at("out"), { objects: [], frames: frames() });
    expect(seen.map(({ length }) => length)).toEqual([0, 1, 2]);
  });

  it("comes back as it was written", async () => {
    const mask = tuple(integer({ min: 1, max: 5 }), integer({ min: 1, max: 4 })).chain(([width, height]) =>
      uint8Array({ minLength: width * height, maxLength: width * height }).map((data) => ({ width, height, data })),
    );
    await assert(
      asyncProperty(array(mask, { maxLength: 3 }), constantFrom("", "frame "), async (masks, prefix) => {
        const folder = await mkdtemp(at("clip-"));
        const frames = masks.map((one, i) => ({ frame: i, image: `${prefix}${i}`, mask: one }));
        await maskFolder.write(folder, { objects: [], frames });
        expect(await framesIn(folder)).toEqual(frames);
      }),
      { numRuns: 30 },
    );
  });
});

describe("a folder of sequences", () => {
  it("has at least one", async () => {
    await writeFile(at("00000.png"), "");
    await mkdir(at(".hidden"));
    await expect(sequenceFolders(root)).rejects.toMatchObject({ code: "score/no-sequences" });
    await expect(sequenceFolders(at("none"))).rejects.toMatchObject({ code: "score/no-folder" });
  });

  it("in natural order", async () => {
    for (const name of ["clip10", "clip9", "a"]) await mkdir(at(name));
    expect(await sequenceFolders(root)).toEqual(["a", "clip9", "clip10"]);
  });
});
