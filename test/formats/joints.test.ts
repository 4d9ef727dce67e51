import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { visiblePoints } from "../../src/annotations/annotations.ts";
import { FileContents } from "../../src/formats/contents.ts";
import { joints } from "../../src/formats/joints.ts";

const KEYPOINTS = join(import.meta.dirname, "../../../shared/data/keypoints");
const absent = !existsSync(KEYPOINTS);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "joints-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(file: object) {
  const path = join(folder, "a.json");
  await writeFile(path, JSON.stringify(file));
  return joints.read(path);
}

const clip = {
  sequence: "a",
  width: 320,
  height: 240,
  joint_names: ["neck", "belly"],
  convention: "pixels, 1-based",
  frames: [
    {
      file: "00004.jpg",
      joints: [
        [1, 1],
        [3, 4],
      ],
    },
  ],
};

describe("joint annotations", () => {
  it("JHMDB counts from 1: the first pixel's centre becomes (0.5, 0.5)", async () => {
    const points = [
      { name: "neck", x: 0.5, y: 0.5, visible: true },
      { name: "belly", x: 2.5, y: 3.5, visible: true },
    ];
    expect(await read(clip)).toEqual({
      sequence: "a",
      size: { width: 320, height: 240 },
      objects: [{ name: "neck" }, { name: "belly" }],
      frames: [{ frame: 4, image: "00004", points }],
    });
  });

  it("BADJA counts from 0 at 1920 pixels: half of such a pixel is added; hidden joints are not visible", async () => {
    const places = [
      [0, 0],
      [96, 48],
    ];
    const file = { ...clip, joint_names: undefined, width: 960, height: 540, convention: "0-based" };
    const { frames } = await read({ ...file, frames: [{ file: "1.jpg", joints: places, visible: [false, true] }] });
    expect(frames[0].points).toEqual([
      { name: "joint 0", x: 0, y: 0, visible: false },
      { name: "joint 1", x: 96.25, y: 48.25, visible: true },
    ]);
  });

  it("refuses what it cannot be sure of", async () => {
    await expect(read({ ...clip, convention: "pixels" })).rejects.toMatchObject({ code: "joints/convention" });
    await expect(read({ ...clip, joint_names: ["neck"] })).rejects.toThrow("2 joints, expected 1");
    const [frame] = clip.frames;
    const second = { ...frame, file: "00005.jpg", joints: [[1, 1]] };
    await expect(read({ ...clip, frames: [frame, second] })).rejects.toMatchObject({ code: "joints/count" });
    await expect(read({ ...clip, frames: [{ ...frame, visible: [true] }] })).rejects.toMatchObject({
      code: "joints/count",
    });
    await expect(read({ ...clip, frames: [] })).rejects.toMatchObject({ code: "json/invalid" });
    await expect(read({ ...clip, width: 0 })).rejects.toThrow("a.json is not as expected at width");
  });

  it("names a file that is not there", async () => {
    const path = join(folder, "none.json");
    await expect(joints.read(path)).rejects.toThrow(`no such joint annotation: ${path}`);
  });

  it("is recognised by its convention", async () => {
    await read(clip);
    expect(await joints.sniff(new FileContents(join(folder, "a.json")))).toBe(true);
    for (const other of ["[]", "null", '{"points":[]}', '"convention"']) {
      await writeFile(join(folder, "b.json"), other);
      expect(await joints.sniff(new FileContents(join(folder, "b.json")))).toBe(false);
    }
  });

  it.skipIf(absent)(`reads the real files${absent ? " (skipped: ../shared/data is absent)" : ""}`, async () => {
    const golf = await joints.read(join(KEYPOINTS, "JHMDB/jhmdb-golf-01.json"));
    expect([golf.objects.length, golf.frames.length]).toEqual([15, 40]);
    expect(golf.frames[0].points?.[0]).toMatchObject({ x: 105.86, y: 72.7 });
    const dog = await joints.read(join(KEYPOINTS, "BADJA/dog.json"));
    expect([dog.objects.length, dog.frames.length, dog.frames[0].image]).toEqual([37, 12, "00003"]);
    expect(visiblePoints(dog.frames[0]).filter((joint) => joint !== null)).toHaveLength(17);
  });
});
