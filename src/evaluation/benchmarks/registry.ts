/**
 * @file The benchmarks as data: where each lies, what the tracker is given, how it is scored and shown. `evaluate` runs
 * any of them; a new benchmark is a new entry.
 */
import { join, resolve } from "node:path";
import type { Logger } from "../../core/log.ts";
import type { DavisScore, VoidHandling } from "../../metrics/davis.ts";
import type { IouScore } from "../../metrics/meanIou.ts";
import type { PckScore } from "../../metrics/pck.ts";
import type { InputSize } from "../../tracking/encodedFrames.ts";
import { type BadjaScore, badjaScores } from "./badja.ts";
import { CAMVID_CLASSES, evaluateCamVid } from "./camVid.ts";
import { evaluateDrift } from "../drift/driftBenchmark.ts";
import { type DriftScore, driftTable } from "../drift/driftScore.ts";
import {
  type CorrectableMethod,
  type DavisBenchmark,
  type DavisEvaluation,
  type DavisEvaluationOptions,
  evaluateDavis,
} from "./davisBenchmark.ts";
import { davisTable } from "./davisTable.ts";
import { JHMDB_INPUT, jhmdbScores } from "./jhmdb.ts";
import type { PointBenchmark, TrackedSequence } from "./pointBenchmark.ts";
import type { ClipScores } from "./pointFiles.ts";
import { badjaTable, iouTable, jointTable, pckTable } from "./pointTables.ts";

/** Where the frames and masks of a set lie, as in DAVIS. */
export interface MaskLayout {
  /** Folder of `JPEGImages/<resolution>` and `<annotations>/<resolution>`, within the data. */
  readonly root: string;
  readonly resolution: string;
  readonly annotations: string;
  /** The file of the sequences, within the root; undefined: has to be named. */
  readonly split: string | undefined;
  /** What label 255 of the truth is. */
  readonly void: VoidHandling;
}

/** Where joints and frames lie, within the data. */
export interface PointLayout {
  /** Folder of `SEQUENCE.json`. */
  readonly annotations: string;
  /** Folder of `SEQUENCE/00000.jpg`. */
  readonly frames: string;
  /** Folder of the masks that the score needs. */
  readonly masks: string | undefined;
}

/** A set of masks that is there: paths from where the command runs. */
export interface MaskPlace extends MaskLayout {
  readonly split: string;
  readonly sequences: readonly string[];
}

/** What both kinds of benchmark are run with. */
export interface BenchmarkRun {
  /** Gets the masks. */
  readonly out: string;
  /** All of the method that results depend on. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** What else is worth noting of the method. */
  readonly notes: Readonly<Record<string, unknown>>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** A score, and what it took. */
export interface Evaluation<Score> {
  readonly score: Score;
  /** Frames tracked now, and the seconds that took; sequences kept from before are not among them. */
  readonly frames: number;
  readonly seconds: number;
  /** Sequences whose results existed already. */
  readonly kept: number;
}

/** A benchmark of masks or labels; the first frame's are given. */
export interface MaskEntry<Score> {
  readonly name: string;
  readonly method: "masks";
  readonly given: "first";
  readonly layout: MaskLayout;
  readonly score: (method: CorrectableMethod, place: MaskPlace, run: BenchmarkRun) => Promise<Evaluation<Score>>;
  readonly table: (score: Score) => string;
}

/** A benchmark of points. */
export interface PointEntry<Score> {
  readonly name: string;
  readonly method: "points";
  readonly given: PointBenchmark["given"];
  readonly layout: PointLayout;
  /** Size of the encoder's input, px, as published. */
  readonly input: InputSize;
  readonly score: (sequences: readonly TrackedSequence[], layout: PointLayout) => Score | Promise<Score>;
  /** @param joints their names. */
  readonly table: (score: Score, joints: readonly string[]) => string;
}

/** Runs an evaluation of masks laid out as DAVIS. */
function ofDavis<Score>(
  evaluate: (
    benchmark: DavisBenchmark,
    method: CorrectableMethod,
    options: DavisEvaluationOptions,
  ) => Promise<Omit<DavisEvaluation, "score"> & { readonly score: Score }>,
): MaskEntry<Score>["score"] {
  return async (method, place, { out, identity, notes, ...run }) => {
    const { root, sequences, resolution, annotations, split, void: voidHandling } = place;
    const masks = { ...identity, data: resolve(root), resolution, annotations };
    const settings = { ...masks, ...notes, split: resolve(split), void: voidHandling };
    const options = { out, identity: masks, settings, voidHandling, ...run };
    const { kept, ...rest } = await evaluate({ root, sequences, resolution, annotations }, method, options);
    return { ...rest, kept: kept.length };
  };
}

const davis: MaskEntry<DavisScore> = {
  name: "davis",
  method: "masks",
  given: "first",
  layout: { root: "", resolution: "480p", annotations: "Annotations", split: undefined, void: "background" },
  score: ofDavis(evaluateDavis),
  table: davisTable,
};

const cdnet: MaskEntry<DavisScore> = {
  ...davis,
  name: "cdnet",
  layout: {
    root: "segmentation/CDnet",
    resolution: "240p",
    annotations: "Annotations",
    split: "ImageSets/240p/dev.txt",
    void: "ignore",
  },
};

const drift: MaskEntry<DriftScore> = {
  ...davis,
  name: "drift",
  score: ofDavis(evaluateDrift),
  table: driftTable,
};

const camvid: MaskEntry<IouScore> = {
  name: "camvid",
  method: "masks",
  given: "first",
  layout: {
    root: "segmentation/CamVid",
    resolution: "360p",
    annotations: "Annotations",
    split: "ImageSets/360p/dev.txt",
    void: "ignore",
  },
  score: (method, { root, sequences }, { out, identity, logger, signal }) =>
    evaluateCamVid(method, { root, sequences, out, identity: { ...identity, data: resolve(root) }, logger, signal }),
  table: (score) => iouTable(score, CAMVID_CLASSES),
};

const jhmdb: PointEntry<ClipScores<PckScore>> = {
  name: "jhmdb",
  method: "points",
  given: "start",
  layout: { annotations: "keypoints/JHMDB", frames: "segmentation/JHMDB/JPEGImages/240p", masks: undefined },
  input: JHMDB_INPUT,
  score: jhmdbScores,
  table: (scores, joints) => `${pckTable(scores)}\n${jointTable(scores.all, joints)}`,
};

const badja: PointEntry<ClipScores<BadjaScore>> = {
  name: "badja",
  method: "points",
  given: "appearance",
  layout: {
    annotations: "keypoints/BADJA",
    frames: "segmentation/DAVIS/JPEGImages/480p",
    masks: "segmentation/DAVIS/Annotations/480p",
  },
  // The published 320 x 512 within a few pixels.
  input: 320,
  score: (sequences, { masks = "" }) => badjaScores(sequences, masks),
  table: badjaTable,
};

/** The benchmarks by name. */
export const benchmarks = { davis, drift, cdnet, camvid, jhmdb, badja };
export type BenchmarkName = keyof typeof benchmarks;

/** What a benchmark's score is. */
export type ScoreOf<Name extends BenchmarkName> = (typeof benchmarks)[Name] extends
  | MaskEntry<infer Score>
  | PointEntry<infer Score>
  ? Score
  : never;

/** A layout within a folder of data. */
export function within(data: string, layout: PointLayout): PointLayout {
  const { annotations, frames, masks } = layout;
  const at = (path: string): string => join(data, path);
  return { annotations: at(annotations), frames: at(frames), masks: masks === undefined ? undefined : at(masks) };
}
