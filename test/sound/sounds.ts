/** @file Sounds that the tests make, at the rate that is listened to. */
import { Random } from "../../src/core/random.ts";
import { SOUND_RATE } from "../../src/video/sound/rate.ts";

/** Sound of a function of time in seconds. */
export const sound = (seconds: number, of: (timeSec: number) => number): Float32Array =>
  Float32Array.from({ length: Math.round(seconds * SOUND_RATE) }, (_, i) => of(i / SOUND_RATE));

/** White noise of a root mean square. */
export function noise(seconds: number, level: number, seed = 1): Float32Array {
  const random = new Random(seed);
  return sound(seconds, () => level * random.normal());
}

/** The sum of sounds, as long as the first. */
export const mixed = (first: Float32Array, ...others: readonly Float32Array[]): Float32Array =>
  first.map((value, i) => others.reduce((sum, other) => sum + (other[i] ?? 0), value));

export const tone = (hz: number, timeSec: number): number => Math.sin(2 * Math.PI * hz * timeSec);

/** A crack at a time that dies away within some 20 ms. */
export function crack(seconds: number, atSec: number, level: number): Float32Array {
  const random = new Random(7);
  return sound(seconds, (time) => (time < atSec ? 0 : level * Math.exp((atSec - time) / 0.02) * random.normal()));
}
