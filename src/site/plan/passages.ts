/**
 * @file Passages: stretches of footage without a cut, no longer than wanted. Each is tracked from a label of its own,
 * and they are what a verdict counts: frames of one passage resemble each other, passages (nearly) do not.
 */
import { createHash } from "node:crypto";
import { grouped } from "../../core/grouped.ts";
import type { SiteClip } from "../siteFile.ts";

/** Frames `start` (inclusive) to `end` (exclusive) of a clip. */
export interface Passage {
  /** Names it in the site's folders. */
  readonly key: string;
  readonly clip: string;
  readonly camera: string;
  readonly start: number;
  readonly end: number;
}

/** Fewer frames are no passage: nothing could go wrong in them. */
const LEAST_FRAMES = 3;

/** The passages of a clip. @param cuts frames before which the camera cuts, ascending @param most frames of a passage */
export function passagesOf({ key, camera, frames }: SiteClip, cuts: readonly number[], most: number): Passage[] {
  const bounds = [0, ...cuts, frames];
  return bounds.slice(1).flatMap((end, i) => {
    const start = bounds[i];
    const count = Math.max(1, Math.round((end - start) / most));
    const border = (n: number): number => start + Math.round(((end - start) * n) / count);
    const parts = Array.from({ length: count }, (_, n) => ({ start: border(n), end: border(n + 1) }));
    return parts
      .filter((part) => part.end - part.start >= LEAST_FRAMES)
      .map((part) => ({ key: passageKey(key, part.start), clip: key, camera, ...part }));
  });
}

/** `clip@120` */
export function passageKey(clip: string, start: number): string {
  return `${clip}@${String(start).padStart(5, "0")}`;
}

/** A number that is random, but the same for the same seed and key: what is added later changes no draw. */
export function seedOf(seed: number, key: string): number {
  return createHash("sha256").update(`${seed} ${key}`).digest().readUInt32LE(0);
}

/**
 * Passages in the order in which they are to be labelled: at random within a camera, and after any number of them every
 * camera has about its share of the footage.
 */
export function drawnOrder(passages: readonly Passage[], seed: number): Passage[] {
  const cameras = grouped(passages, ({ camera }) => camera);
  const places = [...cameras.values()].flatMap((own) => {
    const shuffled = own.toSorted((a, b) => seedOf(seed, a.key) - seedOf(seed, b.key));
    // One camera's passages are spread evenly over the whole order, from a random place on.
    const offset = seedOf(seed, own[0].camera) / 2 ** 32;
    return shuffled.map((passage, i) => ({ passage, place: (i + offset) / own.length }));
  });
  return places.toSorted((a, b) => a.place - b.place).map(({ passage }) => passage);
}
