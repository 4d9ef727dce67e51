import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import type { MotScores } from "../../src/tasks/score/motClips.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { scoring } from "./scoring.ts";

const { at, printed, score: run } = scoring();

async function score(...args: readonly string[]): Promise<MotScores> {
  await run("mot", ...args, "--json", at("scores.json"));
  return JSON.parse(await readFile(at("scores.json"), "utf8")) as MotScores;
}

async function write(name: string, ...rows: readonly string[]): Promise<string> {
  await mkdir(dirname(at(name)), { recursive: true });
  await writeFile(at(name), rows.map((row) => `${row}\n`).join(""));
  return at(name);
}

const row = (...data: number[]) => ({ width: data.length, height: 1, data: Uint8Array.from(data) });

/** Two things in two frames, the second of another class. */
const TRUTH = ["1,1,10,10,20,20,1,1,1", "1,2,60,10,20,20,1,3,1", "2,1,12,10,20,20,1,1,1", "2,2,62,10,20,20,1,3,1"];
const RESULTS = ["1,7,10,10,20,20,0.9,-1,-1,-1", "2,8,12,10,20,20,0.9,-1,-1,-1"];

describe("tsumugi score mot", () => {
  it("scores MOTChallenge's results against its truth", async () => {
    const { all, clips, overlap } = await score(
      "--pred",
      await write("results.txt", ...RESULTS),
      "--truth",
      await write("gt.txt", ...TRUTH),
    );
    expect(overlap).toBe("box");
    expect(Object.keys(clips)).toEqual(["results"]);
    // Two of four found; the one thing has two tracks of one frame each: 1 / (2 + 1 − 1).
    expect(all.hota.detA).toBeCloseTo(0.5, 12);
    expect(all.hota.assA).toBeCloseTo(0.5, 12);
    expect(all.clear).toMatchObject({ found: 2, missed: 2, wrong: 0, idSwitches: 1, mota: 0.25 });
    expect(all.identity.idf1).toBeCloseTo(1 / 3, 12);
    expect(all.count).toMatchObject({ things: 2, tracks: 2, error: 0, perFrame: 1 });
    expect(printed()).toMatch(/all clips │ +50\.0 │ +50\.0 │ +50\.0 │ +100\.0 │ +25\.0/u);
  });

  it("one class only", async () => {
    const files = ["--pred", await write("results.txt", ...RESULTS), "--truth", await write("gt.txt", ...TRUTH)];
    expect((await score(...files, "--class", "pedestrian")).all.hota.detA).toBe(1);
    await expect(score(...files, "--class", "boat")).rejects.toThrow("one of car, pedestrian");
  });

  it("several sequences by name, of different layouts", async () => {
    await write("results/one.txt", ...RESULTS);
    await write("results/two.txt", ...RESULTS);
    await write("truth/one/gt/gt.txt", ...TRUTH);
    await write("truth/two.csv", "frame,name,x,y,width,height", "0,a,9,9,20,20", "1,a,11,9,20,20");
    const split = await write("split.txt", "one", "two");
    const { clips, all } = await score("--pred", at("results"), "--truth", at("truth"), "--split", split);
    expect(clips["two"].hota.detA).toBe(1);
    expect(all.clear).toMatchObject({ found: 4, missed: 2, idSwitches: 2 });
    const other = await write("other.txt", "three");
    await expect(score("--pred", at("results"), "--truth", at("truth"), "--split", other)).rejects.toMatchObject({
      code: "mot/sequence",
    });
  });

  it("folders of masks by their pixels", async () => {
    await mkdir(at("pred"));
    await mkdir(at("truth"));
    await writeMaskPng(at("truth/00000.png"), row(1, 1, 0, 2));
    await writeMaskPng(at("pred/00000.png"), row(1, 1, 0, 0));
    const { overlap, all } = await score("--pred", at("pred"), "--truth", at("truth"));
    expect(overlap).toBe("mask");
    expect(all.clear).toMatchObject({ found: 1, missed: 1, motp: 1 });
  });

  it("masks of 0 and 255 show one object, as those of DAVIS 2016", async () => {
    await mkdir(at("pred"));
    await mkdir(at("truth"));
    for (const [i, data] of [
      [0, 0, 0],
      [0, 255, 255],
      [0, 0, 255],
    ].entries()) {
      await writeMaskPng(at(`truth/0000${i}.png`), row(...data));
      await writeMaskPng(at(`pred/0000${i}.png`), row(...data.map((value) => value / 255)));
    }
    const { all } = await score("--pred", at("pred"), "--truth", at("truth"));
    expect(all.hota.hota).toBe(1);
    expect(all.count).toMatchObject({ things: 1, tracks: 1 });
  });

  it("a tracker that found nothing left an empty file", async () => {
    const { all } = await score("--pred", await write("nothing.txt"), "--truth", await write("gt.txt", ...TRUTH));
    expect(all.clear).toMatchObject({ found: 0, missed: 4, mota: 0, mostlyLost: 2 });
    expect(all.count.error).toBe(-2);
  });

  it("shares of the frame need its size", async () => {
    await write("yolo/labels/00000.txt", "0 0.5 0.5 0.2 0.2 1");
    const files = ["--pred", at("yolo"), "--truth", at("yolo")];
    await expect(score(...files)).rejects.toMatchObject({ code: "labels/relative" });
    expect((await score(...files, "--size", "100x100")).all.hota.hota).toBe(1);
  });

  it("says what is not there", async () => {
    await expect(score("--pred", at("none"), "--truth", at("none"))).rejects.toMatchObject({ code: "file/missing" });
  });
});
