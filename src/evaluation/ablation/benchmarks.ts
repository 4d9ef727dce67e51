/**
 * @file What an ablation's rows are scored on: masks of annotated sequences (several sets), joints of people. Each
 * score is kept in a file of its own with everything it depends on, so that a column more needs nothing anew.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolders, writeFileAtomic } from "../../core/files.ts";
import type { Logger } from "../../core/log.ts";
import type { Threads } from "../../core/machine.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import { type Mode, modes } from "../../tracking/modes.ts";
import type { Protocol } from "../../tracking/protocols.ts";
import type { VoidHandling } from "../../metrics/davis.ts";
import { type DavisBenchmark, scoreDavis } from "../benchmarks/davisBenchmark.ts";
import { JHMDB_INPUT, jhmdbScores } from "../benchmarks/jhmdb.ts";
import { PCK_THRESHOLDS } from "../../metrics/pck.ts";
import { type PointBenchmark, runPointBenchmark } from "../benchmarks/pointBenchmark.ts";
import { trackedPoints } from "../benchmarks/pointMethods.ts";
import { trackedMasks } from "../benchmarks/trackedMasks.ts";

/** A further set of annotated sequences. */
export interface NamedSet {
  /** Of its column and files: letters, digits, dashes. */
  readonly name: string;
  readonly benchmark: DavisBenchmark;
}

/** Scores of masks, 0..1. */
export interface MaskScores {
  readonly JF: number;
  readonly J: number;
  readonly F: number;
  /** J&F by sequence. */
  readonly sequences: Readonly<Record<string, number>>;
}

/** Shares of correct joints, 0..1. */
export interface JointScores {
  /** PCK@0.1. */
  readonly at10: number;
  /** PCK@0.2. */
  readonly at20: number;
}

/** How rows are scored, whatever the set. */
export interface ScoringOptions extends Threads {
  readonly protocol: Protocol;
  readonly mode: Mode;
  readonly logger?: Logger | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How masks are scored. */
export interface MaskScoringOptions extends ScoringOptions {
  readonly voidHandling: VoidHandling;
  /** Only so many frames of each sequence. */
  readonly maxFrames?: number | undefined;
}

/** Tracks and scores masks. @throws UserError as `scoreDavis` */
export async function scoreMasks(
  encoder: FeatureExtractor,
  benchmark: DavisBenchmark,
  { protocol, mode, threads, ...limits }: MaskScoringOptions,
): Promise<MaskScores> {
  const method = trackedMasks({ encoder, protocol, mode, threads });
  const { JF_mean, J, F, sequences } = await scoreDavis(benchmark, method, limits);
  const bySequence = Object.entries(sequences).map(([name, score]) => [name, score.JF_mean] as const);
  return { JF: JF_mean, J: J.mean, F: F.mean, sequences: Object.fromEntries(bySequence) };
}

/**
 * Follows joints and scores them as JHMDB does; the tracks stay in `out`.
 * @param identity what the encoder depends on: tracks made with another are not kept.
 * @throws UserError as `runPointBenchmark`
 */
export async function scoreJoints(
  encoder: FeatureExtractor,
  benchmark: PointBenchmark,
  options: ScoringOptions & { readonly out: string; readonly identity: string },
): Promise<JointScores> {
  const { protocol, threads, out, identity, logger, signal } = options;
  const inputSize = protocol.shortSide ?? JHMDB_INPUT;
  // Points are carried better by an exact search (docs/keypoints.md), whatever the mode of the masks is.
  const method = trackedPoints({ encoder, protocol, mode: modes.exact, threads, inputSize });
  const { sequences } = await runPointBenchmark(benchmark, method, {
    out,
    identity: { encoder: identity, protocol, inputSize },
    logger,
    signal,
  });
  const { mean } = jhmdbScores(sequences).all;
  const at = (threshold: number): number => mean[PCK_THRESHOLDS.indexOf(threshold)];
  return { at10: at(0.1), at20: at(0.2) };
}

/** The kept value of a file, or the one that `compute` makes, then kept with what it depends on. */
export async function keptScore<Score extends object>(
  folder: string,
  file: string,
  identity: string,
  compute: () => Promise<Score>,
): Promise<Score & { readonly identity: string }> {
  const path = join(folder, file);
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text !== undefined) {
    const kept = JSON.parse(text) as Score & { readonly identity: string };
    if (kept.identity === identity) return kept;
  }
  const score = { ...(await compute()), identity };
  await makeFolders(folder);
  await writeFileAtomic(path, `${JSON.stringify(score, undefined, 1)}\n`);
  return score;
}
