import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ClipLog } from "../../src/results/clipLog.ts";
import { MOST_SAMPLES, PathLog } from "../../src/results/pathLog.ts";
import { Recorder } from "../../src/results/recorder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsumugi-pictures-"));
});
afterEach(() => rm(folder, { recursive: true }));

const picture = { width: 160, height: 120, data: new Uint8Array(160 * 120 * 3).fill(90) };
const point = (x: number, visible = true) => ({ name: "ball", x, y: 60, visible, confidence: 1 });

describe("pictures of a clip", () => {
  it("trajectories, speed and heat map of what was seen", async () => {
    const [log, recorder] = [new ClipLog(), new Recorder()];
    for (let i = 0; i < 20; i++)
      log.add(picture, undefined, recorder.points({ index: i, timeSec: i / 10 }, [point(20 + 5 * i, i !== 10)]));
    const paths = await log.write(folder, 2);
    const names = ["heatmap.png", "speed.png", "speed.svg", "trajectories.png", "trajectories.svg"];
    expect((await readdir(folder)).sort()).toEqual(names);
    expect(paths.map((path) => path.slice(folder.length + 1)).sort()).toEqual(names);
    const { data, info } = await sharp(join(folder, "heatmap.png")).raw().toBuffer({ resolveWithObject: true });
    // Eight times the clip: small clips are enlarged.
    expect([info.width, info.height]).toEqual([1280, 960]);
    const brightness = (x: number, y: number): number => data[24 * (1280 * y + x)] + data[24 * (1280 * y + x) + 1];
    expect(brightness(50, 60)).toBeGreaterThan(2 * brightness(50, 20));
    expect(await readFile(join(folder, "speed.svg"), "utf8")).toContain("speed, mm/s");
  });

  it("nothing without a frame", async () => {
    expect(await new ClipLog().write(folder, null)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("PathLog", () => {
  it("keeps a bounded number of samples of hours, from the first frame to the last", () => {
    const [log, recorder] = [new PathLog(), new Recorder()];
    for (let i = 0; i < 20_000; i++) log.add(recorder.points({ index: i, timeSec: i / 25 }, [point(i / 200)]));
    const [{ samples }] = log.paths();
    expect(samples.length).toBeLessThanOrEqual(MOST_SAMPLES);
    expect(samples.length).toBeGreaterThan(MOST_SAMPLES / 2 - 1);
    expect(samples.at(-1)).toMatchObject({ timeSec: 19_999 / 25, place: [19_999 / 200, 60] });
    for (const { speed } of samples.slice(1)) expect(speed).toBeCloseTo(25 / 200, 6);
  });

  it("a stretch in which an object is hidden remains a gap", () => {
    const [log, recorder] = [new PathLog(), new Recorder()];
    for (let i = 0; i < 4 * MOST_SAMPLES; i++) {
      const visible = i < MOST_SAMPLES || i >= 2 * MOST_SAMPLES;
      log.add(recorder.points({ index: i, timeSec: i }, [point(i, visible)]));
    }
    const hidden = log.paths()[0].samples.filter(({ place }) => place === null);
    expect(hidden.length).toBeGreaterThan(100);
    for (const { timeSec, speed } of hidden) {
      expect(timeSec).toBeGreaterThanOrEqual(MOST_SAMPLES);
      expect(timeSec).toBeLessThan(2 * MOST_SAMPLES);
      expect(speed).toBeNull();
    }
  });
});
