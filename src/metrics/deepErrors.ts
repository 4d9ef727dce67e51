/**
 * @file Errors that are no matter of outlines: parts of an object that a mask has lost, and parts of the mask on
 * something else, each farther than a margin from the true border. They are what feeding masks back leads to.
 */
import type { LabelMap } from "../video/labelMap.ts";
import { type Bitmap, complement, countPixels, dilateByDisk, without } from "./bitmap.ts";
import { type DavisObjects, objectPixels, type VoidHandling } from "./davis.ts";

/** The margin, pixels at `MARGIN_ROWS` rows of picture; it grows with the picture. */
const MARGIN = 8;
const MARGIN_ROWS = 480;

/** One object over the scored frames; NaN if it is in none of them. */
export interface DeepErrors {
  /** Missed pixels that lie deeper than the margin inside the truth, per true pixel: 0..1. */
  readonly eaten: number;
  /** False pixels farther than the margin from the truth, per true pixel: 0.., may exceed 1. */
  readonly leaked: number;
}

/** Collects the frames of one sequence. */
export interface DeepErrorScorer {
  /** @throws an internal error if their sizes differ. */
  add(prediction: LabelMap, truth: LabelMap): void;
  /** Of the frames so far, by id. */
  score(): Readonly<Record<string, DeepErrors>>;
}

/** Deep errors of one object in one frame, pixels. */
export interface DeepPixels {
  readonly eaten: number;
  readonly leaked: number;
}

/**
 * Counts the deep errors. Beyond the picture's edge nothing is known: it is no border of the object.
 * @param margin whole pixels; what lies at just this distance is not deep.
 */
export function deepPixels(predicted: Bitmap, real: Bitmap, margin: number): DeepPixels {
  const rim = dilateByDisk(complement(real), margin);
  const around = dilateByDisk(real, margin);
  return {
    eaten: countPixels(without(without(real, predicted), rim)),
    leaked: countPixels(without(predicted, around)),
  };
}

/** The margin in a picture of so many rows, whole pixels. */
export function marginOf(rows: number): number {
  return Math.round((MARGIN * rows) / MARGIN_ROWS);
}

/** A scorer for a sequence with these objects. */
export function deepErrorScorer(objects: DavisObjects, voidHandling: VoidHandling): DeepErrorScorer {
  const sums = objects.ids.map((id) => ({ id, eaten: 0, leaked: 0, area: 0 }));
  return {
    add(prediction, truth) {
      const margin = marginOf(truth.height);
      for (const [i, { predicted, real }] of objectPixels(objects, voidHandling, prediction, truth).entries()) {
        const { eaten, leaked } = deepPixels(predicted, real, margin);
        sums[i].eaten += eaten;
        sums[i].leaked += leaked;
        sums[i].area += countPixels(real);
      }
    },
    score: () =>
      Object.fromEntries(
        sums.map(({ id, eaten, leaked, area }) => [
          String(id),
          area === 0 ? { eaten: Number.NaN, leaked: Number.NaN } : { eaten: eaten / area, leaked: leaked / area },
        ]),
      ),
  };
}
