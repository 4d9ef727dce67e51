import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scorePckFiles, scoreTapVidFiles } from "../../../src/evaluation/benchmarks/pointFiles.ts";

let root: string;
const at = (name: string): string => join(root, name);
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "point-files-"));
});
afterEach(() => rm(root, { recursive: true }));

const write = (name: string, ...rows: string[]): Promise<void> =>
  writeFile(at(name), `${["frame,name,x,y,visible", ...rows].join("\n")}\n`);
const media = (name: string): string => new URL(`../../media/formats/${name}`, import.meta.url).pathname;
const files = () => ({ prediction: at("pred.csv"), truth: at("truth.csv") });

describe("files of points", () => {
  it("a prediction that lacks a visible point is refused", async () => {
    await write("truth.csv", "0,a,1,1,1", "1,a,1,1,1", "0,b,9,9,1", "1,b,9,9,0");
    await write("pred.csv", "1,b,9,9,1");
    await expect(scorePckFiles(files())).rejects.toThrow('pred.csv has no point "a" in frame 1');
    const tapVid = scoreTapVidFiles({ ...files(), mode: "first", size: { width: 16, height: 16 } });
    await expect(tapVid).rejects.toMatchObject({ code: "points/missing" });
  });

  it("joints keep the order in which the truth names them, whatever the order of its frames", async () => {
    await write("truth.csv", "1,b,0,8,1", "0,b,0,8,1", "0,a,0,0,1", "1,a,0,0,1");
    await write("pred.csv", "1,a,0,0,1", "1,b,99,99,1");
    expect((await scorePckFiles(files())).all.perJoint[0]).toEqual([0, 1]);
  });

  it("frames that only boxes are in do not count, nor do points that are never visible", async () => {
    const header = "frame,name,x,y,visible,width,height\n";
    await writeFile(at("truth.csv"), `${header}0,car,0,0,1,2,2\n1,a,0,0,1,,\n1,b,0,0,0,,\n2,a,0,0,1,,\n`);
    await write("pred.csv", "2,a,0,0,1");
    expect((await scorePckFiles(files())).all.count).toBe(1);
    const tapVid = await scoreTapVidFiles({ ...files(), mode: "first", size: { width: 16, height: 16 } });
    expect([tapVid.all.tracks, tapVid.all.averageJaccard]).toEqual([1, 1]);
  });

  it("a truth in JSON is compared with a prediction in CSV, and the other way round", async () => {
    const points = [0, 1].map((frame) => ({ frame, name: "a", x: 1, y: 1 }));
    await writeFile(at("points.json"), JSON.stringify({ points }));
    await write("points.csv", "0,a,1,1,1", "1,a,1,1,1");
    const options = { mode: "first", size: { width: 16, height: 16 } } as const;
    for (const [truth, prediction] of [
      [at("points.json"), at("points.csv")],
      [at("points.csv"), at("points.json")],
    ])
      expect((await scoreTapVidFiles({ prediction, truth, ...options })).all.averageJaccard).toBe(1);
  });

  it("a prediction in CSV has no track of each query, so that arrays are no truth for it", async () => {
    await writeFile(
      at("arrays.json"),
      JSON.stringify({ query_points: [[0, 1, 1]], gt_tracks: [[[1, 1]]], gt_occluded: [[false]] }),
    );
    await write("points.csv", "0,a,1,1,1");
    const scores = scoreTapVidFiles({ prediction: at("points.csv"), truth: at("arrays.json"), mode: "strided" });
    await expect(scores).rejects.toMatchObject({ code: "tapvid/mode" });
  });

  it("what a run leaves beside its predictions is no prediction", async () => {
    await mkdir(at("pred"));
    await mkdir(at("truth"));
    for (const folder of ["pred", "truth"]) await write(`${folder}/cat.csv`, "0,a,1,1,1", "1,a,1,1,1");
    for (const name of ["settings", "summary", "scores"]) await writeFile(at(`pred/${name}.json`), "{}");
    const scores = await scorePckFiles({ prediction: at("pred"), truth: at("truth") });
    expect(Object.keys(scores.clips)).toEqual(["cat"]);
  });

  it("a pickle of TAP-Vid is the truth of predictions that are named as its clips, in either form", async () => {
    await mkdir(at("pred"));
    await copyFile(media("tapvid.npz"), at("pred/bus.npz"));
    await write("pred/cow.csv", "0,1,2,3,1", "1,1,1000,3,1");
    const options = { prediction: at("pred"), truth: media("tapvid-4.pkl"), mode: "first" } as const;
    const { clips } = await scoreTapVidFiles({ ...options, size: { width: 8, height: 6 } });
    expect(clips["bus"]).toMatchObject({ averageJaccard: 1, occlusionAccuracy: 1, tracks: 2 });
    expect(clips["cow"]).toMatchObject({ averageWithin: 0, occlusionAccuracy: 1, tracks: 1 });
    await expect(scoreTapVidFiles(options)).rejects.toMatchObject({ code: "tapvid/size" });
    await rm(at("pred/cow.csv"));
    expect((await scoreTapVidFiles(options)).all.averageJaccard).toBe(1);
  });

  it("arrays in an .npz are those in JSON", async () => {
    const tracks = [
      [
        [64, 128],
        [128, 128],
        [192, 64],
      ],
      [
        [0, 256],
        [32, 224],
        [128, 0],
      ],
    ];
    const hidden = [
      [false, false, true],
      [true, false, false],
    ];
    await writeFile(at("pred.json"), JSON.stringify({ pred_tracks: [tracks], pred_occluded: [hidden] }));
    const truth = media("tapvid-evaluated.npz");
    const { all } = await scoreTapVidFiles({ prediction: at("pred.json"), truth, mode: "strided" });
    expect([all.tracks, all.averageJaccard]).toEqual([2, 1]);
  });
});
