/**
 * @file CamVid used as VIP is: semantic labels of the first frame are carried through the clip, mean IoU over the 11
 * classes.
 */
import { join } from "node:path";
import type { FrameAnnotation } from "../../annotations/frameAnnotation.ts";
import { type Logger, silent } from "../../core/log.ts";
import { maskFolder, pngNames } from "../../formats/maskFolder.ts";
import type { FrameSource } from "../../video/frame.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { type LabelMap, VOID } from "../../video/labelMap.ts";
import { readMaskPng } from "../../video/masks/maskPng.ts";
import type { MaskMethod } from "./davisBenchmark.ts";
import { truthNames } from "./davisFolders.ts";
import { addLabels } from "./labelFolders.ts";
import { openMaskLedger } from "./maskLedger.ts";
import { ConfusionMatrix, type IouScore } from "../../metrics/meanIou.ts";

/** The classes by label. */
export const CAMVID_CLASSES: Readonly<Record<string, string>> = {
  1: "sky",
  2: "building",
  3: "pole",
  4: "road",
  5: "pavement",
  6: "tree",
  7: "sign",
  8: "fence",
  9: "car",
  10: "pedestrian",
  11: "bicyclist",
};

/** Options of `evaluateCamVid`. */
export interface CamVidOptions {
  /** Folder of `JPEGImages/360p/SEQUENCE` and `Annotations/360p/SEQUENCE`. */
  readonly root: string;
  readonly sequences: readonly string[];
  /** Gets `SEQUENCE/00000.png` and `settings.json`. */
  readonly out: string;
  /** All that the labels depend on: labels made with anything else are not kept. */
  readonly identity: Readonly<Record<string, unknown>>;
  readonly logger?: Logger | undefined;
  /** Aborting ends the run with the signal's reason after the frame in hand. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Tracks all sequences (those that are there and were made alike are kept) and scores them together. Void in the first
 * frame is given as label 0, which no class is.
 * @throws UserError those of `addLabels` and of tracking
 */
export async function evaluateCamVid(
  method: MaskMethod,
  { root, sequences, out, identity, logger = silent, signal }: CamVidOptions,
): Promise<{ readonly score: IouScore; readonly frames: number; readonly seconds: number; readonly kept: number }> {
  const ledger = await openMaskLedger(out, identity, logger);
  const matrix = new ConfusionMatrix();
  let [frames, seconds, kept] = [0, 0, 0];
  for (const name of sequences) {
    const truth = join(root, "Annotations/360p", name);
    const wanted = (await truthNames(truth)).map((file) => file.replace(/\.png$/iu, ""));
    if (await ledger.holds(name, wanted)) kept++;
    else {
      const begin = performance.now();
      const clip = join(root, "JPEGImages/360p", name);
      await carry(method, { clip, truth, out: join(out, name) }, (done) => {
        signal?.throwIfAborted();
        frames++;
        logger.progress(`${name}: frame ${done} of ${wanted.length}`);
      });
      await ledger.complete(name);
      seconds += (performance.now() - begin) / 1000;
    }
    await addLabels(matrix, join(out, name), truth);
  }
  return { score: matrix.score(Object.keys(CAMVID_CLASSES).map(Number)), frames, seconds, kept };
}

/** Where one sequence's frames and labels are, and where the tracked ones go. */
interface SequenceFolders {
  readonly clip: string;
  readonly truth: string;
  readonly out: string;
}

/** Writes a label map for each frame. @param tracked called with how many frames are done. */
async function carry(
  method: MaskMethod,
  { clip, truth, out }: SequenceFolders,
  tracked: (done: number) => void,
): Promise<void> {
  await using source = await openFrameSource(clip);
  const given = await readMaskPng(join(truth, (await pngNames(truth))[0]));
  const first = { ...given, data: given.data.map((label) => (label === VOID ? 0 : label)) };
  await maskFolder.write(out, { objects: [], frames: carriedFrames(method, source, first, tracked) });
}

async function* carriedFrames(
  method: MaskMethod,
  source: FrameSource,
  first: LabelMap,
  tracked: (done: number) => void,
): AsyncGenerator<FrameAnnotation, void, void> {
  let frame = 0;
  for await (const mask of method.carry(source, first)) {
    yield { frame, image: source.names[frame], mask };
    tracked(++frame);
  }
}
