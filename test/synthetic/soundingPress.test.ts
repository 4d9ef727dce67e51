import { describe, expect, it } from "vitest";
import { soundingPress } from "../../src/synthetic/soundingPress.ts";

const RATE = 8000;
const made = (more: object = {}) => soundingPress({ width: 32, height: 32, seconds: 12, fps: 10, rate: RATE, ...more });

/** Root mean square between two times. */
function level(samples: Float32Array, fromSec: number, toSec: number): number {
  const part = samples.subarray(Math.round(fromSec * RATE), Math.round(toSec * RATE));
  return Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / part.length);
}

describe("the sounding press", () => {
  it("is the same for the same seed, and another for another", () => {
    const [one, same, other] = [made(), made(), made({ seed: 2 })];
    expect(one.sound.samples).toEqual(same.sound.samples);
    expect([...one.render()]).toEqual([...same.render()]);
    expect(other.times).not.toEqual(one.times);
  });

  it("sounds when it says: blows, a stop without blows, an alarm", () => {
    const { times, sound } = made({ blowDb: 12 });
    const { blows, stop, alarm } = times;
    expect(blows.length).toBeGreaterThan(5);
    expect(blows).toEqual(blows.toSorted((a, b) => a - b));
    for (const at of blows) {
      expect(at > stop.startSec && at < stop.endSec).toBe(false);
      expect(level(sound.samples, at, at + 0.03)).toBeGreaterThan(1.5 * level(sound.samples, at - 0.04, at - 0.01));
    }
    const still = level(sound.samples, stop.startSec + 0.1, stop.endSec - 0.1);
    expect(still).toBeLessThan(0.4 * level(sound.samples, 0, blows[0]));
    expect(alarm.endSec).toBeLessThan(stop.startSec);
    expect(sound.samples).toHaveLength(12 * RATE);
  });

  it("shows what it sounds: the ram is down at a blow, the lamp is lit in an alarm", () => {
    const clip = made({ fps: 25, width: 64, height: 64 });
    const { times, fps, width } = clip;
    const frames = [...clip.render()];
    const at = (timeSec: number, x: number, y: number): number[] => {
      const { data, height } = frames[Math.round(timeSec * fps)];
      const place = 3 * (Math.floor(y * height) * width + Math.floor(x * width));
      return [...data.subarray(place, place + 3)];
    };
    expect(frames).toHaveLength(300);
    // Below the raised ram is the wall, which is brighter.
    const blow = times.blows.find((one, i) => (times.blows[i + 1] ?? 12) - one > 0.5 && one > 0.5)!;
    expect(at(blow, 0.5, 0.5)[0]).toBeLessThan(122);
    expect(at(blow + 0.36, 0.5, 0.5)[0]).toBeGreaterThanOrEqual(110);
    expect(at(blow + 0.36, 0.5, 0.5)).not.toEqual(at(blow, 0.5, 0.5));
    expect(at(times.alarm.startSec + 0.3, 0.84, 0.14)[0]).toBeGreaterThan(200);
    expect(at(times.alarm.startSec - 0.3, 0.84, 0.14)[0]).toBeLessThan(120);
  });

  it("refuses what cannot be rendered", () => {
    expect(() => made({ seconds: 5 })).toThrow(/number of seconds/);
    expect(() => made({ width: 8 })).toThrow(/width/);
  });
});
