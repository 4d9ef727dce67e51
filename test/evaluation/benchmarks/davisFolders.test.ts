import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scoreDavisFolders } from "../../../src/evaluation/benchmarks/davisFolders.ts";
import { davisTable } from "../../../src/evaluation/benchmarks/davisTable.ts";
import { writeMaskPng } from "../../../src/video/masks/maskPng.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "davis-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A 4×3 picture, its first pixels labelled. */
async function write(path: string, labels: readonly number[], width = 4): Promise<void> {
  const data = new Uint8Array(width * 3);
  data.set(labels);
  await writeMaskPng(join(folder, path), { width, height: 3, data });
}

/** Four frames of truth; predictions of the two that are scored, the second a third right. */
async function cat(): Promise<void> {
  for (const i of [0, 1, 2, 3]) await write(`truth/cat/0000${i}.png`, [1, 1]);
  await write("pred/cat/00001.png", [1, 1]);
  await write("pred/cat/00002.png", [0, 1, 1]);
}

const score = (sequences?: readonly string[]) =>
  scoreDavisFolders(
    { prediction: join(folder, "pred"), truth: join(folder, "truth"), ...(sequences !== undefined && { sequences }) },
    { here: "noted" },
  );

describe("scoring folders", () => {
  it("scores all frames but the first and the last, which need no prediction", async () => {
    await cat();
    const result = await score();
    expect(result.benchmark).toBe("davis");
    expect(result.settings).toEqual({ here: "noted" });
    expect(result.sequences["cat"].objects["1"].J).toEqual([1, 1 / 3]);
    expect(result.J.mean).toBeCloseTo(2 / 3, 12);
    expect(result.J.recall).toBe(0.5);
    expect(Object.keys(result)).toEqual(["benchmark", "JF_mean", "J", "F", "settings", "sequences"]);
  });

  it("scores only the sequences asked for", async () => {
    await cat();
    await write("pred/other/00000.png", [1]);
    expect(Object.keys((await score(["cat"])).sequences)).toEqual(["cat"]);
    await expect(score()).rejects.toThrow(
      `no truth for the sequence other: expected its masks in ${join(folder, "truth/other")}`,
    );
    await expect(score(["dog"])).rejects.toThrow("no truth for the sequence dog");
  });

  it("names what is missing", async () => {
    await expect(score()).rejects.toThrow(`no such folder: ${join(folder, "pred")}`);
    await cat();
    await rm(join(folder, "pred/cat/00002.png"));
    await expect(score()).rejects.toThrow(`lacks 1 of 2 masks, first ${join(folder, "pred/cat/00002.png")}`);
    await rm(join(folder, "pred/cat"), { recursive: true });
    await expect(score()).rejects.toThrow("holds no sequences");
    await expect(score(["cat"])).rejects.toThrow(`no such folder: ${join(folder, "pred/cat")}`);
  });

  it("names masks of another size, unreadable ones and unknown labels", async () => {
    await cat();
    await write("pred/cat/00002.png", [1], 5);
    await expect(score()).rejects.toThrow(/pred\/cat\/00002\.png is of another size than .*got 5x3, expected 4x3/u);
    await write("pred/cat/00002.png", [1, 7]);
    await expect(score()).rejects.toThrow(
      /pred\/cat\/00002\.png holds a label.*got label 7.*first frame's truth \(1\)/u,
    );
    await writeFile(join(folder, "pred/cat/00002.png"), "no picture");
    await expect(score()).rejects.toThrow(/pred\/cat\/00002\.png/u);
  });

  it("refuses truth without an object or with fewer than three frames", async () => {
    await cat();
    await write("truth/cat/00000.png", []);
    await expect(score()).rejects.toThrow(`${join(folder, "truth/cat/00000.png")} shows no object`);
    await rm(join(folder, "truth/cat/00000.png"));
    await rm(join(folder, "truth/cat/00001.png"));
    await expect(score()).rejects.toThrow("got 2 annotated frames, expected at least 3");
  });
});

it("the table has a row per sequence and one for all objects", async () => {
  await cat();
  const rows = davisTable(await score()).split("\n");
  expect(rows.find((row) => row.includes("cat"))).toMatch(/ 1 .*0\.667 .*0\.500 /u);
  expect(rows.find((row) => row.includes("all objects"))).toMatch(/ 1 .*0\.667 /u);
});
