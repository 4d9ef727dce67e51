/** @file Task files: `track --config`, `run` and `schema`. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { writeSafetensors } from "../../src/weights/safetensors.ts";
import { makeImageFolder, temporaryFolder } from "../training/footage.ts";
import { isThere } from "./cli.ts";
import { tsumugiHere } from "./here.ts";

const SIZE = 48;
let root: string;
const at = (name: string): string => join(root, name);
const track = () => ({
  task: "track",
  video: at("clip"),
  labels: [{ path: at("mask.png") }],
  out: at("out"),
  weights: at("nano.safetensors"),
  mode: "fast",
  overlay: false,
  pictures: false,
});

async function write(task: unknown): Promise<string> {
  await writeFile(at("task.json"), typeof task === "string" ? task : JSON.stringify(task));
  return at("task.json");
}

/** What a run noted of itself. */
async function summary(folder = "out"): Promise<{ frameCount: number; settings: Record<string, unknown> }> {
  return JSON.parse(await readFile(at(`${folder}/summary.json`), "utf8")) as Awaited<ReturnType<typeof summary>>;
}

beforeAll(async () => {
  root = await temporaryFolder();
  await makeImageFolder(root, "clip", 4, { size: SIZE });
  await mkdir(at("truth/a"), { recursive: true });
  const data = new Uint8Array(SIZE * SIZE).fill(1, 12 * SIZE, 20 * SIZE);
  for (const name of ["mask", "truth/a/0", "truth/a/1", "truth/a/2"])
    await writeMaskPng(at(`${name}.png`), { width: SIZE, height: SIZE, data });
  const { values } = untrainedWeights("nano");
  await writeSafetensors(at("nano.safetensors"), new Map(values), { metadata: { variant: "nano" } });
});
afterEach(() => rm(at("out"), { recursive: true, force: true }));
afterAll(() => rm(root, { recursive: true }));

describe("tsumugi track --config", () => {
  it("takes the task from the file", async () => {
    const { code, out } = await tsumugiHere(["track", "--config", await write(track()), "--threads", "1"]);
    expect(code).toBe(0);
    expect(out).toContain("tracked 4 frames");
    expect((await summary()).settings).toMatchObject({ modeName: "fast", threads: 1, weights: at("nano.safetensors") });
    expect(await isThere(at("out/trajectories.png"))).toBe(false);
  });

  it("options override its keys, the video too", async () => {
    const { task: _, ...rest } = track();
    const file = await write({ ...rest, video: at("none"), range: { end: 1 } });
    const options = ["--out", at("out/other"), "--mode", "exact", "--range", "0:2", "--threads", "1"];
    const { code } = await tsumugiHere(["track", at("clip"), "--config", file, ...options]);
    expect(code).toBe(0);
    const { frameCount, settings } = await summary("out/other");
    expect(frameCount).toBe(2);
    expect(settings["modeName"]).toBe("exact");
  });

  it.each([
    [
      "an unknown key",
      () => ({ ...track(), memroy: 4 }),
      /error: track: unknown key "memroy", did you mean memory\?\n/,
    ],
    ["a missing key", () => ({ ...track(), labels: undefined }), /error: track: labels: missing\n/],
    ["another type", () => ({ ...track(), overlay: "no" }), /error: track: overlay: Invalid input: expected boolean/],
    [
      "another task",
      () => ({ ...track(), task: "score" }),
      /task\.json holds a different task: got "score", expected track/,
    ],
    ["a misspelt task", () => ({ ...track(), task: "trak" }), /names no task: got "trak".*did you mean track\?/],
    ["no JSON", () => "{", /cannot read the task file .*task\.json: .*expected a JSON object/],
    ["a list", () => [], /cannot read the task file .*it holds something else/],
  ])("refuses %s in one message, and makes nothing", async (_, task, says) => {
    const { code, err } = await tsumugiHere(["track", "--config", await write(task())]);
    expect(err).toMatch(says);
    expect(err).not.toMatch(/\n +at |internal:/);
    expect(code).toBe(1);
    expect(await isThere(at("out"))).toBe(false);
  });

  it("without it, what is needed is asked for as ever", async () => {
    expect((await tsumugiHere(["track"])).err).toMatch(/^error: required option '--labels <file>' not specified\n/);
    const labelled = await tsumugiHere(["track", "a", "--labels", "b"]);
    expect(labelled.err).toMatch(/^error: required option '--out <dir>' not specified\n/);
    const all = await tsumugiHere(["track", "--labels", "b", "--out", "c"]);
    expect(all.err).toMatch(/^error: missing required argument 'video'\n/);
    expect(labelled.code).toBe(1);
  });
});

describe("tsumugi run", () => {
  it("runs a task of any kind, as its command does", async () => {
    const score = { task: "score", metric: "davis", pred: at("truth"), truth: at("truth") };
    const run = await tsumugiHere(["run", await write(score)]);
    expect(run.code).toBe(0);
    const args = ["score", "davis", "--pred", at("truth"), "--truth", at("truth")];
    expect(run.out).toBe((await tsumugiHere(args)).out);
    const weights = await tsumugiHere(["run", await write({ task: "weights", file: at("nano.safetensors") })]);
    expect(weights.out).toMatch(/nano\.safetensors: nano, \d+ tensors/);
  });

  it("on the machine that the options name", async () => {
    expect((await tsumugiHere(["run", await write(track()), "--threads", "1"])).code).toBe(0);
    expect((await summary()).settings).toMatchObject({ threads: 1, device: "cpu" });
  });

  it.each([
    [{ video: "a" }, /task\.json names no task: got no "task", expected one of track, train/],
    [{ task: "trak" }, /task\.json names no task: got "trak", .*did you mean track\?/],
    [{ task: 3 }, /names no task: got 3, expected one of/],
    [{ task: "demo", sed: 1 }, /error: demo: unknown key "sed", did you mean seed\?/],
  ])("refuses %j", async (task, says) => {
    const { code, err } = await tsumugiHere(["run", await write(task)]);
    expect(err).toMatch(says);
    expect(err).not.toMatch(/\n +at /);
    expect(code).toBe(1);
  });

  it("a missing file", async () => {
    expect((await tsumugiHere(["run", at("none.json")])).err).toMatch(
      /error: cannot read the task file .*none\.json: there is no such file: expected a JSON object; check the path\n/,
    );
  });
});

describe("tsumugi schema", () => {
  it("prints JSON Schema", async () => {
    const { code, out } = await tsumugiHere(["schema", "track"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ type: "object", required: ["video", "labels", "out"] });
  });

  it("suggests the nearest task", async () => {
    expect((await tsumugiHere(["schema", "tracks"])).err).toMatch(/error: .*got "tracks".*did you mean track\?/);
  });
});
