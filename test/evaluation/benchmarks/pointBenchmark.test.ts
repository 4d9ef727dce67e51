import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { badjaScores } from "../../../src/evaluation/benchmarks/badja.ts";
import { jhmdbScores } from "../../../src/evaluation/benchmarks/jhmdb.ts";
import { type PointBenchmark, runPointBenchmark } from "../../../src/evaluation/benchmarks/pointBenchmark.ts";
import { copyFirstPoints, type PointMethod } from "../../../src/evaluation/benchmarks/pointMethods.ts";
import { writeMaskPng } from "../../../src/video/masks/maskPng.ts";
import { makeImageFolder, temporaryFolder } from "../../training/footage.ts";

const SIZE = 48;
let root: string;
const at = (name: string): string => join(root, name);

beforeEach(async () => {
  root = await temporaryFolder();
  await makeImageFolder(at("frames"), "cat", 4);
  await mkdir(at("joints"));
});
afterEach(() => rm(root, { recursive: true }));

interface JointFile {
  readonly frames: readonly { readonly file: string; readonly joints: number[][]; readonly visible?: boolean[] }[];
  readonly [key: string]: unknown;
}

/** Two joints, 1-based; the second is annotated from the second entry on, and lies outside there. */
const LATE: JointFile = {
  sequence: "cat",
  width: SIZE,
  height: SIZE,
  convention: "1-based",
  joint_names: ["nose", "tail"],
  frames: [
    frameOf("00000", [10.5, 10.5], [0, 0], [true, false]),
    frameOf("00002", [12.5, 10.5], [60, 20.5]),
    frameOf("00003", [13.5, 10.5], [47.5, 20.5]),
  ],
};

function frameOf(image: string, nose: number[], tail: number[], visible = [true, true]) {
  return { file: `cat/${image}.jpg`, joints: [nose, tail], visible };
}

const write = (file: JointFile): Promise<void> => writeFile(at("joints/cat.json"), JSON.stringify(file));
const benchmark = (given: PointBenchmark["given"]): PointBenchmark => {
  return { annotations: at("joints"), frames: at("frames"), given };
};
const run = (given: PointBenchmark["given"], method: PointMethod = copyFirstPoints) =>
  runPointBenchmark(benchmark(given), method, { out: at("out"), identity: { method: "copy" } });

describe("a benchmark of points", () => {
  it("without annotations, or frames, or an annotated frame", async () => {
    await expect(run("start")).rejects.toMatchObject({ code: "points/no-annotation" });
    await write({ ...LATE, frames: [frameOf("00009", [1, 1], [1, 1])] });
    await expect(run("start")).rejects.toThrow("has no frame 00009, for which cat has joints");
    await rm(at("frames/cat"), { recursive: true });
    await expect(run("start")).rejects.toMatchObject({ code: "points/no-frames" });
  });

  it("gives each joint where it appears, at the nearest place in the frame, and writes all runs by frame", async () => {
    await write(LATE);
    const { sequences, frames, kept } = await run("appearance");
    expect([frames, kept]).toEqual([4 + 2, []]);
    expect(sequences[0].indices).toEqual([0, 2, 3]);
    const lines = (await readFile(at("out/cat.csv"), "utf8")).trim().split("\n");
    expect(lines.slice(1).map((line) => line.split(",").toSpliced(1, 1).join())).toEqual([
      "0,nose,10,10,1,1",
      "1,nose,10,10,1,1",
      "2,nose,10,10,1,1",
      "2,tail,48,20,1,1",
      "3,nose,10,10,1,1",
      "3,tail,48,20,1,1",
    ]);
  });

  it("from the start gives only the joints that are annotated there", async () => {
    await write(LATE);
    const { sequences } = await run("start");
    expect(sequences[0].tracks.objects).toEqual([{ name: "nose" }]);
  });

  it("keeps the tracks of a sequence that is complete", async () => {
    await write(LATE);
    const first = await run("appearance");
    const never: PointMethod = {
      follow() {
        throw new Error("tracked again");
      },
    };
    const second = await run("appearance", never);
    expect(second.kept).toEqual(["cat"]);
    expect(second.sequences[0].tracks).toEqual(first.sequences[0].tracks);
  });
});

describe("scores", () => {
  it("JHMDB: distances in boxes of the visible joints; a joint that was given must have a track", async () => {
    const joints = [frameOf("00000", [10.5, 10.5], [40.5, 50.5]), frameOf("00003", [13.5, 10.5], [40.5, 50.5])];
    await write({ ...LATE, frames: joints });
    const { sequences } = await run("start");
    // The diagonal is √(27² + 40²) ≈ 48.3, the box 28.95: a way of 3 px is a tenth of it and a little more.
    const { all, clips } = jhmdbScores(sequences);
    expect(all.perJoint.slice(0, 2)).toEqual([
      [0, 1],
      [1, 1],
    ]);
    expect(Object.keys(clips)).toEqual(["cat"]);
    const [sequence] = sequences;
    const lost = { ...sequence, tracks: { objects: [], frames: sequence.tracks.frames.slice(0, 1) } };
    expect(() => jhmdbScores([lost])).toThrow("no track of nose in frame 1");
  });

  it("BADJA: within 0.2 √area of the animal, after each joint's own first frame", async () => {
    await write(LATE);
    const { sequences } = await run("appearance");
    // 100 pixels: 2 px are near enough. The nose is 2 px off in frame 2 and 3 in frame 3, the tail 1 px in frame 3.
    const data = new Uint8Array(SIZE * SIZE).fill(255, 0, 100);
    for (const name of ["00000", "00002", "00003"])
      await writeMaskPng(at(`masks/cat/${name}.png`), { width: SIZE, height: SIZE, data });
    const { all, clips } = await badjaScores(sequences, at("masks"));
    expect(all.pck).toBeCloseTo(2 / 3, 12);
    expect(clips["cat"].tapVid.tracks).toBe(2);
    expect(all.tapVid.occlusionAccuracy).toBe(1);
    await rm(at("masks/cat/00003.png"));
    await expect(badjaScores(sequences, at("masks"))).rejects.toMatchObject({ code: "mask/missing" });
  });
});
