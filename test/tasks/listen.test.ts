import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { soundTable, writeSounding } from "../../src/evaluation/sound/soundBenchmark.ts";
import { matchMoments, momentRates } from "../../src/metrics/moments.ts";
import { soundingPress } from "../../src/synthetic/soundingPress.ts";
import { evaluateTask } from "../../src/tasks/evaluate.ts";
import { eventsTask } from "../../src/tasks/events.ts";
import { listenTask } from "../../src/tasks/listen.ts";
import { frameAt } from "../../src/watch/hearing.ts";
import { hasEncoder, writeClip } from "../video/media.ts";

let root: string;
const at = (name: string): string => join(root, name);
const press = soundingPress({ width: 64, height: 48, seconds: 12, fps: 12, seed: 20 });
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "listen-"));
  if (hasEncoder) await writeSounding(press, at("press.mp4"));
});
afterAll(() => rm(root, { recursive: true }));

const REAL = "../shared/data/train-rights-unclear/golf-swing.mp4";
const hasReal = await stat(REAL).then(
  () => true,
  () => false,
);

describe.skipIf(!hasEncoder)("the task listen", () => {
  it("tells blows at their frames, the alarm and the stop, with tables and a picture", async () => {
    const { events, counts, frames, files } = await listenTask.run({ clip: at("press.mp4"), out: at("heard") });
    expect([frames, counts.alarm, counts.silence]).toEqual([144, 1, 1]);
    const timesSec = Float64Array.from({ length: frames }, (_, i) => i / 12);
    const found = events.filter(({ kind }) => kind === "impact").map(({ frame }) => frame);
    const truths = press.times.blows.map((time) => frameAt(time, timesSec));
    // The machine that is started again may sound like a blow.
    expect(matchMoments(found, truths, 1).hits).toBe(truths.length);
    expect(found.length).toBeLessThanOrEqual(truths.length + 1);
    const [alarm] = events.filter(({ kind }) => kind === "alarm");
    expect(Number.parseFloat(alarm.object!)).toBeCloseTo(press.times.alarm.hz, -2);
    expect(alarm).toMatchObject({ zone: "sound", unit: "s" });
    const lines = (await readFile(files.events, "utf8")).trim().split("\n");
    expect(lines[0]).toBe("time_s,frame,kind,zone,object,direction,value,unit,confidence,doubtful");
    expect(lines).toHaveLength(events.length + 1);
    expect((await readFile(at("heard/events.jsonl"), "utf8")).trim().split("\n")).toHaveLength(events.length);
    const curves = (await readFile(files.curves, "utf8")).trim().split("\n");
    expect(curves[0]).toBe("time_s,frame,level_db,low_db,mid_db,high_db,onset_db,novelty_db");
    expect(curves).toHaveLength(145);
    expect(JSON.parse(await readFile(at("heard/summary.json"), "utf8"))).toMatchObject({ counts, frames: 144 });
    const picture = await readFile(at("heard/spectrogram.svg"), "utf8");
    expect(picture).toContain("data:image/png;base64,");
    expect(picture).toContain(`alarm ${Math.round(Number.parseFloat(alarm.object!))} Hz`);
    expect((await stat(files.spectrogram)).size).toBeGreaterThan(10_000);
  });

  it("events of tracks and of sound stand in one table", async () => {
    const rows = Array.from({ length: 144 }, (_, i) => `${i + 1},1,${10 + i / 4},10,8,8,1,-1,-1,-1\n`);
    await writeFile(at("gt.txt"), rows.join(""));
    await writeFile(at("zones.json"), JSON.stringify({ lines: [{ name: "gate", from: [30, 48], to: [30, 0] }] }));
    const { events, totals } = await eventsTask.run({
      tracks: at("gt.txt"),
      zones: at("zones.json"),
      out: at("events"),
      fps: 12,
      sound: at("press.mp4"),
    });
    expect(new Set(events.map(({ zone }) => zone))).toEqual(new Set(["gate", "sound"]));
    expect(events.map(({ timeSec }) => timeSec)).toEqual(
      events.map(({ timeSec }) => timeSec).toSorted((a, b) => a - b),
    );
    expect(totals.at(-1)).toMatchObject({ zone: "sound", counts: { alarm: 1, silence: 1 } });
    expect(await readFile(at("events/dashboard.svg"), "utf8")).toContain("silent");
  });

  it("neither overwrites the events of the other, nor those of a monitor; their own they do", async () => {
    const tracks = { tracks: at("gt.txt"), zones: at("zones.json"), fps: 12 };
    const used = { code: "events/used" };
    const before = await readFile(at("heard/events.csv"), "utf8");
    await expect(eventsTask.run({ ...tracks, out: at("heard") })).rejects.toMatchObject(used);
    await expect(listenTask.run({ clip: at("press.mp4"), out: at("events") })).rejects.toMatchObject(used);
    expect(await readFile(at("heard/events.csv"), "utf8")).toBe(before);
    await eventsTask.run({ ...tracks, out: at("events") });
    // A monitor that was killed has no summary yet.
    await mkdir(at("watched"));
    for (const name of ["events.jsonl", "checkpoint.bin"]) await writeFile(at(`watched/${name}`), "");
    await expect(eventsTask.run({ ...tracks, out: at("watched") })).rejects.toMatchObject(used);
  });

  it("refuses what has no sound, and says that a microphone was off", async () => {
    await writeClip(at("mute.mp4"), { count: 3 });
    await expect(listenTask.run({ clip: at("mute.mp4"), out: at("no") })).rejects.toMatchObject({
      code: "sound/missing",
    });
    await mkdir(at("pictures"));
    await expect(listenTask.run({ clip: at("pictures"), out: at("pictures") })).rejects.toMatchObject({
      code: "track/out",
    });
    const warnings: string[] = [];
    const logger = { info() {}, progress() {}, warn: (line: string) => void warnings.push(line) };
    const sound = { rate: 16_000, samples: new Float32Array(32_000) };
    await writeClip(at("off.mp4"), { count: 50, sound });
    const { counts } = await listenTask.run({ clip: at("off.mp4"), out: at("off") }, { logger });
    expect(counts).toEqual({ impact: 0, alarm: 0, silence: 1 });
    expect(warnings.join()).toMatch(/mute from beginning to end/);
  });

  it("the sound of another file", async () => {
    await writeClip(at("other.mp4"), { count: 144, fps: 12 });
    const { counts } = await listenTask.run({ clip: at("other.mp4"), sound: at("press.mp4"), out: at("both") });
    expect(counts.impact).toBeGreaterThan(5);
  });

  it("the benchmark keeps what is done", async () => {
    const task = { benchmark: "sound" as const, out: at("bench"), seeds: 1, loudness: [6] } satisfies Parameters<
      typeof evaluateTask.run
    >[0];
    const first = await evaluateTask.run(task);
    if (first.benchmark !== "sound") throw new Error("another benchmark");
    expect(momentRates(first.all.impact).f1).toBeGreaterThanOrEqual(0.9);
    expect(soundTable(first)).toContain("silences F1");
    await rm(at("bench/loud6-seed1.mp4"));
    expect(await evaluateTask.run(task)).toEqual(first);
  });

  it.skipIf(!hasReal)("a real clip: the strike of a golf ball is the loudest and surest thing", async () => {
    const { events } = await listenTask.run({ clip: REAL, out: at("golf") });
    const surest = events.toSorted((a, b) => b.confidence - a.confidence)[0];
    expect(surest.kind).toBe("impact");
    // In the samples the level jumps by 18 dB at 4.96 s.
    expect(Math.abs(surest.timeSec - 4.955)).toBeLessThan(0.02);
  });
});
