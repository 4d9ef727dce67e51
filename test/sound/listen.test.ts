import { describe, expect, it } from "vitest";
import { type Hearing, listen } from "../../src/sound/listen.ts";
import { onsetsOf, Rise } from "../../src/sound/onsets.ts";
import { silencesOf } from "../../src/sound/silences.ts";
import { crack, mixed, noise, sound, tone } from "./sounds.ts";

const FPS = 25;
const framesOf = (seconds: number, startSec = 0): Float64Array =>
  Float64Array.from({ length: seconds * FPS }, (_, i) => startSec + i / FPS);
const heardIn = (samples: Float32Array, seconds: number, startSec = 0): Promise<Hearing> =>
  listen([samples], framesOf(seconds, startSec), startSec + seconds);
const kinds = ({ heard }: Hearing): string[] => heard.map(({ kind }) => kind);

describe("impacts", () => {
  it("a crack over noise is one, within 10 ms, louder ones surer; noise alone has none", async () => {
    const quiet = noise(6, 0.02);
    const both = await heardIn(mixed(quiet, crack(6, 2.013, 0.06), crack(6, 4.4, 0.6)), 6);
    expect(kinds(both)).toEqual(["impact", "impact"]);
    const [soft, loud] = both.heard;
    expect(Math.abs(soft.startSec - 2.013)).toBeLessThan(0.01);
    expect(Math.abs(loud.startSec - 4.4)).toBeLessThan(0.01);
    expect(loud.strengthDb).toBeGreaterThan(soft.strengthDb + 5);
    expect(soft.confidence).toBeGreaterThanOrEqual(0.5);
    expect(loud.confidence).toBeGreaterThan(soft.confidence);
    expect(kinds(await heardIn(quiet, 6))).toEqual([]);
  });

  it("a tone that begins is none: it rises in one band", async () => {
    const beep = sound(6, (time) =>
      time > 3 && time < 3.2 ? 0.2 * Math.min(1, (time - 3) / 0.01) * tone(1500, time) : 0,
    );
    expect(kinds(await heardIn(mixed(noise(6, 0.02), beep), 6))).not.toContain("impact");
  });

  it("the first sound is compared with nothing", () => {
    const rise = new Rise();
    const loud = new Float64Array(20).fill(-10);
    expect([rise.next(loud), rise.next(loud), rise.next(loud)]).toEqual([0, 0, 0]);
    expect(rise.next(loud.map((value) => value + 6))).toBeCloseTo(6, 9);
  });

  it("peaks: the first of equal ones, and what stands out from what is usual", () => {
    const rises = Array.from({ length: 300 }, (_, i): number => (i % 2 === 0 ? 0.4 : 0.6));
    rises[100] = 9;
    rises[103] = 9;
    rises[200] = 2.1;
    expect(onsetsOf(rises).map(({ hop }) => hop)).toEqual([100]);
    rises[200] = 3;
    expect(onsetsOf(rises).map(({ hop }) => hop)).toEqual([100, 200]);
  });
});

/** 1 between two times. */
const beep = (time: number, from: number, to: number): number => (time >= from && time < to ? 1 : 0);

describe("alarms", () => {
  it("a tone that begins, with its frequency and length", async () => {
    const alarm = sound(8, (time) => 0.02 * beep(time, 3, 5) * tone(2345, time));
    const { heard } = await heardIn(mixed(noise(8, 0.02), alarm), 8);
    expect(heard).toMatchObject([{ kind: "alarm" }]);
    const [{ hz, startSec, endSec }] = heard;
    expect(Math.abs(hz! - 2345)).toBeLessThan(10);
    expect(Math.abs(startSec - 3)).toBeLessThan(0.05);
    expect(Math.abs(endSec - 5)).toBeLessThan(0.05);
  });

  it("beeps are one alarm; a single beep is none", async () => {
    const beeps = sound(8, (time) => (time > 3 && time < 5.25 && time % 0.5 < 0.25 ? 0.02 * tone(1000, time) : 0));
    expect(kinds(await heardIn(mixed(noise(8, 0.02), beeps), 8))).toEqual(["alarm"]);
    const one = sound(8, (time) => 0.02 * beep(time, 3, 3.3) * tone(1000, time));
    expect(kinds(await heardIn(mixed(noise(8, 0.02), one), 8))).toEqual([]);
  });

  it("the whine of a machine is none, nor is it when the machine is started again", async () => {
    const whine = sound(12, (time) => 0.02 * (1 - beep(time, 6, 8)) * tone(1700, time));
    expect(kinds(await heardIn(mixed(noise(12, 0.02), whine), 12))).not.toContain("alarm");
  });
});

describe("silences", () => {
  it("a machine that stands still, while the room goes on", async () => {
    const hum = sound(10, (time) => (time > 4 && time < 7 ? 0 : 0.1 * tone(100, time)));
    const { heard } = await heardIn(mixed(noise(10, 0.005), hum), 10);
    const [silence] = heard.filter(({ kind }) => kind === "silence");
    expect(Math.abs(silence.startSec - 4)).toBeLessThan(0.15);
    expect(Math.abs(silence.endSec - 7)).toBeLessThan(0.15);
    expect(silence.strengthDb).toBeGreaterThan(15);
  });

  it("short pauses are none; a mute microphone is silent all the time", () => {
    const levels = Array.from({ length: 600 }, (_, i) => (i >= 200 && i < 280 ? -60 : -20));
    expect(silencesOf(levels)).toEqual([]);
    expect(silencesOf(Array.from({ length: 300 }, () => -100))).toMatchObject([{ begin: 0, end: 300 }]);
    expect(silencesOf([])).toEqual([]);
  });
});

describe("hearing", () => {
  it("is on the clock of the frames, with numbers for each", async () => {
    const samples = mixed(noise(4, 0.01), crack(4, 2, 0.5));
    const late = await heardIn(samples, 4, 100);
    const here = await heardIn(samples, 4);
    expect(late.heard[0].startSec).toBeCloseTo(here.heard[0].startSec + 100, 6);
    expect(here.frames).toHaveLength(100);
    const onsets = here.frames.map(({ onset }) => onset);
    expect(Math.abs(onsets.indexOf(Math.max(...onsets)) - 50)).toBeLessThanOrEqual(1);
    for (const { level, low, mid, high } of here.frames)
      expect(10 ** (level / 10)).toBeCloseTo(10 ** (low / 10) + 10 ** (mid / 10) + 10 ** (high / 10), 6);
    expect(here.picture.levels).toHaveLength(here.picture.width * here.picture.height);
    expect([here.picture.startSec, here.picture.endSec]).toEqual([0, 4]);
  });

  it("novelty is largest where the sound changes", async () => {
    const change = mixed(
      noise(4, 0.01),
      sound(4, (time) => (time < 2 ? 0 : 0.1 * tone(440, time))),
    );
    const { frames } = await heardIn(change, 4);
    const novelties = frames.map(({ novelty }) => novelty);
    expect(Math.abs(novelties.indexOf(Math.max(...novelties)) - 50)).toBeLessThanOrEqual(2);
    expect(novelties[0]).toBe(0);
  });

  it("sound that ends early leaves the rest mute", async () => {
    const { frames } = await listen([noise(1, 0.1)], framesOf(2), 2);
    expect(frames[10].level).toBeGreaterThan(-30);
    expect(frames[40].level).toBe(-100);
  });
});
