import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { evaluateCommand } from "../../src/cli/commands/evaluate.ts";
import { scoreCommand } from "../../src/cli/commands/score.ts";
import type { DavisScore } from "../../src/metrics/davis.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";

let root: string;
let printed: string;

beforeEach(async () => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  root = await mkdtemp(join(tmpdir(), "cli-"));
  await mkdir(join(root, "JPEGImages/480p/cat"), { recursive: true });
  for (let i = 0; i < 4; i++) {
    const data = new Uint8Array(40 * 30).fill(255, 400, 600 + 100 * i);
    await writeMaskPng(join(root, `Annotations/480p/cat/${i}.png`), { width: 40, height: 30, data });
    const blue = { width: 40, height: 30, channels: 3, background: "blue" } as const;
    await sharp({ create: blue }).toFile(join(root, `JPEGImages/480p/cat/${i}.jpg`));
  }
  await writeFile(join(root, "split.txt"), "cat\n");
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(root, { recursive: true });
});

async function run(command: Command, ...args: readonly string[]): Promise<void> {
  for (const one of [command, ...command.commands]) one.exitOverride();
  await command.parseAsync(["davis", ...args], { from: "user" });
}

const evaluateFloor = (...more: readonly string[]): Promise<void> =>
  run(evaluateCommand(), "--data", root, "--split", join(root, "split.txt"), "--out", join(root, "out"), ...more);

const readScore = async (name: string): Promise<DavisScore> =>
  JSON.parse(await readFile(join(root, name), "utf8")) as DavisScore;

describe("tsumugi evaluate davis and tsumugi score davis", () => {
  it("agree on the same masks: the copied first mask overlaps by 200 of 300 and of 400 pixels", async () => {
    await evaluateFloor("--baseline", "copy-first", "--json", join(root, "evaluated.json"));
    expect(printed).toMatch(/cat .* 1 /u);
    expect(printed).toMatch(/4 frames, [\d.]+ frames\/s\n$/u);
    await run(
      scoreCommand(),
      "--pred",
      join(root, "out"),
      "--truth",
      join(root, "Annotations/480p"),
      "--json",
      join(root, "scored.json"),
    );
    const [evaluated, scored] = [await readScore("evaluated.json"), await readScore("scored.json")];
    expect(scored.sequences["cat"].objects["1"].J).toEqual([2 / 3, 1 / 2]);
    expect(scored.sequences).toEqual(evaluated.sequences);
    expect(evaluated.settings).toMatchObject({ method: "copy-first", resolution: "480p", void: "background" });
    await evaluateFloor("--baseline", "copy-first");
    expect(printed).toMatch(/no frames were left to track; results of 1 sequence kept from before\n$/u);
  });

  it("name what is missing or wrong", async () => {
    await expect(run(scoreCommand(), "--pred", root)).rejects.toThrow("required option '--truth <dir>'");
    await expect(evaluateFloor("--baseline", "magic")).rejects.toThrow("Allowed choices are copy-first, untrained");
    await expect(evaluateFloor("--threads", "1.5")).rejects.toThrow("Expected a whole number from 1 to 256");
    await expect(evaluateFloor("--protocol", "crv")).rejects.toThrow(
      'protocol: got "crv", expected one of default, crw',
    );
    await expect(evaluateFloor("--weights", join(root, "none"))).rejects.toThrow(
      `cannot read the weights ${join(root, "none")}`,
    );
    await expect(evaluateFloor("--baseline", "copy-first", "--res", "720p")).rejects.toThrow(
      "no frames of the sequence cat",
    );
  });
});
