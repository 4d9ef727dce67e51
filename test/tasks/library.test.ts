/** @file Tasks run from the library, on tiny media: what they return, what they write, how they stop. */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Interrupted } from "../../src/core/errors.ts";
import { silent } from "../../src/core/log.ts";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { tasks } from "../../src/tasks/index.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { writeSafetensors } from "../../src/weights/safetensors.ts";
import { makeImageFolder, temporaryFolder } from "../training/footage.ts";

const SIZE = 48;
const machine = { device: "cpu", threads: 1 } as const;
type TrackInput = Parameters<typeof tasks.track.run>[0];
let root: string;
const at = (name: string): string => join(root, name);
const quiet = { overlay: false, pictures: false };
const clip = (out: string) => ({ video: at("clip"), out: at(out), weights: at("nano.safetensors"), ...quiet });

beforeAll(async () => {
  root = await temporaryFolder();
  await makeImageFolder(root, "clip", 5, { size: SIZE });
  const data = new Uint8Array(SIZE * SIZE).fill(1, 12 * SIZE, 20 * SIZE);
  const half = new Uint8Array(SIZE * SIZE).fill(1, 12 * SIZE, 16 * SIZE);
  const mask = { width: SIZE, height: SIZE };
  await writeMaskPng(at("mask.png"), { ...mask, data });
  for (const folder of ["truth/a", "pred/a"]) await mkdir(at(folder), { recursive: true });
  for (let i = 0; i < 4; i++) {
    await writeMaskPng(at(`truth/a/${i}.png`), { ...mask, data });
    await writeMaskPng(at(`pred/a/${i}.png`), { ...mask, data: half });
  }
  await writeFile(at("points.csv"), "frame,name,x,y\n1,a,15,24\n");
  const { values } = untrainedWeights("nano");
  await writeSafetensors(at("nano.safetensors"), new Map(values), { metadata: { variant: "nano" } });
});
afterAll(() => rm(root, { recursive: true }));

describe("track", () => {
  it("a session: its summary as data, its files in the folder; again, there is nothing to do", async () => {
    const task = { ...clip("session"), labels: [{ path: at("mask.png") }] };
    const outcome = await tasks.track.run(task, { machine });
    if (outcome.kind !== "session") throw new Error(outcome.kind);
    expect(outcome.out).toBe(at("session"));
    expect(outcome.result).toMatchObject({ tracked: 5, masks: at("session/masks"), overlay: null, pictures: [] });
    expect(outcome.result.summary).toMatchObject({ complete: true, settings: { modeName: "fast", threads: 1 } });
    expect(await readdir(at("session/masks"))).toHaveLength(5);
    const again = await tasks.track.run(task, { machine });
    expect(again).toMatchObject({ kind: "session", result: { tracked: 0 } });
  });

  it("points by direct matching", async () => {
    const labels = [{ path: at("points.csv") }];
    const outcome = await tasks.track.run({ ...clip("direct"), labels, start: 1, method: "direct" }, { machine });
    expect(outcome).toMatchObject({ kind: "direct", result: { summary: { complete: true, start: 1 } } });
  });

  it.each([
    [{ direction: "both" }, "--direction"],
    [{ range: { end: 3 } }, "--range"],
    [{ ends: [{ what: 1, frame: 2 }] }, "--end"],
    [{ start: 1 }, "--start"],
  ] as const)("a stream refuses %j", async (more, says) => {
    const task = { ...clip("stream"), labels: [{ path: at("mask.png") }], follow: true, ...more } as TrackInput;
    await expect(tasks.track.run(task, { machine })).rejects.toThrow(`is a live source: ${says} cannot be used`);
  });

  it.each([
    [{ direction: "backward" }],
    [{ range: { end: 3 } }],
    [{ ends: [{ what: "a", frame: 2 }] }],
    [{ candidates: "clusters" }],
  ] as const)("direct matching refuses %j", async (more) => {
    const labels = [{ path: at("points.csv") }];
    const task = { ...clip("refused"), labels, method: "direct", ...more } as TrackInput;
    await expect(tasks.track.run(task, { machine })).rejects.toMatchObject({ code: "track/direct" });
  });

  it("stops when it is told to, with what is done", async () => {
    const controller = new AbortController();
    const logger = {
      ...silent,
      progress: (line: string) => {
        if (/2/u.test(line)) controller.abort(new Interrupted("stop"));
      },
    };
    const task = { ...clip("stopped"), labels: [{ path: at("mask.png") }] };
    const outcome = await tasks.track.run(task, { machine, logger, signal: controller.signal });
    if (outcome.kind !== "session") throw new Error(outcome.kind);
    expect(outcome.result.summary.complete).toBe(false);
    expect(outcome.result.tracked).toBeLessThan(5);
    const resumed = await tasks.track.run(task, { machine });
    expect(resumed).toMatchObject({ result: { summary: { complete: true } } });
  });
});

describe("inspect", () => {
  it("does not draw among the frames of the clip", async () => {
    const before = await readdir(at("clip"));
    const task = { clip: at("clip"), out: at("clip/../clip"), weights: at("nano.safetensors"), video: false };
    await expect(tasks.inspect.run(task, { machine })).rejects.toMatchObject({ code: "track/out" });
    expect(await readdir(at("clip"))).toEqual(before);
  });
});

describe("score", () => {
  it("masks: half of the object is J 0.5, as data and as JSON", async () => {
    const json = at("scores.json");
    const outcome = await tasks.score.run({ metric: "davis", pred: at("pred"), truth: at("truth"), json });
    if (outcome.metric !== "davis") throw new Error(outcome.metric);
    expect(outcome.score.sequences["a"].objects["1"].J).toEqual([0.5, 0.5]);
    expect(JSON.parse(await readFile(json, "utf8"))).toEqual(JSON.parse(JSON.stringify(outcome.score)));
  });

  it("labels: mean IoU", async () => {
    const outcome = await tasks.score.run({ metric: "miou", pred: at("pred"), truth: at("truth"), classes: [1] });
    expect(outcome).toMatchObject({ metric: "miou", score: { mean: 0.5 } });
  });

  it("passes on the errors of the work", async () => {
    await expect(tasks.score.run({ metric: "davis", pred: at("none"), truth: at("truth") })).rejects.toThrow(
      "no such folder",
    );
  });
});

describe("weights", () => {
  it("describes, converts and mixes", async () => {
    const file = at("nano.safetensors");
    const described = await tasks.weights.run({ file });
    expect(described).toMatchObject({ file, variant: "nano" });
    expect("written" in described).toBe(false);
    const out = at("half.safetensors");
    const mixed = await tasks.weights.run({ file, out, average: file, share: 0.25, dtype: "F16" });
    expect(mixed).toMatchObject({ written: { path: out, dtype: "F16" }, numbers: described.numbers });
    expect((await tasks.weights.run({ file: out })).tensors).toBe(described.tensors);
  });
});

it.each([
  ["track", () => ({ ...clip("never"), labels: [{ path: at("mask.png") }] })],
  ["train", () => ({ footage: [at("clip")], out: at("never"), config: { steps: 1 } })],
  ["resume", () => ({ run: at("never") })],
  ["inspect", () => ({ clip: at("clip"), out: at("never") })],
  ["snapshot", () => ({ video: at("clip"), out: at("never") })],
  ["score", () => ({ metric: "davis", pred: at("pred"), truth: at("truth"), json: at("never") })],
  ["evaluate", () => ({ benchmark: "cuts", footage: [at("clip")] })],
  ["demo", () => ({ out: at("never") })],
] as const)("%s does nothing for a signal that is aborted already", async (name, task) => {
  const reason = new Interrupted("no");
  const { [name]: chosen } = tasks as Record<string, { run(task: unknown, context: object): Promise<unknown> }>;
  await expect(chosen.run(task(), { machine, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(await readdir(root)).not.toContain("never");
});
