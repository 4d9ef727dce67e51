/** @file Clips in memory of which everything is known, and what the check reads in them. */
import { Random } from "../../src/core/random.ts";
import { readFootage } from "../../src/footage/checkFrames.ts";
import type { Reading } from "../../src/footage/measure.ts";
import type { ReadingKey } from "../../src/footage/thresholds.ts";
import { NoiseField } from "../../src/synthetic/noise.ts";
import type { FrameSource } from "../../src/video/frame.ts";
import { frameList } from "../../src/video/frameList.ts";

export const SIZE = { width: 320, height: 240 };
const FIELD = new NoiseField(new Random(3));

/** A colour by the place in the scene, 0..255 per channel. */
export type Scene = (x: number, y: number) => readonly [number, number, number];

/** Smooth cloudy grey with a little colour, from 40 to 215 or so; detail of about 12 pixels. */
export const clouds: Scene = (x, y) => {
  const level = 40 + 175 * FIELD.cloud(x / 12 + 500, y / 12 + 500);
  return [level, 0.9 * level, 0.8 * level];
};

/** A flat scene of this level. */
export const flat =
  (level: number): Scene =>
  () => [level, level, level];

/** The scene drawn pixel by pixel, rounded. */
export function drawn(scene: Scene, { width, height } = SIZE): Uint8Array {
  const out = new Uint8ClampedArray(3 * width * height);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++) for (const value of scene(x, y)) out[i++] = Math.round(value);
  return new Uint8Array(out.buffer);
}

/** How a clip is made. */
export interface Made {
  readonly count: number;
  readonly picture: (index: number) => Uint8Array;
  readonly size?: { readonly width: number; readonly height: number };
  /** Default: 25 a second. */
  readonly timeSec?: (index: number) => number;
}

export function clipOf({ count, picture, size = SIZE, timeSec = (i) => i / 25 }: Made): FrameSource {
  const frames = Array.from({ length: count }, (_, index) => ({
    index,
    timeSec: timeSec(index),
    name: String(index).padStart(5, "0"),
    ...size,
    data: picture(index),
  }));
  return frameList(frames, "made");
}

/** All readings of a clip, by key. */
export async function readingsOf(made: Made): Promise<ReadonlyMap<ReadingKey, Reading>> {
  return byKey(await readFootage(clipOf(made), { threads: 1 }));
}

export function byKey(readings: readonly Reading[]): ReadonlyMap<ReadingKey, Reading> {
  return new Map(readings.map((reading) => [reading.key, reading]));
}

/** The value of a reading; NaN where there is none. */
export function valueIn(readings: ReadonlyMap<ReadingKey, Reading>, key: ReadingKey): number {
  return readings.get(key)?.value ?? NaN;
}
