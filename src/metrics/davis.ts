/**
 * @file The DAVIS benchmark's scores (semi-supervised task): J and F per object, sequence and benchmark.
 * docs/evaluation.md says what is averaged over what, and which quirks of the official tool are reproduced.
 * The first frame (given to the method) and the last are not scored: neither may be passed to the scorer.
 */
import { internal } from "../core/errors.ts";
import { type LabelMap, VOID } from "../video/labelMap.ts";
import { bitmapOfLabels, type Bitmap, without } from "./bitmap.ts";
import { boundaryAccuracy } from "./boundaryAccuracy.ts";
import { regionSimilarity } from "./regionSimilarity.ts";
import { averageStatistics, meanOf, type Statistics, statisticsOf } from "./statistics.ts";

/**
 * What label 255 means in truth with several objects: `background`, as the official tool scores this task, or `ignore`:
 * such pixels count for neither mask. In binary truth (0/255, DAVIS 2016) 255 is always the object.
 */
export type VoidHandling = "background" | "ignore";

/** The objects of a sequence's truth, taken from its first frame. */
export interface DavisObjects {
  /** DAVIS 2016: 0 and 255 only, 255 being the object, which has id 1 here. */
  readonly binary: boolean;
  /** Ascending object ids. */
  readonly ids: readonly number[];
}

/** J and F of one object. */
export interface ObjectScore {
  /** One value per scored frame, 0..1. */
  readonly J: readonly number[];
  /** One value per scored frame, 0..1. */
  readonly F: readonly number[];
  readonly J_mean: number;
  readonly F_mean: number;
}

/** The scores of one sequence. */
export interface SequenceScore {
  /** (J + F) / 2 of the means over the objects. */
  readonly JF_mean: number;
  /** Keyed by the object's id. */
  readonly objects: Readonly<Record<string, ObjectScore>>;
}

/** The scores of a benchmark, in the form of the JSON that the commands write. */
export interface DavisScore {
  readonly benchmark: "davis";
  /** (J.mean + F.mean) / 2. */
  readonly JF_mean: number;
  /** Every object's numbers averaged over all objects of all sequences. */
  readonly J: Statistics;
  /** As `J`. */
  readonly F: Statistics;
  /** What the scores were made with. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly sequences: Readonly<Record<string, SequenceScore>>;
}

/**
 * The objects in the truth of a sequence's first frame.
 * @returns no ids if the frame has no object.
 */
export function objectsIn(firstTruth: LabelMap): DavisObjects {
  const present = labelsIn(firstTruth);
  const ids = present.filter((label) => label !== 0 && label !== VOID);
  if (ids.length > 0) return { binary: false, ids };
  return present.includes(VOID) ? { binary: true, ids: [1] } : { binary: false, ids: [] };
}

/**
 * A label in a prediction that is not in the truth, where the official tool also fails; 255 is the object
 * of binary truth and background otherwise.
 */
export function unknownLabel(prediction: LabelMap, { ids }: DavisObjects): number | undefined {
  const largest = Math.max(...ids);
  return labelsIn(prediction).find((label) => label > largest && label !== VOID);
}

/** One object in a frame: its predicted and its true pixels. */
export interface ObjectPixels {
  readonly id: number;
  readonly predicted: Bitmap;
  readonly real: Bitmap;
}

/** The pixels of every object, those of void left out where it is ignored. */
export function objectPixels(
  { binary, ids }: DavisObjects,
  voidHandling: VoidHandling,
  prediction: LabelMap,
  truth: LabelMap,
): ObjectPixels[] {
  const ignored = voidHandling === "ignore" && !binary ? bitmapOfLabels(truth, members(VOID)) : undefined;
  const pixelsOf = (map: LabelMap, labels: Uint8Array): Bitmap => {
    const all = bitmapOfLabels(map, labels);
    return ignored === undefined ? all : without(all, ignored);
  };
  return ids.map((id) => {
    const labels = binary ? EVERY_LABEL : members(id);
    return { id, predicted: pixelsOf(prediction, labels), real: pixelsOf(truth, labels) };
  });
}

/** Collects the frames of one sequence; no frame is kept, so any length needs the same memory. */
export interface SequenceScorer {
  /** @throws an internal error if their sizes differ. */
  add(prediction: LabelMap, truth: LabelMap): void;
  /** The scores of the frames so far. */
  score(): SequenceScore;
}

/** A scorer for a sequence with these objects, see `objectsIn`. */
export function sequenceScorer(objects: DavisObjects, voidHandling: VoidHandling): SequenceScorer {
  const values = objects.ids.map((id) => ({ id, J: [] as number[], F: [] as number[] }));
  return {
    add(prediction, truth) {
      for (const [i, { predicted, real }] of objectPixels(objects, voidHandling, prediction, truth).entries()) {
        values[i].J.push(regionSimilarity(predicted, real));
        values[i].F.push(boundaryAccuracy(predicted, real));
      }
    },
    score: () => sequenceScore(values),
  };
}

/** The benchmark's score: each object counts the same, however long its sequence is. */
export function davisScore(
  sequences: Readonly<Record<string, SequenceScore>>,
  settings: Readonly<Record<string, unknown>>,
): DavisScore {
  const objects = Object.values(sequences).flatMap((sequence) => Object.values(sequence.objects));
  if (objects.length === 0) throw internal("cannot score a benchmark without objects");
  const J = averageStatistics(objects.map((object) => statisticsOf(object.J)));
  const F = averageStatistics(objects.map((object) => statisticsOf(object.F)));
  return { benchmark: "davis", JF_mean: (J.mean + F.mean) / 2, J, F, settings, sequences };
}

/** The statistics of one sequence: its objects' numbers averaged. */
export function sequenceStatistics({ objects }: SequenceScore): { readonly J: Statistics; readonly F: Statistics } {
  const all = Object.values(objects);
  return {
    J: averageStatistics(all.map(({ J }) => statisticsOf(J))),
    F: averageStatistics(all.map(({ F }) => statisticsOf(F))),
  };
}

const EVERY_LABEL = new Uint8Array(256).fill(1, 1);

function members(label: number): Uint8Array {
  const table = new Uint8Array(256);
  table[label] = 1;
  return table;
}

function labelsIn({ data }: LabelMap): number[] {
  const seen = new Uint8Array(256);
  for (const label of data) seen[label] = 1;
  return Array.from(seen.keys()).filter((label) => seen[label] === 1);
}

function sequenceScore(
  values: readonly { readonly id: number; readonly J: readonly number[]; readonly F: readonly number[] }[],
): SequenceScore {
  const objects = values.map(({ id, J, F }) => ({
    id,
    score: { J: [...J], F: [...F], J_mean: meanOf(J), F_mean: meanOf(F) },
  }));
  return {
    JF_mean: meanOf(objects.map(({ score }) => (score.J_mean + score.F_mean) / 2)),
    objects: Object.fromEntries(objects.map(({ id, score }) => [String(id), score])),
  };
}
