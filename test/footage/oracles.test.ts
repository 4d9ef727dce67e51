/** @file Numbers of the check beside those of FFmpeg's analysis filters, on the same pictures and clips. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFootage } from "../../src/footage/checkFrames.ts";
import { rankCorrelation } from "../../src/metrics/reliability.ts";
import { blocky, blurred, exposed } from "../../src/synthetic/degraded/pictures.ts";
import { findProgram } from "../../src/video/backends/backend.ts";
import { openFrameSource } from "../../src/video/frameSource.ts";
import type { RgbPicture } from "../../src/video/picture.ts";
import { encodePng } from "../../src/video/writing/png.ts";
import { openVideoWriter } from "../../src/video/writing/writer.ts";
import { byKey, clipOf, clouds, drawn, flat, readingsOf, type Scene, valueIn } from "./clips.ts";

const ffmpeg = await findProgram("ffmpeg");
const word = ffmpeg === undefined ? " (skipped: no ffmpeg)" : "";
const run = promisify(execFile);

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "tsumugi-oracle-"));
});
afterAll(() => rm(root, { recursive: true }));

/** What a filter writes of every frame under a key. */
async function metadata(input: readonly string[], filter: string, key: string): Promise<number[]> {
  const print = `${filter},metadata=print:key=${key}:file=-`;
  const { stdout } = await run(ffmpeg ?? "", ["-v", "error", ...input, "-vf", print, "-f", "null", "-"]);
  return [...stdout.matchAll(/=(?<value>[\d.]+)$/gmu)].map(({ groups }) => Number(groups?.["value"]));
}

/** What a filter reports of a whole clip. */
async function reported(path: string, filter: string): Promise<string> {
  const { stderr } = await run(ffmpeg ?? "", ["-hide_banner", "-i", path, "-vf", filter, "-f", "null", "-"]);
  return stderr;
}

async function pictures(name: string, made: readonly RgbPicture[]): Promise<string[]> {
  const folder = join(root, name);
  await mkdir(folder);
  for (const [i, picture] of made.entries()) await writeFile(join(folder, `${i}.png`), await encodePng(picture));
  return ["-framerate", "25", "-i", join(folder, "%d.png")];
}

const size = { width: 320, height: 240 };
/** Things with sharp borders on smooth ground. */
const things: Scene = (x, y) => {
  const isThing = (Math.floor(x / 40) + Math.floor(y / 30)) % 3 === 0;
  const [level] = clouds(x, y);
  return isThing ? [0.4 * level, 0.5 * level, 0.3 * level] : [level, 0.9 * level, 0.9 * level];
};
const scene: RgbPicture = { ...size, data: drawn(things) };

/** One number of the check for every picture. */
function numbers(made: readonly RgbPicture[], key: Parameters<typeof valueIn>[1]): Promise<number[]> {
  return Promise.all(made.map(async ({ data }) => valueIn(await readingsOf({ count: 1, picture: () => data }), key)));
}

async function writeVideo(name: string, count: number, picture: (i: number) => Uint8Array): Promise<string> {
  const writer = await openVideoWriter(join(root, name), { ...size, fps: 25 });
  for (let i = 0; i < count; i++) await writer.write(picture(i));
  await writer.finish();
  return writer.path;
}

describe.skipIf(ffmpeg === undefined)(`beside FFmpeg${word}`, () => {
  it("blur ranks pictures as blurdetect does", async () => {
    const made = await Promise.all([0.8, 1.5, 2.5, 4, 6].map((sigma) => blurred(scene, sigma)));
    const theirs = await metadata(await pictures("blur", made), "blurdetect", "lavfi.blur");
    expect(theirs).toHaveLength(5);
    expect(rankCorrelation(await numbers(made, "blur"), theirs)).toBeGreaterThan(0.95);
  });

  it("blocks rank pictures as blockdetect does", async () => {
    const made = await Promise.all([90, 40, 20, 10, 5].map((quality) => blocky(scene, quality)));
    const theirs = await metadata(await pictures("blocks", made), "blockdetect", "lavfi.block");
    expect(rankCorrelation(await numbers(made, "blocks"), theirs)).toBeGreaterThan(0.85);
  });

  it("darkness is that of signalstats' bright pixels", async () => {
    const made = [0, -1, -2, -3, -4].map((stops) => exposed(scene, stops));
    // The 90th percentile, in the levels 16 to 235 of video.
    const theirs = await metadata(await pictures("dark", made), "signalstats", "lavfi.signalstats.YHIGH");
    const ours = await numbers(made, "dark");
    expect(
      rankCorrelation(
        ours,
        theirs.map((level) => -level),
      ),
    ).toBe(1);
    const levels = await Promise.all(
      made.map(async ({ data }) => (await readingsOf({ count: 1, picture: () => data })).get("dark")?.facts?.["level"]),
    );
    levels.forEach((level, i) => expect(Math.abs((level ?? 0) - ((theirs[i] - 16) * 255) / 219)).toBeLessThan(12));
  });

  it("a lost signal is where blackdetect has black", async () => {
    const path = await writeVideo("black.mp4", 100, (i) => drawn(i >= 30 && i < 70 ? flat(0) : things));
    const report = await reported(path, "blackdetect=d=0.5");
    const [start, end] = ["black_start", "black_end"].map((name) =>
      Number(new RegExp(`${name}:(?<at>[\\d.]+)`, "u").exec(report)?.groups?.["at"]),
    );
    await using source = await openFrameSource(path);
    const readings = byKey(await readFootage(source, { threads: 1 }));
    expect(Math.abs((readings.get("signalLost")?.at?.timeSec ?? NaN) - start)).toBeLessThan(0.05);
    expect(Math.abs(valueIn(readings, "signalLost") - (end - start))).toBeLessThan(0.09);
  });

  it("a frozen picture is where freezedetect has a freeze", async () => {
    const path = await writeVideo("frozen.mp4", 125, (i) =>
      drawn((x, y) => clouds(x - 3 * (i < 25 ? i : Math.max(25, i - 75)), y)),
    );
    const report = await reported(path, "freezedetect=n=-60dB:d=2");
    const [start, length] = ["freeze_start", "freeze_duration"].map((name) =>
      Number(new RegExp(`${name}: (?<at>[\\d.]+)`, "u").exec(report)?.groups?.["at"]),
    );
    await using source = await openFrameSource(path);
    const frozen = byKey(await readFootage(source, { threads: 1 })).get("frozen");
    expect(Math.abs((frozen?.at?.timeSec ?? NaN) - start)).toBeLessThan(0.5);
    expect(Math.abs((frozen?.value ?? NaN) - length)).toBeLessThan(0.6);
  });
});

it("pictures in memory and in a clip measure the same", async () => {
  const one = await readFootage(clipOf({ count: 1, picture: () => scene.data }), { threads: 1 });
  const [blur] = await numbers([scene], "blur");
  expect(valueIn(byKey(one), "blur")).toBe(blur);
});
