import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readJointAnnotation } from "../../src/formats/jointAnnotations.ts";

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
  return readJointAnnotation(path);
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
    const { frames, names } = await read(clip);
    expect(names).toEqual(["neck", "belly"]);
    expect(frames).toEqual([
      {
        name: "00004",
        joints: [
          { x: 0.5, y: 0.5 },
          { x: 2.5, y: 3.5 },
        ],
      },
    ]);
  });

  it("BADJA counts from 0 at 1920 pixels: half of such a pixel is added; hidden joints are null", async () => {
    const joints = [
      [0, 0],
      [96, 48],
    ];
    const file = { ...clip, joint_names: undefined, width: 960, height: 540, convention: "0-based" };
    const { frames, names } = await read({ ...file, frames: [{ file: "1.jpg", joints, visible: [false, true] }] });
    expect(names).toEqual(["joint 0", "joint 1"]);
    expect(frames[0].joints).toEqual([null, { x: 96.25, y: 48.25 }]);
  });

  it("refuses what it cannot be sure of", async () => {
    await expect(read({ ...clip, convention: "pixels" })).rejects.toMatchObject({ code: "joints/convention" });
    await expect(read({ ...clip, joint_names: ["neck"] })).rejects.toThrow("2 joints, expected 1");
    await expect(read({ ...clip, frames: [] })).rejects.toMatchObject({ code: "json/invalid" });
  });

  it.skipIf(absent)(`reads the real files${absent ? " (skipped: ../shared/data is absent)" : ""}`, async () => {
    const golf = await readJointAnnotation(join(KEYPOINTS, "JHMDB/jhmdb-golf-01.json"));
    expect([golf.names.length, golf.frames.length]).toEqual([15, 40]);
    expect(golf.frames[0].joints[0]).toEqual({ x: 105.86, y: 72.7 });
    const dog = await readJointAnnotation(join(KEYPOINTS, "BADJA/dog.json"));
    expect([dog.names.length, dog.frames.length, dog.frames[0].name]).toEqual([37, 12, "00003"]);
    expect(dog.frames[0].joints.filter((joint) => joint !== null)).toHaveLength(17);
  });
});
