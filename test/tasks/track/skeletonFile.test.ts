import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readLabels } from "../../../src/tasks/track/trackLabels.ts";
import { silent } from "../../../src/core/log.ts";
import { keepSkeleton, skeletonFor } from "../../../src/tasks/track/skeletonFile.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsumugi-skeleton-"));
});
afterEach(() => rm(folder, { recursive: true }));

const points = [
  { frame: 0, name: "nose", x: 1, y: 2 },
  { frame: 0, name: "neck", x: 3, y: 4 },
];
async function labelsOf(file: object) {
  const path = join(folder, "points.json");
  await writeFile(path, JSON.stringify(file));
  return readLabels({ labels: [{ path }] }, silent);
}

it("a file that is broken is named", async () => {
  await writeFile(join(folder, "skeleton.json"), '[["nose"]]');
  await expect(skeletonFor(folder, [])).rejects.toMatchObject({ code: "json/invalid" });
});

it("labels with a skeleton, then a correction without one", async () => {
  const given = await labelsOf({ points, skeleton: [["nose", "neck"]] });
  const bones = await skeletonFor(folder, given);
  expect(bones).toEqual([["nose", "neck"]]);
  await keepSkeleton(folder, bones);
  expect(await skeletonFor(folder, await labelsOf({ points }))).toEqual([["nose", "neck"]]);
  const other = await labelsOf({ points, skeleton: [["neck", "tail"]] });
  expect(await skeletonFor(folder, other)).toEqual([["neck", "tail"]]);
});

it("none is no file", async () => {
  expect(await skeletonFor(folder, await labelsOf({ points }))).toEqual([]);
  await keepSkeleton(folder, []);
  expect(await readdir(folder)).toEqual(["points.json"]);
});

it("a skeleton that is none is an error of the file", async () => {
  await expect(labelsOf({ points, skeleton: ["nose"] })).rejects.toMatchObject({ code: "json/invalid" });
});
