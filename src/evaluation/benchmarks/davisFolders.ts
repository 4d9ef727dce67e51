/**
 * @file Scores masks that lie in folders as DAVIS lays them out: `<folder>/<sequence>/00000.png`, one picture a frame.
 */
import { basename, join } from "node:path";
import { counted } from "../../core/counted.ts";
import { UserError } from "../../core/errors.ts";
import { pngNames, sequenceFolders } from "../../formats/maskFolder.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import { readMaskPng } from "../../video/masks/maskPng.ts";
import {
  type DavisObjects,
  davisScore,
  type DavisScore,
  objectsIn,
  type SequenceScore,
  sequenceScorer,
  unknownLabel,
  type VoidHandling,
} from "../../metrics/davis.ts";

/** Predicted masks and the truth to score them against. */
export interface DavisFolders {
  /** `<prediction>/<sequence>/*.png`. */
  readonly prediction: string;
  /** `<truth>/<sequence>/*.png`: an `Annotations/<resolution>` folder. */
  readonly truth: string;
  /** Default: every sequence (folder) in `prediction`. */
  readonly sequences?: readonly string[] | undefined;
  /** Default `background`, as the official tool. */
  readonly voidHandling?: VoidHandling;
  /** Called for every sequence before it is read. */
  readonly onSequence?: ((sequence: string, index: number, count: number) => void) | undefined;
}

/**
 * Scores folders of masks.
 * @param settings noted in the result.
 * @throws UserError `score/no-sequences`, `score/no-truth`, `score/missing-frames`, `score/too-short`,
 * `score/no-object`, `score/size`, `score/label` and those of `readMaskPng`, each naming the file or folder.
 */
export async function scoreDavisFolders(
  { prediction, truth, sequences, voidHandling = "background", onSequence }: DavisFolders,
  settings: Readonly<Record<string, unknown>>,
): Promise<DavisScore> {
  const names = sequences ?? (await sequenceFolders(prediction));
  const scores: Record<string, SequenceScore> = {};
  for (const [index, name] of names.entries()) {
    onSequence?.(name, index, names.length);
    scores[name] = await scoreFolder(join(prediction, name), join(truth, name), voidHandling);
  }
  return davisScore(scores, settings);
}

/**
 * The file names of a sequence's truth, first and last included.
 * @throws UserError `score/no-truth` without any, `score/too-short` if nothing is left without the first and the last.
 */
export async function truthNames(truth: string): Promise<string[]> {
  const names = await pngNames(truth).catch((error: unknown) => {
    throw noTruth(truth, error);
  });
  if (names.length === 0) throw noTruth(truth);
  if (names.length >= 3) return names;
  throw new UserError("score/too-short", {
    what: `${truth} cannot be scored`,
    got: counted(names.length, "annotated frame"),
    expected: "at least 3, since the first and the last are left out of the score",
  });
}

function noTruth(truth: string, cause?: unknown): UserError {
  return new UserError(
    "score/no-truth",
    {
      what: `there is no truth for the sequence ${basename(truth)}`,
      expected: `its masks in ${truth}`,
      todo: "check the truth folder (it is the one that holds the sequences, for example Annotations/480p) or leave the sequence out",
    },
    cause,
  );
}

/**
 * The objects of a sequence.
 * @throws UserError `score/no-object` if its first mask is empty.
 */
export function requireObjects(path: string, firstTruth: LabelMap): DavisObjects {
  const objects = objectsIn(firstTruth);
  if (objects.ids.length > 0) return objects;
  throw new UserError("score/no-object", {
    what: `${path} shows no object`,
    expected: "the mask of every object in the first frame: 0 and 255, or ids from 1",
  });
}

/** Where a sequence's truth lies, and which of its frames are scored. */
export interface SequenceTruth {
  /** The folder. */
  readonly folder: string;
  /** File names of all frames with truth, in order, the first and the last (which are not scored) included. */
  readonly names: readonly string[];
}

/** A mask, and what to call it in an error. */
export interface NamedMask {
  readonly path: string;
  readonly labels: LabelMap;
}

/**
 * Scores one sequence.
 * @param maskOf the predicted mask of the frame with this file name; asked once for every scored frame, in order.
 * @throws UserError `score/no-object`, `score/size`, `score/label` and those of `readMaskPng`
 */
export async function scoreSequence(
  { folder, names }: SequenceTruth,
  maskOf: (name: string) => Promise<NamedMask>,
  voidHandling: VoidHandling,
): Promise<SequenceScore> {
  const first = join(folder, names[0]);
  const objects = requireObjects(first, await readMaskPng(first));
  const scorer = sequenceScorer(objects, voidHandling);
  for (const name of names.slice(1, -1)) {
    const path = join(folder, name);
    const [predicted, labels] = await Promise.all([maskOf(name), readMaskPng(path)]);
    requireSameSize(predicted, { path, labels });
    requireKnownLabels(predicted, objects);
    scorer.add(predicted.labels, labels);
  }
  return scorer.score();
}

/** Scores one folder of masks against one folder of truth. Errors as `scoreDavisFolders`. */
export async function scoreFolder(
  prediction: string,
  folder: string,
  voidHandling: VoidHandling,
): Promise<SequenceScore> {
  const names = await truthNames(folder);
  await requireFrames(prediction, names.slice(1, -1));
  const maskOf = async (name: string): Promise<NamedMask> => {
    const path = join(prediction, name);
    return { path, labels: await readMaskPng(path) };
  };
  return scoreSequence({ folder, names }, maskOf, voidHandling);
}

/** @throws UserError `score/missing-frames` unless the folder has all these files. */
export async function requireFrames(prediction: string, scored: readonly string[]): Promise<void> {
  const present = new Set(await pngNames(prediction));
  const missing = scored.filter((name) => !present.has(name));
  if (missing.length === 0) return;
  throw new UserError("score/missing-frames", {
    what: `${prediction} lacks ${missing.length} of ${counted(scored.length, "mask")}, first ${join(prediction, missing[0])}`,
    expected: "a mask for every scored frame of the truth, under the same file name",
  });
}

/** @throws UserError `score/size` */
export function requireSameSize(predicted: NamedMask, truth: NamedMask): void {
  const [got, expected] = [sizeOf(predicted.labels), sizeOf(truth.labels)];
  if (got === expected) return;
  throw new UserError("score/size", {
    what: `${predicted.path} is of another size than ${truth.path}`,
    got,
    expected,
    todo: "score against the annotations of the same resolution, or resize the masks with nearest-neighbour",
  });
}

const sizeOf = ({ width, height }: LabelMap): string => `${width}x${height}`;

function requireKnownLabels({ path, labels }: NamedMask, objects: DavisObjects): void {
  const label = unknownLabel(labels, objects);
  if (label === undefined) return;
  throw new UserError("score/label", {
    what: `${path} holds a label that the truth does not have`,
    got: `label ${label}`,
    expected: objects.binary
      ? "0 and 1 (or 255), since the truth is one binary mask"
      : `0 and the ids of the first frame's truth (${objects.ids.join(", ")})`,
    ...(objects.binary && { todo: "if the objects were tracked apart, score against the masks of the single objects" }),
  });
}
