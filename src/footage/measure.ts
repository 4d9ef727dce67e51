/** @file What a measure is: it sees every frame of a clip once, and says a few numbers at the end. */
import type { ClipInfo, FrameView, Place } from "./frameView.ts";
import type { ReadingKey } from "./thresholds.ts";

/** One number about a clip. */
export interface Reading {
  readonly key: ReadingKey;
  /** In the unit that `thresholds` names. */
  readonly value: number;
  /** Where it is worst, or where it begins; undefined where it is about all of the clip. */
  readonly at?: Place | undefined;
  /** Further numbers that the sentence about it names. */
  readonly facts?: Readonly<Record<string, number>>;
}

/** Measures one clip; its memory does not grow with it. */
export interface Measure {
  /** Called for every frame in order. */
  add(frame: FrameView): void;
  /** What was found; a number that cannot be known from this clip is left out. */
  finish(): Reading[];
}

/** Makes a measure for a clip. */
export type MeasureMaker = (clip: ClipInfo) => Measure;

/**
 * Lengths in larger frames are judged as if they had so many rows: what counts is how large a blur or a step is beside
 * the things in the picture, not how many pixels the camera has. Smaller frames are not enlarged for tracking either.
 */
const ROWS = 480;

/** A length in pixels of a clip's frames, in pixels of a frame with at most 480 rows (the shorter side). */
export function atRows({ width, height }: { readonly width: number; readonly height: number }, px: number): number {
  return px * Math.min(1, ROWS / Math.min(width, height));
}
