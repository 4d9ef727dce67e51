/**
 * @file The sound of a machine with exact truth: hum with a whine, noise, blows that ring, an alarm, and a stretch in which the
 * machine stands still.
 */
import { Random } from "../core/random.ts";

/** What happens when, seconds from the beginning. */
export interface MachineTimes {
  /** Of the blows, ascending. */
  readonly blows: readonly number[];
  readonly alarm: Stretch & { readonly hz: number; readonly beeps: boolean };
  /** The machine stands still. */
  readonly stop: Stretch;
}

export interface Stretch {
  readonly startSec: number;
  readonly endSec: number;
}

/** Settings of `machineSound`. */
export interface MachineSoundOptions {
  readonly seconds: number;
  /** Samples a second. */
  readonly rate: number;
  /** How much louder a blow's first 30 ms are than hum and noise together, dB. */
  readonly blowDb: number;
  readonly seed: number;
}

/** Hum and noise together, root mean square of full scale. */
const BACKGROUND = 0.04;
/** Noise below hum, whine below hum, alarm above both, dB. */
const NOISE_DB = -15;
const WHINE_DB = -14;
const ALARM_DB = 0;
/** Between blows, seconds. */
const GAP = [0.5, 1.5] as const;
/** How loud blows differ, dB. */
const BLOW_SPREAD = 3;

const gain = (db: number): number => 10 ** (db / 20);

/** Plans what happens. @param seconds at least 12 */
export function machineTimes(seconds: number, random: Random): MachineTimes {
  const stretch = (from: number, to: number, length: number): Stretch => {
    const startSec = seconds * random.uniform(from, to);
    return { startSec, endSec: startSec + length };
  };
  const alarm = {
    ...stretch(0.15, 0.35, random.uniform(1.5, 2.5)),
    hz: random.uniform(800, 3500),
    beeps: random.chance(0.5),
  };
  const stop = stretch(0.6, 0.7, random.uniform(2, 3));
  const blows: number[] = [];
  for (let at = random.uniform(...GAP); at < seconds - 0.3; at += random.uniform(...GAP))
    if (at < stop.startSec - 0.2 || at > stop.endSec + 0.2) blows.push(at);
  return { blows, alarm, stop };
}

/** Renders what was planned; the same options always give the same samples, -1..1. */
export function machineSound(times: MachineTimes, { seconds, rate, blowDb, seed }: MachineSoundOptions): Float32Array {
  const random = new Random(seed);
  const length = Math.round(seconds * rate);
  const out = new Float32Array(length);
  addHum(out, times.stop, rate, random);
  addNoise(out, random);
  addAlarm(out, times.alarm, rate);
  for (const at of times.blows)
    addBlow(
      out,
      Math.round(at * rate),
      BACKGROUND * gain(blowDb + random.uniform(-BLOW_SPREAD, BLOW_SPREAD)),
      rate,
      random,
    );
  return out.map((value) => Math.max(-1, Math.min(1, value)));
}

/** Harmonics of the turning machine and a whine of its gears, both a little unsteady; runs down within 0.3 s and up again. */
function addHum(out: Float32Array, stop: Stretch, rate: number, random: Random): void {
  const base = random.uniform(40, 62);
  const parts = Array.from({ length: 9 }, (_, k) => ({
    hz: base * (k + 1),
    amplitude: random.uniform(0.4, 1) / (k + 1),
  }));
  const power = parts.reduce((sum, { amplitude }) => sum + amplitude ** 2 / 2, 0);
  const scale = BACKGROUND / Math.sqrt(power);
  const voices = [
    ...parts.map(({ hz, amplitude }) => ({ hz, amplitude: scale * amplitude })),
    { hz: random.uniform(500, 2400), amplitude: BACKGROUND * gain(WHINE_DB) * Math.SQRT2 },
  ].map((voice) => ({ ...voice, phase: random.uniform(0, 2 * Math.PI) }));
  const swing = random.uniform(0.6, 2.5);
  for (let i = 0; i < out.length; i++) {
    const time = i / rate;
    const runs = Math.max(0, Math.min(1, Math.max(stop.startSec - time, time - stop.endSec) / 0.3));
    const loud = runs * (1 + 0.15 * Math.sin(2 * Math.PI * swing * time));
    if (loud > 0)
      for (const { hz, amplitude, phase } of voices)
        out[i] += loud * amplitude * Math.sin(2 * Math.PI * hz * time + phase);
  }
}

/** Noise whose lower half is stronger, as rooms have. */
function addNoise(out: Float32Array, random: Random): void {
  let slow = 0;
  // White noise and what a one-pole filter leaves of it: their variances are 1 and 1 / (1 - 0.95²).
  const level = (BACKGROUND * gain(NOISE_DB)) / Math.sqrt(0.5 ** 2 + 0.25 ** 2 / (1 - 0.95 ** 2));
  for (let i = 0; i < out.length; i++) {
    const white = random.normal();
    slow = 0.95 * slow + random.normal();
    out[i] += level * (0.5 * white + 0.25 * slow);
  }
}

function addAlarm(out: Float32Array, { startSec, endSec, hz, beeps }: MachineTimes["alarm"], rate: number): void {
  const amplitude = BACKGROUND * gain(ALARM_DB) * Math.SQRT2;
  for (let i = Math.ceil(startSec * rate); i < Math.min(out.length, endSec * rate); i++) {
    const time = i / rate - startSec;
    const edge = Math.min(time, endSec - startSec - time, beeps ? beepEdge(time) : Infinity);
    out[i] += amplitude * Math.max(0, Math.min(1, edge / 0.01)) * Math.sin(2 * Math.PI * hz * time);
  }
}

/** A quarter of a second on, a quarter off: how far inside the beep a time is; negative between beeps. */
function beepEdge(time: number): number {
  const within = time % 0.5;
  return Math.min(within, 0.25 - within);
}

/** A click and ringing modes that die away. @param level root mean square of the first 30 ms */
function addBlow(out: Float32Array, at: number, level: number, rate: number, random: Random): void {
  const modes = Array.from({ length: 6 }, () => ({
    hz: 250 * 24 ** random.next(),
    amplitude: random.uniform(0.3, 1),
    decaySec: random.uniform(0.015, 0.09),
  }));
  const length = Math.round(0.4 * rate);
  const sound = Float64Array.from({ length }, (_, i) => {
    const time = i / rate;
    const ring = modes.reduce(
      (sum, { hz, amplitude, decaySec }) =>
        sum + amplitude * Math.exp(-time / decaySec) * Math.sin(2 * Math.PI * hz * time),
      0,
    );
    return ring + 1.5 * Math.exp(-time / 0.004) * random.normal();
  });
  const first = Math.round(0.03 * rate);
  const power = sound.subarray(0, first).reduce((sum, value) => sum + value * value, 0) / first;
  const scale = level / Math.sqrt(power);
  for (let i = 0; i < length && at + i < out.length; i++) out[at + i] += scale * sound[i];
}
