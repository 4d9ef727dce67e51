/** @file The generic evaluate task over every entry of the registry, with the floor as method, on tiny data laid out as each benchmark. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { benchmarks, within } from "../../src/evaluation/benchmarks/registry.ts";
import { benchmarkTable, type BenchmarkOutcome } from "../../src/tasks/evaluate/runBenchmark.ts";
import { tasks } from "../../src/tasks/index.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";

const [WIDTH, HEIGHT, FRAMES] = [40, 30, 4];
let root: string;
const at = (...names: string[]): string => join(root, ...names);
const fileOf = (index: number): string => String(index).padStart(5, "0");

/** Blue frames, and a bar of label 1 that grows by 100 pixels a frame. */
async function writeSequence(set: string, resolution: string, split?: string): Promise<void> {
  const folder = (kind: string): string => at(set, kind, resolution, "cat");
  await mkdir(folder("JPEGImages"), { recursive: true });
  for (let i = 0; i < FRAMES; i++) {
    const data = new Uint8Array(WIDTH * HEIGHT).fill(1, 400, 600 + 100 * i);
    await writeMaskPng(join(folder("Annotations"), `${fileOf(i)}.png`), { width: WIDTH, height: HEIGHT, data });
    const create = { width: WIDTH, height: HEIGHT, channels: 3, background: "blue" } as const;
    await sharp({ create }).toFile(join(folder("JPEGImages"), `${fileOf(i)}.jpg`));
  }
  if (split !== undefined) {
    await mkdir(at(set, "ImageSets", resolution), { recursive: true });
    await writeFile(at(set, split), "cat\n");
  }
}

/** Two joints that stand still, the second where it is first visible in frame `late`. */
async function writeJoints(set: string, convention: string, late: number): Promise<void> {
  await mkdir(at("keypoints", set), { recursive: true });
  const frames = Array.from({ length: FRAMES }, (_, i) => ({
    file: `${fileOf(i)}.jpg`,
    joints: [
      [10, 10],
      [30, 20],
    ],
    visible: [true, i >= late],
  }));
  const annotation = {
    sequence: "cat",
    width: WIDTH,
    height: HEIGHT,
    convention,
    joint_names: ["nose", "tail"],
    frames,
  };
  await writeFile(at("keypoints", set, "cat.json"), JSON.stringify(annotation));
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "evaluate-"));
  await writeSequence("segmentation/DAVIS", "480p");
  await writeSequence("segmentation/CDnet", "240p", "ImageSets/240p/dev.txt");
  await writeSequence("segmentation/CamVid", "360p", "ImageSets/360p/dev.txt");
  await writeSequence("segmentation/JHMDB", "240p");
  await writeJoints("JHMDB", "1-based", 0);
  await writeJoints("BADJA", "0-based", 1);
  await writeFile(at("split.txt"), "cat\n");
});
afterAll(() => rm(root, { recursive: true }));

async function evaluate(task: Parameters<typeof tasks.evaluate.run>[0]): Promise<BenchmarkOutcome> {
  return (await tasks.evaluate.run(task)) as BenchmarkOutcome;
}
const floor = (name: string) => ({
  baseline: "copy-first" as const,
  out: at("results", name),
  json: at("results", `${name}.json`),
});

describe("evaluate", () => {
  it.each(["cdnet", "davis"] as const)("%s: J and F of the copied first mask; kept the second time", async (name) => {
    const place =
      name === "davis"
        ? { benchmark: name, data: at("segmentation/DAVIS"), split: at("split.txt") }
        : { benchmark: name, data: root };
    const task = { ...place, ...floor(name) };
    const first = await evaluate(task);
    expect(first).toMatchObject({ benchmark: name, frames: FRAMES, kept: 0, joints: [] });
    if (first.benchmark !== "davis" && first.benchmark !== "cdnet") throw new Error(first.benchmark);
    expect(first.score.sequences["cat"].objects["1"].J).toEqual([2 / 3, 1 / 2]);
    expect(first.score.settings).toMatchObject({
      method: "copy-first",
      void: name === "davis" ? "background" : "ignore",
    });
    expect(JSON.parse(await readFile(task.json, "utf8"))).toEqual(JSON.parse(JSON.stringify(first.score)));
    expect(benchmarkTable(first)).toMatch(/cat .* 1 /u);
    expect(await evaluate(task)).toMatchObject({ frames: 0, kept: 1, score: first.score });
    expect(await readdir(join(task.out, "cat"))).toHaveLength(FRAMES);
  });

  it("drift: the floor is told the truth a frame late, and its free run is that of davis", async () => {
    const place = { data: at("segmentation/DAVIS"), split: at("split.txt") };
    const outcome = await evaluate({ benchmark: "drift", ...place, ...floor("drift") });
    expect(outcome).toMatchObject({ benchmark: "drift", frames: 2 * FRAMES, kept: 0 });
    if (outcome.benchmark !== "drift") throw new Error(outcome.benchmark);
    const { J } = outcome.score.sequences["cat"].objects["1"];
    // 200, 300, 400 pixels.
    expect(J).toEqual({ ceiling: [1, 1], forced: [2 / 3, 3 / 4], free: [2 / 3, 1 / 2] });
    expect(outcome.score.settings).toMatchObject({ method: "copy-first", void: "background" });
    const written = JSON.parse(await readFile(at("results/drift.json"), "utf8"));
    expect(written).toEqual(JSON.parse(JSON.stringify(outcome.score)));
    expect(benchmarkTable(outcome)).toMatch(/cat .* 1 .*1\.000 .*0\.708 .*0\.583/u);
    // The masks are those of the other benchmark, which keeps them.
    const davis = { benchmark: "davis" as const, ...place, ...floor("drift") };
    expect(await evaluate(davis)).toMatchObject({ frames: 0, kept: 1 });
    expect(await evaluate({ benchmark: "drift", ...place, ...floor("drift") })).toMatchObject({ frames: 0, kept: 1 });
  });

  it("camvid: mean IoU of what was copied", async () => {
    const outcome = await evaluate({ benchmark: "camvid", data: root, ...floor("camvid") });
    expect(outcome).toMatchObject({ benchmark: "camvid", frames: FRAMES, kept: 0 });
    // 200 of the bar's 300, 400 and 500 pixels.
    expect(outcome.score).toMatchObject({ mean: 600 / 1200 });
    expect(benchmarkTable(outcome)).toMatch(/1 sky .* 50\.0/u);
  });

  it("jhmdb: joints that stand still are right; tables of clips and of joints", async () => {
    const outcome = await evaluate({ benchmark: "jhmdb", data: root, ...floor("jhmdb") });
    expect(outcome).toMatchObject({ benchmark: "jhmdb", joints: ["nose", "tail"], frames: FRAMES, kept: 0 });
    if (outcome.benchmark !== "jhmdb") throw new Error(outcome.benchmark);
    expect(outcome.score.all.mean).toEqual([1, 1, 1, 1, 1]);
    expect(benchmarkTable(outcome)).toMatch(/all clips[^]*nose .*100\.0[^]*tail .*100\.0/u);
    expect(await evaluate({ benchmark: "jhmdb", data: root, ...floor("jhmdb") })).toMatchObject({ kept: 1 });
  });

  it("badja: each joint from where it appears", async () => {
    const outcome = await evaluate({ benchmark: "badja", data: root, ...floor("badja") });
    if (outcome.benchmark !== "badja") throw new Error(outcome.benchmark);
    expect(outcome.score.all.pck).toBe(1);
    expect(benchmarkTable(outcome)).toContain("PCK@0.2√area");
  });

  it("a benchmark's own split is asked for where it is not there", async () => {
    await expect(evaluate({ benchmark: "cdnet", data: at("none"), ...floor("x") })).rejects.toThrow(
      "cannot read the split",
    );
  });

  it("cuts: clips of one shot", async () => {
    const footage = [at("segmentation/CDnet/JPEGImages"), at("segmentation/CamVid/JPEGImages")];
    expect(await tasks.evaluate.run({ benchmark: "cuts", footage })).toMatchObject({ benchmark: "cuts", clips: 2 });
  });
});

describe("the registry", () => {
  it("names every entry as it is found", () => {
    for (const [name, entry] of Object.entries(benchmarks)) expect(entry.name).toBe(name);
  });

  it("is all that the schema offers, beside the tracker's judgements of itself", () => {
    const offered = tasks.evaluate.schema.options.map(({ shape }) => shape.benchmark.value);
    expect(offered).toEqual([
      ...Object.keys(benchmarks),
      "confidence",
      "absence",
      "cycle",
      "made",
      "cuts",
      "degraded",
      "measures",
      "discover",
      "lines",
      "sound",
      "monitor",
      "depth",
      "adaptation",
      "clicks",
    ]);
  });

  it("lays points out within a folder", () => {
    const { jhmdb, badja } = benchmarks;
    expect(within("D", jhmdb.layout)).toEqual({
      annotations: "D/keypoints/JHMDB",
      frames: "D/segmentation/JHMDB/JPEGImages/240p",
      masks: undefined,
    });
    expect(within("D", badja.layout).masks).toBe("D/segmentation/DAVIS/Annotations/480p");
  });
});
