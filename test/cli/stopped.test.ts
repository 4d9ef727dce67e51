import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { readEncoderWeights } from "../../src/method/node/weightsFile.ts";
import { readCheckpoint } from "../../src/training/checkpoint.ts";
import { readMetrics } from "../../src/training/runFiles.ts";
import { readMaskPng, writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { writeSafetensors } from "../../src/weights/safetensors.ts";
import { makeImageFolder } from "../training/footage.ts";
import { halfWritten, isThere, repeatFrames, tsumugi } from "./cli.ts";

const SIZE = 160;
const FRAMES = 400;
const root = mkdtempSync(join(tmpdir(), "tsumugi-stopped-"));
const at = (...names: string[]): string => join(root, ...names);

/** A file system of a few kB, where that is allowed. */
function smallDisk(name: string, size: string): string | undefined {
  mkdirSync(at(name));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", at(name)], { stdio: "ignore" });
    return at(name);
  } catch {
    return undefined;
  }
}

const disks = {
  masks: smallDisk("masks-disk", "4m"),
  tiny: smallDisk("tiny-disk", "200k"),
  run: smallDisk("run-disk", "5m"),
  cache: smallDisk("cache-disk", "100k"),
};
const noDisk = disks.masks === undefined;

beforeAll(async () => {
  const few = await makeImageFolder(root, "few", 3, { size: SIZE });
  await repeatFrames(few, at("long"), FRAMES);
  await makeImageFolder(root, "short", 6);
  const data = new Uint8Array(SIZE * SIZE).fill(1, 40 * SIZE, 90 * SIZE);
  await writeMaskPng(at("mask.png"), { width: SIZE, height: SIZE, data });
  await writeSafetensors(at("nano.safetensors"), new Map(untrainedWeights("nano").values), {
    metadata: { variant: "nano" },
  });
});
afterAll(async () => {
  for (const disk of Object.values(disks)) if (disk !== undefined) execFileSync("umount", [disk]);
  await rm(root, { recursive: true });
});

const track = (out: string): string[] =>
  ["track", at("long"), "--labels", at("mask.png"), "--out", out].concat(
    "--weights",
    at("nano.safetensors"),
    "--threads",
    "1",
  );
const train = (footage: string, out: string, cache: string): string[] =>
  ["train", footage, "--out", out, "--cache", cache, "--threads", "1", "--variant", "nano", "--init", "none"].concat(
    ["size=32", "pairs=1", "radius=1", "gaps=[1]", "gapWeights=[1]"].flatMap((pair) => ["--set", pair]),
  );

describe("Ctrl-C", () => {
  it("in the middle of tracking keeps the masks so far, ends the overlay and says how to go on", async () => {
    const { code, out, err } = await tsumugi(track(at("tracked")), () => isThere(at("tracked", "masks", "00005.png")));
    expect(err).not.toMatch(/error|\n +at /);
    expect(out).toMatch(/stopped after \d+ frames/);
    expect(out).toContain("run the same command again");
    expect(code).toBe(130);
    expect(await halfWritten(at("tracked"))).toEqual([]);
    const masks = await readdir(at("tracked", "masks"));
    expect(masks.length).toBeGreaterThan(5);
    expect(masks.length).toBeLessThan(FRAMES);
    for (const mask of masks) expect(await readMaskPng(at("tracked", "masks", mask))).toMatchObject({ width: SIZE });
    const summary = JSON.parse(await readFile(at("tracked", "summary.json"), "utf8"));
    expect(summary.complete).toBe(false);
    expect(summary.frames).toHaveLength(masks.length);
    const rows = (await readFile(at("tracked", "tracks.csv"), "utf8")).trimEnd().split("\n");
    expect(rows).toHaveLength(1 + masks.length);
    expect((await readdir(at("tracked"))).filter((name) => name.startsWith("overlay"))).toHaveLength(1);
  });

  it("twice, then to the end: the masks are those of a run without a stop", async () => {
    const range = ["--range", "0:14", "--no-overlay"];
    for (const frame of ["00003.png", "00008.png"])
      await tsumugi([...track(at("parts")), ...range], () => isThere(at("parts", "masks", frame)));
    expect((await tsumugi([...track(at("parts")), ...range])).out).toMatch(/tracked \d+ frames/);
    await tsumugi([...track(at("whole")), ...range]);
    expect(await results(at("parts"))).toEqual(await results(at("whole")));
  });

  it("in the middle of training saves the run and says how to go on", async () => {
    const run = at("run");
    const { code, out, err } = await tsumugi([...train(at("short"), run, at("cache")), "--steps", "1000000"], () =>
      isThere(join(run, "metrics.jsonl")),
    );
    expect(err).toContain(`resume with: tsumugi train --resume ${run}`);
    expect(err).not.toMatch(/error|\n +at /);
    expect(out).toMatch(/stopped after \d+ steps?/);
    expect(code).toBe(130);
    expect(await halfWritten(run)).toEqual([]);
    const { step } = await readCheckpoint(join(run, "checkpoint.bin"));
    expect(step).toBeGreaterThan(0);
    expect((await readMetrics(run)).at(-1)?.step).toBe(step);
    expect((await readEncoderWeights(join(run, "weights.safetensors"))).variant).toBe("nano");
  });

  it("while footage is being decoded leaves nothing half-written and no run", async () => {
    const cache = at("slow-cache");
    const args = [...train(at("long"), at("never"), cache), "--steps", "1"];
    const { code, err } = await tsumugi(args, async () => (await halfWritten(cache)).length > 0);
    expect(err).toContain("stopped; run the same command again");
    expect(err).not.toMatch(/error|\n +at /);
    expect(code).toBe(130);
    expect(await readdir(cache)).toEqual([]);
    expect(await isThere(at("never"))).toBe(false);
  });
});

/** Every mask, record and table by name. */
async function results(folder: string): Promise<Map<string, Buffer>> {
  const masks = (await readdir(join(folder, "masks"))).map((name) => join("masks", name));
  const names = ["frames.jsonl", "tracks.csv", "tracks.jsonl", ...masks.sort()];
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}

describe("kill -9", () => {
  it.each([["forward"], ["both"]])(
    "in the middle of tracking %s loses one frame at most; the same command goes on",
    async (direction) => {
      const args = (out: string): string[] =>
        [...track(at(direction, out)), "--labels", `${at("mask.png")}@11`, "--range", "0:16"].concat(
          "--direction",
          direction,
          "--no-overlay",
          "--no-pictures",
        );
      const until = direction === "forward" ? "00006.png" : "00008.png";
      const { code } = await tsumugi(args("killed"), () => isThere(at(direction, "killed/masks", until)), "SIGKILL");
      expect(code).toBeNull();
      const lines = (await readFile(at(direction, "killed/frames.jsonl"), "utf8")).split("\n").length - 1;
      const masks = (await readdir(at(direction, "killed/masks"))).filter((name) => name.endsWith(".png"));
      // A mask comes before its line: at most the frame in hand has one without the other.
      expect(masks.length - lines).toBeGreaterThanOrEqual(0);
      expect(masks.length - lines).toBeLessThanOrEqual(1);
      const { out } = await tsumugi(args("killed"));
      expect(Number(/tracked (\d+) frames/.exec(out)?.[1])).toBe(16 - lines);
      await tsumugi(args("whole"));
      expect(await results(at(direction, "killed"))).toEqual(await results(at(direction, "whole")));
    },
  );
});

describe.skipIf(noDisk)("a full disk (needs the right to mount a tmpfs)", () => {
  it("ends tracking with the cause; the masks before are whole", async () => {
    const out = join(disks.masks!, "out");
    let full = false;
    const { code, err } = await tsumugi(track(out), async () => {
      if (!full && (await isThere(join(out, "masks", "00005.png")))) {
        full = true;
        await writeFile(join(disks.masks!, "other"), new Uint8Array(4 << 20)).catch(() => {});
      }
      return false;
    });
    expect(err).toMatch(/error: cannot write .*: the disk is full; free some space/);
    expect(err).not.toMatch(/\n +at /);
    expect(code).toBe(1);
    expect(await halfWritten(out)).toEqual([]);
    const masks = await readdir(join(out, "masks"));
    expect(masks.length).toBeGreaterThan(0);
    for (const mask of masks) expect(await readMaskPng(join(out, "masks", mask))).toMatchObject({ width: SIZE });
  });

  it("refuses to begin what will not fit", async () => {
    const out = join(disks.tiny!, "out");
    const { code, err } = await tsumugi(track(out));
    expect(err).toMatch(/disk: about 3\.\d MB at most in .*masks 1\.6 MB.*overlay 1\.3 MB/);
    expect(err).toMatch(
      /error: the disk of .* has too little free space for the results: got 0\.\d MB free, expected about 3\.\d MB/,
    );
    expect(code).toBe(1);
    expect(await isThere(join(out, "masks"))).toBe(false);
  });

  it("ends training with the cause; the checkpoint before is whole", async () => {
    const run = join(disks.run!, "run");
    const { code, err } = await tsumugi([...train(at("short"), run, at("cache")), "--steps", "2"]);
    expect(err).toMatch(/error: cannot write .*: the disk is full; free some space/);
    expect(err).not.toMatch(/\n +at /);
    expect(code).toBe(1);
    expect(await halfWritten(run)).toEqual([]);
    expect((await readCheckpoint(join(run, "checkpoint.bin"))).step).toBe(0);
  });

  it("ends decoding with the cause, instead of skipping the clip", async () => {
    const { code, err } = await tsumugi([...train(at("long"), at("none"), disks.cache!), "--steps", "1"]);
    expect(err).toMatch(/error: cannot write .*\.jpegs: the disk is full/);
    expect(code).toBe(1);
    expect(await readdir(disks.cache!)).toEqual([]);
    expect(await isThere(at("none"))).toBe(false);
  });
});
