/** @file `tsumugi track`, `review` and the printed correction: a session accepts it whatever it was tracked with. */
import { execFileSync } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shellQuoted } from "../../src/core/shell.ts";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { writeSafetensors } from "../../src/weights/safetensors.ts";
import { makeImageFolder, temporaryFolder } from "../training/footage.ts";
import { tsumugiHere } from "./here.ts";

const SIDE = 48;
const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

let root: string;
const at = (name: string): string => join(root, name);

beforeAll(async () => {
  root = await temporaryFolder();
  await makeImageFolder(root, "the clip", 5);
  const { values } = untrainedWeights("nano");
  await writeSafetensors(at("nano.safetensors"), new Map(values), { metadata: { variant: "nano" } });
  const data = new Uint8Array(SIDE * SIDE).fill(1, SIDE * 12, SIDE * 30);
  await writeMaskPng(at("mask.png"), { width: SIDE, height: SIDE, data });
  await writeFile(at("points.csv"), "frame,name,x,y\n0,it's a nose,20,20\n0,tail,30,30\n");
});
afterAll(() => rm(root, { recursive: true }));

/** Tracks, says that the camera cut before frame 2, and reviews. @returns the commands printed. */
async function commandsAfter(labels: readonly string[], options: readonly string[]): Promise<string[]> {
  const files = labels.flatMap((name) => ["--labels", at(name)]);
  const quick = ["--weights", at("nano.safetensors"), "--threads", "1", "--no-overlay", "--no-pictures"];
  const tracked = await tsumugiHere(["track", at("the clip"), ...files, "--out", at("out"), ...quick, ...options]);
  expect(tracked).toMatchObject({ code: 0 });
  const summary = JSON.parse(await readFile(at("out/summary.json"), "utf8")) as object;
  await writeFile(at("out/summary.json"), JSON.stringify({ ...summary, cuts: [2] }));
  const { code, out } = await tsumugiHere(["review", at("out")]);
  expect(code).toBe(0);
  const lines = out.split("\n");
  const from = lines.findIndex((line) => line.includes(": correct frame 2"));
  return lines.slice(from + 1, lines.indexOf("", from));
}

/** Runs printed commands as a user would. @returns what they print. */
function run(commands: readonly string[]): string {
  const program = `tsumugi() { ${shellQuoted(process.execPath)} ${shellQuoted(MAIN)} "$@"; }`;
  return execFileSync("/bin/sh", ["-ec", [program, ...commands].join("\n")], {
    cwd: root,
    encoding: "utf8",
    stdio: "pipe",
  });
}

describe.runIf(process.platform !== "win32")("the printed correction", () => {
  it.each([
    ["masks, other settings, both directions", ["mask.png"], ["--top-k", "5", "--direction", "both"]],
    ["points with names of any kind", ["points.csv"], ["--radius", "4"]],
    ["masks and points", ["mask.png", "points.csv"], []],
  ])("tracks again from the frame: %s", async (_, labels, options) => {
    const commands = await commandsAfter(labels, options);
    expect(commands).toHaveLength(labels.length + 1);
    const printed = run(commands);
    // Backward passes track the frames before again too.
    expect(printed).toMatch(/^tracked [2-5] frames/mu);
    const key = JSON.parse(await readFile(at("out/labels/00002.json"), "utf8")) as Record<string, unknown>;
    expect(key).toMatchObject({ frame: 2 });
    const states = (await readFile(at("out/tracks.csv"), "utf8")).split("\n").filter((line) => line.startsWith("2,"));
    expect(states.every((line) => line.includes(",given,"))).toBe(true);
    await rm(at("out"), { recursive: true });
  });
});
