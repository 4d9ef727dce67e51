import { execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPointLabels } from "../../src/formats/registry.ts";
import { renderProductionLine } from "../../src/synthetic/productionLine.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { openVideoWriter } from "../../src/video/writing/writer.ts";

const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url));
const size = { width: 96, height: 64 };
const line = [...renderProductionLine({ ...size, frames: 4 })];

let folder: string;
let clip: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsumugi-examples-"));
  const writer = await openVideoWriter(join(folder, "clip.mp4"), { ...size, fps: 24, backend: "png" });
  for (const { frame } of line) await writer.write(frame.data);
  await writer.finish();
  clip = writer.path;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (...names: string[]): string => join(folder, ...names);

/** Runs an example in a process of its own, with temporary files in the test's folder. @returns the lines that it printed */
async function run(name: string, ...args: string[]): Promise<string[]> {
  const env = { ...process.env, TMPDIR: folder };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(EXAMPLES, name), ...args], { env });
  expect(stderr).toBe("");
  return stdout.trimEnd().split("\n");
}

/** The example must fail. @returns what it printed to stderr */
async function fail(name: string, ...args: string[]): Promise<string> {
  const failed = await run(name, ...args).catch((error: { stderr: string }) => error);
  return "stderr" in failed ? failed.stderr : "";
}

it("a reader that has enough ends an example without an error", async () => {
  const env = { ...process.env, TMPDIR: folder };
  const example = spawn(process.execPath, [join(EXAMPLES, "scoreMasks.js")], { env });
  example.stdout.destroy();
  let err = "";
  example.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise((resolve) => example.on("close", resolve));
  expect([code, err]).toEqual([0, ""]);
});

describe("examples/trackClip.js", () => {
  const row = /^frame \d{5} {2}object [1-4] {2}(?:not visible|x [\d.]+, y [\d.]+) {2}\d+ px {2}confidence [01]\.\d\d$/;

  it("prints a row for each frame and object of a rendered clip", async () => {
    const rows = await run("trackClip.js");
    expect(rows).toHaveLength(8 * 4);
    for (const text of rows) expect(text).toMatch(row);
    expect(rows[0]).toMatch(/^frame 00000 {2}object 1 .* confidence 1\.00$/);
  });

  it("takes a clip and a mask", async () => {
    await writeMaskPng(at("first.png"), line[0].labels);
    const rows = await run("trackClip.js", clip, at("first.png"));
    expect(rows.at(-1)).toMatch(/^frame 00003 {2}object 4/);
  });

  it("says what is wrong with them", async () => {
    expect(await fail("trackClip.js", at("none.mp4"))).toContain("video/missing");
  });
});

describe("examples/correctSession.js", () => {
  it("stops, resumes, and tracks again only from the corrected frame on", async () => {
    const out = await run("correctSession.js", at("session"));
    expect(out).toEqual([
      "stopped after frame 3, the session is ready",
      ...[4, 5, 6, 7].map((frame) => `resumed: frame ${frame}`),
      ...[5, 6, 7].map((frame) => `corrected: frame ${frame}`),
      `the session is done, its masks are in ${at("session", "masks")}`,
    ]);
    expect(await readdir(at("session", "masks"))).toHaveLength(8);
  });
});

describe("examples/trainAndTrack.js", () => {
  it("learns, writes weights and tracks with them", async () => {
    const out = await run("trainAndTrack.js", at("training"));
    expect(out[0]).toBe(`learned 3 steps: ${at("training", "run", "weights.safetensors")}`);
    expect(out[1]).toBe("frame 00000: 4 objects visible");
    expect(out).toHaveLength(1 + 8);
    expect(await readdir(at("training", "run"))).toContain("config.json");
  });

  it("does not go over a run that is there", async () => {
    expect(await fail("trainAndTrack.js", at("training"))).toContain("training/run-exists");
  });
});

describe("examples/followPoints.js", () => {
  it("follows points of a file that it writes itself", async () => {
    const [text] = await run("followPoints.js");
    expect(text).toMatch(/^8 frames with 2 points: .*tracks\.csv$/);
  });

  it("takes a clip and points, and writes tracks that can be read again", async () => {
    await writeFile(at("points.csv"), "frame,name,x,y,visible\n0,hub,40,30,1\n0,rim,50,30,1\n0,hidden,0,0,0\n");
    await run("followPoints.js", clip, at("points.csv"), at("tracks.csv"));
    const { frames } = await readPointLabels(at("tracks.csv"));
    expect(frames.map(({ points }) => points?.map(({ name }) => name))).toEqual(frames.map(() => ["hub", "rim"]));
    expect(frames).toHaveLength(4);
    expect(frames[0].points?.[0]).toMatchObject({ name: "hub", x: 40, y: 30 });
    expect((await readFile(at("tracks.csv"), "utf8")).split("\n")[0]).toContain("confidence");
  });

  it("says what is wrong with a file", async () => {
    await writeFile(at("wrong.csv"), "frame,x,y\n0,1,2\n");
    expect(await fail("followPoints.js", clip, at("wrong.csv"))).toContain("csv/invalid");
  });
});

describe("examples/scoreMasks.js", () => {
  it("scores the first mask of a rendered clip, copied", async () => {
    const out = await run("scoreMasks.js");
    expect(out).toHaveLength(1 + 4 + 1);
    expect(out.at(-1)).toMatch(/^all: J&F 0\.\d{3}, J 0\.\d{3}, F 0\.\d{3}$/);
  });

  it("gives the truth itself a score of 1", async () => {
    for (const { frame, labels } of line) await writeMaskPng(at("truth", "line", `${frame.name}.png`), labels);
    const out = await run("scoreMasks.js", at("truth"), at("truth"));
    expect(out.at(-1)).toBe("all: J&F 1.000, J 1.000, F 1.000");
  });

  it("says what is missing", async () => {
    expect(await fail("scoreMasks.js", at("none"), at("truth"))).toContain("score/no-folder");
  });
});

describe("every example", async () => {
  const names = (await readdir(EXAMPLES)).filter((name) => name.endsWith(".js"));

  it("is tested here", async () => {
    const text = await readFile(fileURLToPath(import.meta.url), "utf8");
    expect(names).toHaveLength(5);
    for (const name of names) expect(text).toContain(`describe("examples/${name}"`);
  });

  it.each(names)("%s is short, checked by the compiler, and imports only the package", async (name) => {
    const text = await readFile(join(EXAMPLES, name), "utf8");
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(40);
    expect(text).toMatch(/^\/\/ @ts-check\n/);
    // One is run with a reader that has enough; the line is the same in all.
    expect(text).toContain('process.stdout.on("error", () => process.exit());');
    for (const [, from] of text.matchAll(/from "([^"]+)"/g)) expect(from).toMatch(/^(?:tsumugi|node:.*)$/);
  });
});
