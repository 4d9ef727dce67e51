import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { scoring } from "./scoring.ts";

const { at, printed, score } = scoring();

const writeRow = (name: string, ...data: number[]): Promise<void> =>
  writeMaskPng(at(name), { width: data.length, height: 1, data: Uint8Array.from(data) });

/** Two points whose box is 30 px; in frame 1 the first is 3 px off, in frame 2 it is hidden. */
const TRUTH = `frame,name,x,y,visible
0,a,10,10,1
0,b,40,50,1
1,a,10,10,1
1,b,40,50,1
2,a,0,0,0
2,b,40,50,1
`;
const PREDICTION = "frame,name,x,y\n1,a,10,13\n1,b,40,50\n2,a,99,99\n2,b,99,99\n";

describe("tsumugi score pck", () => {
  it("scores two files, and two folders, in the same way", async () => {
    await mkdir(at("truth"));
    await mkdir(at("pred"));
    await writeFile(at("truth/cat.csv"), TRUTH);
    await writeFile(at("truth/dog.csv"), TRUTH);
    await writeFile(at("pred/cat.csv"), PREDICTION);
    await score("pck", "--pred", at("pred/cat.csv"), "--truth", at("truth/cat.csv"));
    expect(printed()).toMatch(/all clips │ +75\.0 │ +75\.0 .* 3 │/u);
    await score("pck", "--pred", at("pred"), "--truth", at("truth"), "--json", at("s.json"));
    const { all, clips } = JSON.parse(await readFile(at("s.json"), "utf8"));
    expect(all.perJoint[0]).toEqual([1, 0.5]);
    expect(Object.keys(clips)).toEqual(["cat"]);
  });

  it("reads a truth in another encoding beside predictions in UTF-8", async () => {
    const hand = "\u624B"; // 手, in Shift-JIS two bytes
    const text = TRUTH.replaceAll(",a,", `,${hand},`);
    const bytes = text.split(hand).flatMap((part, i) => [...(i === 0 ? [] : [0x8e, 0xe8]), ...Buffer.from(part)]);
    await writeFile(at("truth.csv"), Uint8Array.from(bytes));
    await writeFile(at("pred.csv"), PREDICTION.replaceAll(",a,", `,${hand},`));
    const files = ["--pred", at("pred.csv"), "--truth", at("truth.csv")];
    await expect(score("pck", ...files, "--encoding", "klingon")).rejects.toMatchObject({ code: "task/invalid" });
    await score("pck", ...files, "--encoding", "shift_jis");
    expect(printed()).toMatch(/all clips │ +75\.0/u);
    await score("tapvid", ...files, "--encoding", "shift_jis", "--size", "100x100");
    expect(printed()).toMatch(/truth +│ 26\.0/u);
  });

  it("reads joint annotations as truth, with their own coordinates", async () => {
    const frames = [0, 1].map((i) => ({
      file: `0000${i}.jpg`,
      joints: [
        [10.5, 10.5],
        [40.5, 50.5],
      ],
    }));
    const annotation = {
      sequence: "cat",
      width: 64,
      height: 64,
      convention: "1-based",
      joint_names: ["a", "b"],
      frames,
    };
    await writeFile(at("truth.json"), JSON.stringify(annotation));
    await writeFile(at("pred.csv"), "frame,name,x,y\n1,a,10,10\n1,b,40,50\n");
    await score("pck", "--pred", at("pred.csv"), "--truth", at("truth.json"));
    expect(printed()).toMatch(/all clips │ +100\.0/u);
  });

  it("names what is missing", async () => {
    await writeFile(at("truth.csv"), TRUTH);
    await writeFile(at("short.csv"), "frame,name,x,y\n1,a,10,13\n1,b,40,50\n");
    await mkdir(at("folder"));
    const run = (pred: string, truth = at("truth.csv")): Promise<void> =>
      score("pck", "--pred", pred, "--truth", truth);
    await expect(run(at("short.csv"))).rejects.toThrow('short.csv has no point "b" in frame 2');
    await expect(run(at("none.csv"))).rejects.toThrow("none.csv");
    await expect(run(at("folder"))).rejects.toThrow("must be two files or two folders");
    await expect(run(at("folder"), at("folder"))).rejects.toThrow("has no .csv or .json file");
    await writeFile(at("folder/x.csv"), TRUTH);
    await mkdir(at("empty"));
    await expect(run(at("folder"), at("empty"))).rejects.toThrow("there is no truth for x.csv");
  });
});

describe("tsumugi score tapvid", () => {
  it("scores points in the clip's pixels", async () => {
    await writeFile(at("truth.csv"), TRUTH);
    await writeFile(at("pred.csv"), PREDICTION);
    const files = ["--pred", at("pred.csv"), "--truth", at("truth.csv")];
    await score("tapvid", ...files, "--size", "256x256", "--json", at("s.json"));
    const { all } = JSON.parse(await readFile(at("s.json"), "utf8"));
    // Visible truths: a in 1 (3 px off), b in 1 (right), b in 2 (lost). Visibility is wrong for a in 2.
    expect(all.within).toEqual([1 / 3, 1 / 3, 2 / 3, 2 / 3, 2 / 3]);
    expect(all.occlusionAccuracy).toBe(0.75);
    await expect(score("tapvid", ...files)).rejects.toThrow("for example --size 854x480");
    await expect(score("tapvid", ...files, "--mode", "strided")).rejects.toThrow("with --mode strided");
    await expect(score("tapvid", ...files, "--size", "854")).rejects.toThrow("Expected a size such as 854x480");
  });

  it("scores tapnet's arrays, with or without the axis of videos", async () => {
    const arrays = {
      query_points: [[[0, 5, 5]]],
      gt_tracks: [
        [
          [
            [5, 5],
            [6, 5],
            [7, 5],
          ],
        ],
      ],
      gt_occluded: [[[false, false, false]]],
      pred_tracks: [
        [
          [0, 0],
          [6, 5],
          [9.5, 5],
        ],
      ],
      pred_occluded: [[false, false, false]],
    };
    await writeFile(at("a.json"), JSON.stringify(arrays));
    for (const mode of ["first", "strided"])
      await score("tapvid", "--pred", at("a.json"), "--truth", at("a.json"), "--mode", mode);
    expect(printed().match(/mean of clips │ +73\.3 │ +80\.0 │ +100\.0/gu)).toHaveLength(2);
    await writeFile(at("b.json"), JSON.stringify({ ...arrays, pred_occluded: [[false]] }));
    await expect(score("tapvid", "--pred", at("b.json"), "--truth", at("a.json"))).rejects.toThrow("differ in points");
  });
});

describe("tsumugi score miou", () => {
  it("pools the frames after the first", async () => {
    for (const [i, labels] of [
      [3, 3, 3],
      [1, 1, 2],
      [1, 2, 255],
    ].entries()) {
      await writeRow(`truth/cat/${i}.png`, ...labels);
      await writeRow(
        `pred/cat/${i}.png`,
        ...[
          [0, 0, 0],
          [1, 2, 2],
          [1, 0, 1],
        ][i],
      );
    }
    await score("miou", "--pred", at("pred"), "--truth", at("truth"), "--json", at("s.json"));
    expect(JSON.parse(await readFile(at("s.json"), "utf8"))).toEqual({
      perClass: { 1: 2 / 3, 2: 1 / 3 },
      mean: 0.5,
      pixels: 5,
    });
    await score("miou", "--pred", at("pred"), "--truth", at("truth"), "--classes", "1,3-4");
    expect(printed()).toMatch(/3 +│ +- │/u);
    expect(printed()).toMatch(/mean +│ +66\.7 │[^│]*$/u);
    await expect(score("miou", "--pred", at("pred"), "--truth", at("truth"), "--classes", "4-1")).rejects.toThrow(
      "Expected labels from 0 to 254",
    );
    await writeRow("pred/cat/2.png", 1, 1);
    await expect(score("miou", "--pred", at("pred"), "--truth", at("truth"))).rejects.toThrow("another size");
    await rm(at("pred/cat/2.png"));
    await expect(score("miou", "--pred", at("pred"), "--truth", at("truth"))).rejects.toThrow("lacks 1 of 2 masks");
  });
});
