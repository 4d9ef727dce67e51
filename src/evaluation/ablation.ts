/**
 * @file Runs an ablation: every row is trained with the same footage, steps and seeds, and scored on annotated sequences.
 * What is done is kept: the same command goes on where it stopped.
 */
import { access, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../core/errors.ts";
import { writeError, writeFileAtomic } from "../core/files.ts";
import { type Logger, silent } from "../core/log.ts";
import { openEncoder } from "../method/encoderSession.ts";
import { type EncoderWeights, readEncoderWeights, untrainedWeights } from "../method/encoderWeights.ts";
import { type Mode, modes } from "../tracking/modes.ts";
import type { Protocol } from "../tracking/protocols.ts";
import { type TrainingConfig, trainingConfig, type TrainingConfigInput } from "../training/config.ts";
import { readMetrics, readRun, RUN_FILES } from "../training/runFolder.ts";
import { resumeTraining, startTraining } from "../training/trainer.ts";
import type { AblationRow, PartSettings } from "./ablationRows.ts";
import { type DavisBenchmark, scoreDavis } from "./davisBenchmark.ts";
import { trackedMasks } from "./trackedMasks.ts";

/** What to compare, and with what. */
export interface AblationOptions {
  readonly rows: readonly AblationRow[];
  readonly seeds: readonly number[];
  /** What all rows share; `steps` is their budget. */
  readonly base: TrainingConfigInput & { readonly steps: number };
  readonly footage: readonly string[];
  readonly benchmark: DavisBenchmark;
  readonly protocol: Protocol;
  /** Default `exact`. */
  readonly mode?: Mode;
  /** False: rows with MEE are scored without the motion image; default true. */
  readonly motion?: boolean;
  /** Score only so many frames of each sequence. */
  readonly maxFrames?: number;
  /** Gets `ROW-seedN/` for each run and its `result.json`. */
  readonly out: string;
  readonly cache: string;
  readonly threads?: number;
  readonly logger?: Logger;
  readonly signal?: AbortSignal;
}

/** One row with one seed. */
export interface AblationResult {
  readonly row: string;
  readonly seed: number;
  readonly JF: number;
  readonly J: number;
  readonly F: number;
  /** J&F by sequence. */
  readonly sequences: Readonly<Record<string, number>>;
  /** Median seconds of a training step; 0 without training. */
  readonly stepSeconds: number;
  /** What was learned beside the encoder at the last step: α, σ. */
  readonly learned: Readonly<Record<string, readonly number[]>>;
  /** The settings it was made with; a result of others is not taken for this one. */
  readonly identity: string;
}

/**
 * All rows with all seeds, seed by seed, so that a stopped ablation has complete rows.
 * @throws UserError those of training and scoring; the signal's reason when it is aborted.
 */
export async function runAblation(options: AblationOptions): Promise<AblationResult[]> {
  const { rows, seeds, out, logger = silent, signal } = options;
  await mkdir(out, { recursive: true }).catch((error: unknown) => {
    throw writeError(out, error);
  });
  const results: AblationResult[] = [];
  for (const seed of seeds) {
    for (const row of rows) {
      signal?.throwIfAborted();
      logger.info(`${row.title}, seed ${seed} (${results.length + 1} of ${rows.length * seeds.length})`);
      results.push(await oneResult(options, row, seed));
    }
  }
  return results;
}

async function oneResult(options: AblationOptions, row: AblationRow, seed: number): Promise<AblationResult> {
  const folder = join(options.out, `${row.name}-seed${seed}`);
  const path = join(folder, "result.json");
  const identity = identityOf(options, row, seed);
  const kept = await readResult(path);
  if (kept?.identity === identity) return kept;
  const weights = await trained(options, row, seed, folder);
  const result = { row: row.name, seed, identity, ...(await scored(options, weights)), ...(await trainingOf(folder)) };
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(path, `${JSON.stringify(result, undefined, 1)}\n`);
  options.logger?.info(`${row.title}, seed ${seed}: J&F ${result.JF.toFixed(3)}`);
  return result;
}

/** Everything a result depends on, as text. */
function identityOf(options: AblationOptions, row: AblationRow, seed: number): string {
  const { base, benchmark, protocol, mode = modes.exact, motion = true, maxFrames, footage } = options;
  return JSON.stringify({
    base,
    parts: row.parts ?? null,
    seed,
    benchmark,
    protocol,
    mode,
    motion,
    maxFrames,
    footage,
  });
}

async function readResult(path: string): Promise<AblationResult | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as AblationResult);
}

async function trained(
  { base, footage, cache, threads, logger, signal }: AblationOptions,
  row: AblationRow,
  seed: number,
  folder: string,
): Promise<EncoderWeights> {
  if (row.parts === undefined) return untrainedWeights(base.variant ?? "small", seed);
  const config = trainingConfig({ ...withParts(base, row.parts), seed });
  const run = {
    folder,
    cache,
    ...(threads === undefined ? {} : { threads }),
    ...(logger === undefined ? {} : { logger }),
    ...(signal === undefined ? {} : { signal }),
  };
  const begun = await exists(join(folder, RUN_FILES.config));
  if (begun) await requireSame(folder, config);
  const done = await (begun ? resumeTraining(run) : startTraining(config, footage, run));
  signal?.throwIfAborted();
  return readEncoderWeights(done.weights);
}

/** A part's other keys stay as the base has them. */
function withParts(base: TrainingConfigInput, parts: PartSettings): TrainingConfigInput {
  const blocks = Object.entries(parts).map(([name, keys]) => [name, { ...base[name as keyof PartSettings], ...keys }]);
  return { ...base, ...(Object.fromEntries(blocks) as PartSettings) };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function requireSame(folder: string, config: TrainingConfig): Promise<void> {
  const { config: before } = await readRun(folder);
  if (JSON.stringify(before) === JSON.stringify(config)) return;
  throw new UserError("ablation/other", {
    what: `${folder} holds a run with other settings`,
    todo: "choose another --out folder, or remove it",
  });
}

async function scored(options: AblationOptions, weights: EncoderWeights) {
  const { benchmark, protocol, mode = modes.exact, motion = true, maxFrames, threads, signal, logger } = options;
  const runtime = threads === undefined ? {} : { threads };
  await using encoder = await openEncoder({ weights, motion, ...runtime });
  const limits = {
    ...(signal === undefined ? {} : { signal }),
    ...(logger === undefined ? {} : { logger }),
    ...(maxFrames === undefined ? {} : { maxFrames }),
  };
  const { JF_mean, J, F, sequences } = await scoreDavis(
    benchmark,
    trackedMasks({ encoder, protocol, mode, ...runtime }),
    limits,
  );
  const bySequence = Object.entries(sequences).map(([name, score]) => [name, score.JF_mean] as const);
  return { JF: JF_mean, J: J.mean, F: F.mean, sequences: Object.fromEntries(bySequence) };
}

async function trainingOf(folder: string): Promise<Pick<AblationResult, "stepSeconds" | "learned">> {
  const rows = await readMetrics(folder);
  if (rows.length === 0) return { stepSeconds: 0, learned: {} };
  const { pairs } = (await readRun(folder)).config;
  const seconds = rows.map(({ pairsPerSec }) => pairs / pairsPerSec).sort((a, b) => a - b);
  return { stepSeconds: seconds[Math.floor(seconds.length / 2)], learned: rows.at(-1)?.learned ?? {} };
}
