import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { discoverTask } from "../../src/tasks/discover.ts";
import { evaluateTask } from "../../src/tasks/evaluate.ts";
import { readMaskPng, writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { encodePng } from "../../src/video/writing/png.ts";
import { writeSafetensors } from "../../src/weights/safetensors.ts";
import { makeFootage, type Mover } from "../motion/pictures.ts";
import { temporaryFolder } from "../training/footage.ts";

const MOVER: Mover = { x: 36, y: 40, size: 28, velocity: [3, 1] };
const SIZE = { width: 128, height: 96 };
const FRAMES = 6;

let root: string;
const at = (...name: string[]): string => join(root, ...name);

const truthOf = (frame: number) => {
  const data = new Uint8Array(SIZE.width * SIZE.height);
  const [left, top] = [MOVER.x + 3 * frame - 14, MOVER.y + frame - 14];
  for (let y = top; y < top + MOVER.size; y++) data.fill(1, y * SIZE.width + left, y * SIZE.width + left + MOVER.size);
  return { ...SIZE, data };
};

beforeAll(async () => {
  root = await temporaryFolder();
  const { values } = untrainedWeights("nano");
  await writeSafetensors(at("nano.safetensors"), new Map(values), { metadata: { variant: "nano" } });
  for (const [name, mover] of [
    ["moving", MOVER],
    ["still", undefined],
  ] as const) {
    await mkdir(at("data/JPEGImages/480p", name), { recursive: true });
    const footage = makeFootage({ ...SIZE, frames: FRAMES, noise: 2, ...(mover && { mover }) });
    for (const [i, picture] of footage.entries()) {
      const file = `${String(i).padStart(5, "0")}.png`;
      await writeFile(at("data/JPEGImages/480p", name, file), await encodePng(picture));
      await writeMaskPng(at("data/Annotations/480p", name, file), truthOf(i));
    }
  }
});
afterAll(() => rm(root, { recursive: true }));

const clip = (name: string): string => at("data/JPEGImages/480p", name);
const machine = { device: "cpu", threads: 1 } as const;
const quick = () => ({ weights: at("nano.safetensors"), overlay: false, pictures: false });

function iou(mask: Uint8Array, truth: Uint8Array): number {
  let [common, either] = [0, 0];
  for (const [p, value] of mask.entries()) {
    if (value !== 0 && truth[p] !== 0) common++;
    if (value !== 0 || truth[p] !== 0) either++;
  }
  return common / either;
}

describe("the task discover", () => {
  it("finds what moves, and leaves masks to start from", async () => {
    const task = { clip: clip("moving"), out: at("found"), track: false };
    const { things, labels, tracked } = await discoverTask.run(task, { machine });
    expect(tracked).toBeNull();
    expect(things).toMatchObject([{ id: 1, score: 1 }]);
    expect(labels).toHaveLength(1);
    const mask = await readMaskPng(labels[0].path);
    expect(iou(mask.data, truthOf(labels[0].frame).data)).toBeGreaterThan(0.6);
    expect(JSON.parse(await readFile(at("found/found.json"), "utf8"))).toEqual(JSON.parse(JSON.stringify(things)));
  });

  it("carries it through the clip, forward and back; the same again does nothing", async () => {
    const task = { clip: clip("moving"), out: at("tracked"), ...quick() };
    const first = await discoverTask.run(task, { machine });
    expect(first.tracked).toMatchObject({ kind: "session", result: { tracked: FRAMES } });
    for (let i = 0; i < FRAMES; i++) await stat(at(`tracked/masks/${String(i).padStart(5, "0")}.png`));
    const again = await discoverTask.run(task, { machine });
    expect(again.tracked).toMatchObject({ kind: "session", result: { tracked: 0 } });
  });

  it("nothing moves: nothing is tracked", async () => {
    const { things, tracked } = await discoverTask.run({ clip: clip("still"), out: at("nothing") }, { machine });
    expect([things, tracked]).toEqual([[], null]);
    expect(JSON.parse(await readFile(at("nothing/found.json"), "utf8"))).toEqual([]);
    // Another clip does not go into the same folder.
    const other = { clip: clip("moving"), out: at("nothing"), track: false };
    await expect(discoverTask.run(other, { machine })).rejects.toMatchObject({ code: "discover/used" });
  });

  it("says what is wrong", async () => {
    const into = discoverTask.run({ clip: clip("moving"), out: clip("moving") }, { machine });
    await expect(into).rejects.toThrow(/moving/u);
    await expect(discoverTask.run({ clip: at("none"), out: at("x") }, { machine })).rejects.toThrow(/none/u);
  });
});

describe("evaluate clicks", () => {
  it("scores the regions of each object of the first masks, click by click", async () => {
    await writeFile(at("one.txt"), "moving\n");
    const task = { benchmark: "clicks", data: at("data"), weights: at("nano.safetensors"), clicks: 2 } as const;
    const outcome = await evaluateTask.run({ ...task, split: at("one.txt"), json: at("clicks.json") }, { machine });
    if (outcome.benchmark !== "clicks") throw new Error(outcome.benchmark);
    expect(outcome.rows).toMatchObject([{ sequence: "moving", object: 1 }]);
    expect(outcome.means).toHaveLength(2);
    expect(outcome.means[1]).toBeGreaterThan(0.3);
    expect(JSON.parse(await readFile(at("clicks.json"), "utf8")).means).toEqual(outcome.means);
    await mkdir(at("data/Annotations/480p/none"));
    await writeFile(at("none.txt"), "none\n");
    await expect(evaluateTask.run({ ...task, split: at("none.txt") }, { machine })).rejects.toMatchObject({
      code: "score/no-truth",
    });
  });
});

describe("evaluate discover", () => {
  it("scores the best thing of each sequence; where nothing is found masks are empty", async () => {
    await writeFile(at("split.txt"), "moving\nstill\n");
    const outcome = await evaluateTask.run(
      {
        benchmark: "discover",
        data: at("data"),
        split: at("split.txt"),
        out: at("scores"),
        weights: at("nano.safetensors"),
        json: at("scores.json"),
      },
      { machine },
    );
    expect(outcome).toMatchObject({ benchmark: "discover", nothing: ["still"] });
    const { score } = JSON.parse(await readFile(at("scores.json"), "utf8"));
    expect(score.sequences.moving.objects["1"].J_mean).toBeGreaterThan(0.4);
    expect(score.sequences.still.objects["1"].J_mean).toBe(0);
  });
});
