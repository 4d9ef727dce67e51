/** @file The task `score`: existing masks, points or tracks against the truth. */
import { resolve } from "node:path";
import { z } from "zod";
import { scoreDavisFolders } from "../evaluation/benchmarks/davisFolders.ts";
import type { Logger } from "../core/log.ts";
import { readSplit } from "../formats/splitFile.ts";
import { scoreLabelFolders } from "../evaluation/benchmarks/labelFolders.ts";
import { type ClipScores, scorePckFiles, scoreTapVidFiles } from "../evaluation/benchmarks/pointFiles.ts";
import type { DavisScore } from "../metrics/davis.ts";
import type { IouScore } from "../metrics/meanIou.ts";
import type { PckScore } from "../metrics/pck.ts";
import type { TapVidScore } from "../metrics/tapVid.ts";
import { OVERLAPS, QUERY_MODES } from "./choices.ts";
import { type MotScores, scoreMotClips } from "./score/motClips.ts";
import { encodingKey } from "./settings/encoding.ts";
import { frameSizeKey } from "./settings/frameSize.ts";
import { jsonKey, voidKey, writeJson } from "./settings/scores.ts";
import { choice, defineTask, type RunContext, taskObject, taskUnion } from "./task.ts";

/** Masks or labels in folders of sequences. */
const folderKeys = {
  pred: z.string().describe("Predictions: DIR/SEQUENCE/00000.png and so on."),
  truth: z.string().describe("The truth, laid out and named alike."),
  json: jsonKey,
};

/** Files of points. */
const fileKeys = {
  pred: z.string().describe("Predicted points: a file, or a folder of files."),
  truth: z.string().describe("True points: a file, or a folder of files named alike."),
  encoding: encodingKey("files that are not UTF-8"),
  json: jsonKey,
};

const davisSchema = taskObject("score", {
  metric: z.literal("davis").describe("J and F of DAVIS."),
  ...folderKeys,
  split: z
    .string()
    .exactOptional()
    .describe("Score only the sequences in this file, a name a line. Default: all predicted."),
  void: voidKey,
});
const miouSchema = taskObject("score", {
  metric: z.literal("miou").describe("Mean IoU of semantic labels."),
  ...folderKeys,
  classes: z
    .array(z.int().min(0).max(254))
    .min(1)
    .exactOptional()
    .describe("Labels to average. Default: all in the truth."),
});
const pckSchema = taskObject("score", {
  metric: z.literal("pck").describe("PCK@0.1 to 0.5 of key points, by JHMDB's rule."),
  ...fileKeys,
});
const tapVidSchema = taskObject("score", {
  metric: z.literal("tapvid").describe("AJ, δ_avg and OA of TAP-Vid."),
  ...fileKeys,
  mode: choice(QUERY_MODES).default("first").describe("Which frames are queried."),
  size: frameSizeKey.exactOptional().describe("Size of the clip's frames; files of points need it."),
});

const motSchema = taskObject("score", {
  metric: z.literal("mot").describe("HOTA, MOTA, IDF1 and errors of counting of several tracked things."),
  pred: z.string().describe("Tracks: a file or folder of any format, or a folder of the results of a track task."),
  truth: z.string().describe("The truth, in any format."),
  split: z
    .string()
    .exactOptional()
    .describe("Names of sequences, a line each, below both. Default: tracks and truth are of one clip."),
  overlap: choice(OVERLAPS).default("auto").describe("What overlaps: boxes, or masks where both sides have them."),
  class: z.string().exactOptional().describe("Score only things of this class. Default: all."),
  labelledOnly: z
    .boolean()
    .default(false)
    .describe("Score only frames that the truth annotates. Default: all; what is tracked in others is wrong."),
  size: frameSizeKey.exactOptional().describe("Size of the frames, where labels are shares of it."),
  encoding: encodingKey("files that are not UTF-8"),
  json: jsonKey,
});

/** The scores, by metric. */
export type ScoreOutcome =
  | { readonly metric: "davis"; readonly score: DavisScore }
  | { readonly metric: "miou"; readonly score: IouScore }
  | { readonly metric: "pck"; readonly score: ClipScores<PckScore> }
  | { readonly metric: "tapvid"; readonly score: ClipScores<TapVidScore> }
  | { readonly metric: "mot"; readonly score: MotScores };

const scoreSchema = taskUnion("metric", [davisSchema, miouSchema, pckSchema, tapVidSchema, motSchema]);
type ScoreSettings = z.output<typeof scoreSchema>;

/** Scores existing masks, points or tracks. */
export const scoreTask = defineTask("score", scoreSchema, async (task, context): Promise<ScoreOutcome> => {
  const outcome = await scored(task, context);
  await writeJson(task.json, outcome.score);
  return outcome;
});

async function scored(task: ScoreSettings, { logger, signal }: RunContext): Promise<ScoreOutcome> {
  const { pred: prediction, truth } = task;
  const onSequence = (name: string, index: number, count: number): void => {
    signal.throwIfAborted();
    logger.progress(`scoring ${name} (${index + 1} of ${count})`);
  };
  switch (task.metric) {
    case "davis":
      return { metric: "davis", score: await scoreMasks(task, onSequence) };
    case "miou": {
      const { classes } = task;
      return { metric: "miou", score: await scoreLabelFolders({ prediction, truth, classes, onSequence }) };
    }
    case "mot":
      return { metric: "mot", score: await scoreTracks(task, logger, onSequence) };
    case "pck":
      return { metric: "pck", score: await scorePckFiles({ prediction, truth, encoding: task.encoding }) };
    default: {
      const { mode, size, encoding } = task;
      return { metric: "tapvid", score: await scoreTapVidFiles({ prediction, truth, mode, size, encoding }) };
    }
  }
}

async function scoreTracks(
  { pred: prediction, split, ...task }: z.output<typeof motSchema>,
  logger: Logger,
  onSequence: (name: string, index: number, count: number) => void,
): Promise<MotScores> {
  const sequences = split === undefined ? undefined : await readSplit(split);
  return scoreMotClips({ ...task, prediction, sequences, logger, onSequence });
}

async function scoreMasks(
  { pred, truth, split, void: voidHandling }: z.output<typeof davisSchema>,
  onSequence: (name: string, index: number, count: number) => void,
): Promise<DavisScore> {
  const sequences = split === undefined ? undefined : await readSplit(split);
  return scoreDavisFolders(
    { prediction: pred, truth, voidHandling, sequences, onSequence },
    { prediction: resolve(pred), truth: resolve(truth), void: voidHandling },
  );
}
