/** @file Mean IoU of label maps that lie in folders as DAVIS lays them out: `<folder>/<sequence>/00000.png`. */
import { join } from "node:path";
import { sequenceFolders } from "../../formats/maskFolder.ts";
import { readMaskPng } from "../../video/masks/maskPng.ts";
import { type NamedMask, requireFrames, requireSameSize, truthNames } from "./davisFolders.ts";
import { ConfusionMatrix, type IouScore } from "../../metrics/meanIou.ts";

/** Predicted labels and the truth to score them against. */
export interface LabelFolders {
  /** `<prediction>/<sequence>/*.png`. */
  readonly prediction: string;
  /** `<truth>/<sequence>/*.png`. */
  readonly truth: string;
  /** The labels that are averaged; default all that the truth has. */
  readonly classes?: readonly number[] | undefined;
  /** Called for every sequence before it is read. */
  readonly onSequence?: ((sequence: string, index: number, count: number) => void) | undefined;
}

/**
 * Scores every frame of the truth but the first, which was given; pixels of all sequences are pooled.
 * @throws UserError those of `addLabels`
 */
export async function scoreLabelFolders({ prediction, truth, classes, onSequence }: LabelFolders): Promise<IouScore> {
  const matrix = new ConfusionMatrix();
  const sequences = await sequenceFolders(prediction);
  for (const [index, name] of sequences.entries()) {
    onSequence?.(name, index, sequences.length);
    await addLabels(matrix, join(prediction, name), join(truth, name));
  }
  return matrix.score(classes ?? matrix.classes());
}

/**
 * Adds one sequence, without its first frame.
 * @throws UserError `score/missing-frames`, `score/size` and those of reading masks and folders
 */
export async function addLabels(matrix: ConfusionMatrix, prediction: string, truth: string): Promise<void> {
  const names = (await truthNames(truth)).slice(1);
  await requireFrames(prediction, names);
  for (const name of names) {
    const [known, found] = await Promise.all([named(join(truth, name)), named(join(prediction, name))]);
    requireSameSize(found, known);
    matrix.add(known.labels, found.labels);
  }
}

async function named(path: string): Promise<NamedMask> {
  return { path, labels: await readMaskPng(path) };
}
