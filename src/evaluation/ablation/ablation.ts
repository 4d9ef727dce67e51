/**
 * @file Runs an ablation: every row is trained with the same footage, steps and seeds, and scored on annotated
 * sequences. Finished work is kept: the same command resumes where it stopped.
 */
import { join } from "node:path";
import { UserError } from "../../core/errors.ts";
import { isThere, makeFolders, writeError } from "../../core/files.ts";
import { type Logger, silent } from "../../core/log.ts";
import type { Threads } from "../../core/machine.ts";
import { openEncoder } from "../../method/node/openEncoder.ts";
import { type EncoderWeights, untrainedWeights } from "../../method/encoderWeights.ts";
import { readEncoderWeights } from "../../method/node/weightsFile.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import { type Mode, modes } from "../../tracking/modes.ts";
import type { CameraChoice } from "../../motion/motionEstimator.ts";
import type { Protocol } from "../../tracking/protocols.ts";
import { type TrainingConfig, trainingConfig, type TrainingConfigInput } from "../../training/config.ts";
import { readMetrics, RUN_FILES } from "../../training/runFiles.ts";
import { readRun } from "../../training/runFolder.ts";
import { resumeTraining, startTraining } from "../../training/trainer.ts";
import { type JointScores, keptScore, type MaskScores, type NamedSet, scoreJoints, scoreMasks } from "./benchmarks.ts";
import type { AblationRow, PartSettings } from "./rows.ts";
import type { DavisBenchmark } from "../benchmarks/davisBenchmark.ts";
import type { PointBenchmark } from "../benchmarks/pointBenchmark.ts";

/** What to compare, and with what. */
export interface AblationOptions extends Threads {
  readonly rows: readonly AblationRow[];
  readonly seeds: readonly number[];
  /** What all rows share; `steps` is their budget. */
  readonly base: TrainingConfigInput & { readonly steps: number };
  readonly footage: readonly string[];
  /** What the table is mainly about. */
  readonly benchmark: DavisBenchmark;
  /** Further sets, a column each; pixels without a label (255) are left out of their scores. */
  readonly sets?: readonly NamedSet[];
  /** Joints of people, two columns of PCK. */
  readonly joints?: PointBenchmark | undefined;
  readonly protocol: Protocol;
  /** Default `exact`. */
  readonly mode?: Mode | undefined;
  /** False: rows with MEE are scored without the motion image; default true. */
  readonly motion?: boolean;
  /** What is known of the annotated clips' cameras; default as each row was trained. */
  readonly camera?: CameraChoice | undefined;
  /** Score only so many frames of each sequence with masks. */
  readonly maxFrames?: number | undefined;
  /** Gets `ROW-seedN/` for each run with `result.json`, `result-SET.json` for each further set, and `joints.json`. */
  readonly out: string;
  readonly cache: string;
  readonly logger?: Logger | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One row with one seed: its scores on the main set, and what else was asked for. */
export interface AblationResult extends MaskScores {
  readonly row: string;
  readonly seed: number;
  /** Median seconds of a training step; 0 without training. */
  readonly stepSeconds: number;
  /** What was learned beside the encoder at the last step: α, σ. */
  readonly learned: Readonly<Record<string, readonly number[]>>;
  /** The settings it was made with; a result of others is not taken for this one. */
  readonly identity: string;
  /** By name of the further set. */
  readonly sets?: Readonly<Record<string, MaskScores>>;
  readonly joints?: JointScores;
}

/**
 * All rows with all seeds, seed by seed, so that a stopped ablation has complete rows.
 * @throws UserError those of training and scoring; the signal's reason when it is aborted.
 */
export async function runAblation(options: AblationOptions): Promise<AblationResult[]> {
  const { rows, seeds, out, logger = silent, signal } = options;
  await makeFolders(out).catch((error: unknown) => {
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
  await using encoder = new LazyEncoder(options, () => trained(options, row, seed, folder));
  const identity = (what: object): string => identityOf(options, row, seed, what);
  const main = await keptScore(
    folder,
    "result.json",
    identity(masksIdentity(options, options.benchmark)),
    async () => ({
      row: row.name,
      seed,
      ...(await masksOf(options, await encoder.open(), options.benchmark)),
      ...(await trainingOf(folder)),
    }),
  );
  const sets: [string, MaskScores][] = [];
  for (const { name, benchmark } of options.sets ?? [])
    sets.push([
      name,
      await keptScore(folder, `result-${name}.json`, identity(masksIdentity(options, benchmark)), async () =>
        masksOf(options, await encoder.open(), benchmark, "ignore"),
      ),
    ]);
  const joints = options.joints && (await jointsOf(options, options.joints, { folder, encoder, identity }));
  options.logger?.info(`${row.title}, seed ${seed}: J&F ${main.JF.toFixed(3)}`);
  return {
    ...main,
    ...(sets.length === 0 ? {} : { sets: Object.fromEntries(sets) }),
    ...(joints !== undefined && { joints }),
  };
}

/** An encoder whose weights are trained, or read, when the first score asks for them. */
class LazyEncoder implements AsyncDisposable {
  private readonly options: AblationOptions;
  private readonly weights: () => Promise<EncoderWeights>;
  private session: Promise<FeatureExtractor> | undefined;

  constructor(options: AblationOptions, weights: () => Promise<EncoderWeights>) {
    this.options = options;
    this.weights = weights;
  }

  open(): Promise<FeatureExtractor> {
    const { motion = true, camera, threads } = this.options;
    this.session ??= this.weights().then((weights) =>
      openEncoder({
        weights,
        motion,
        camera,
        threads,
      }),
    );
    return this.session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const session = await this.session?.catch(() => undefined);
    await session?.[Symbol.asyncDispose]();
  }
}

/** Everything a score depends on, as text: the run, and `what` is measured how. */
function identityOf({ base, footage, camera }: AblationOptions, row: AblationRow, seed: number, what: object): string {
  return JSON.stringify({ base, parts: row.parts ?? null, seed, ...what, footage, camera });
}

function masksIdentity({ protocol, mode = modes.exact, motion = true, maxFrames }: AblationOptions, benchmark: object) {
  return { benchmark, protocol, mode, motion, maxFrames };
}

function masksOf(
  options: AblationOptions,
  encoder: FeatureExtractor,
  benchmark: DavisBenchmark,
  voidHandling: "background" | "ignore" = "background",
): Promise<MaskScores> {
  const { maxFrames } = options;
  return scoreMasks(encoder, benchmark, {
    ...scoringOf(options),
    voidHandling,
    maxFrames,
  });
}

function jointsOf(
  options: AblationOptions,
  benchmark: PointBenchmark,
  of: { folder: string; encoder: LazyEncoder; identity: (what: object) => string },
): Promise<JointScores> {
  const { protocol, motion = true } = options;
  const identity = of.identity({ benchmark, protocol, motion });
  return keptScore(of.folder, "joints.json", identity, async () =>
    scoreJoints(await of.encoder.open(), benchmark, {
      ...scoringOf(options),
      out: join(of.folder, "joints"),
      identity,
    }),
  );
}

function scoringOf({ protocol, mode = modes.exact, threads, logger, signal }: AblationOptions) {
  return {
    protocol,
    mode,
    threads,
    logger,
    signal,
  };
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
    threads,
    logger,
    signal,
  };
  const begun = await isThere(join(folder, RUN_FILES.config));
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

async function requireSame(folder: string, config: TrainingConfig): Promise<void> {
  const { config: before } = await readRun(folder);
  if (JSON.stringify(before) === JSON.stringify(config)) return;
  throw new UserError("ablation/other", {
    what: `${folder} holds a run with other settings`,
    todo: "choose another --out folder, or remove it",
  });
}

async function trainingOf(folder: string): Promise<Pick<AblationResult, "stepSeconds" | "learned">> {
  const rows = await readMetrics(folder);
  if (rows.length === 0) return { stepSeconds: 0, learned: {} };
  const { pairs } = (await readRun(folder)).config;
  const seconds = rows.map(({ pairsPerSec }) => pairs / pairsPerSec).sort((a, b) => a - b);
  return { stepSeconds: seconds[Math.floor(seconds.length / 2)], learned: rows.at(-1)?.learned ?? {} };
}
