/** @file The training loop: batches in, weights out, a folder that records the run, and no failure that loses work. */
import { join, resolve } from "node:path";
import { type Logger, silent } from "../core/log.ts";
import type { MachineOptions } from "../core/machine.ts";
import { commandLine } from "../core/shell.ts";
import type { OpTime } from "../tensor/index.ts";
import type { BatchSource } from "./batches.ts";
import { BatchesAhead } from "./batchesAhead.ts";
import { openBatchThread } from "./batchThread.ts";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { cacheClips, type ClipRanges, findClips } from "./clipCache.ts";
import type { TrainingConfig } from "./config.ts";
import { firstCheckpoint, startOf } from "./firstCheckpoint.ts";
import { KeptWeights } from "./keptWeights.ts";
import { LossGuard, watchedLoss } from "./lossGuard.ts";
import { Checkpoints } from "./observers/checkpoints.ts";
import { metricsLog } from "./observers/metricsLog.ts";
import { Interval, samplingInterval } from "./observers/interval.ts";
import { type Observer, type StepReport, notifyAll } from "./observers/observer.ts";
import { progressLine } from "./observers/progressLine.ts";
import { SampleSheets } from "./observers/sampleSheets.ts";
import { bestScore, type Score, Scores } from "./observers/scores.ts";
import { PreciseStatistics } from "./preciseStatistics.ts";
import { type MetricsRow, rewindMetrics, RUN_FILES } from "./runFiles.ts";
import { createRun, readRun, refuseUsedFolder, runRecord } from "./runFolder.ts";
import { partsOf, type RunParts } from "./runParts.ts";
import { progress } from "./schedule.ts";
import { buildStep, type TrainingStep } from "./step.ts";
import { type StepOutcome, StepRunner } from "./stepRunner.ts";

/** A run to start or to resume. */
export interface TrainOptions extends MachineOptions {
  /** Folder of the run. */
  readonly folder: string;
  /** Folder of the decoded footage; shared by runs. */
  readonly cache: string;
  /** Only these frames of clips, by their absolute paths; default all. A run that is resumed needs them again. */
  readonly ranges?: ClipRanges | undefined;
  readonly logger?: Logger | undefined;
  /** Stops after the step in flight; the state is saved. */
  readonly signal?: AbortSignal | undefined;
  /** A score of weights, higher is better, for example J&F on annotated sequences; the best weights are kept.
   * It may fail when the signal is aborted: then the run stops as it would without it. */
  readonly score?: Score;
  /** Measure every op. */
  readonly profile?: boolean | undefined;
}

/** How a run ended. */
export interface TrainResult {
  readonly finished: boolean;
  readonly step: number;
  readonly weights: string;
  readonly profile?: readonly OpTime[] | undefined;
}

/**
 * Starts a run. Its folder is made when the footage is decoded, and can be resumed from then on.
 * @throws UserError for bad footage, a folder in use, or a loss that is no number; the signal's reason when it is
 * aborted before the footage is decoded.
 */
export async function startTraining(
  config: TrainingConfig,
  footage: readonly string[],
  options: TrainOptions,
): Promise<TrainResult> {
  await refuseUsedFolder(options.folder);
  const run = plannedRun(config, options);
  const start = await firstCheckpoint(config, run.graph, run.parts);
  const clips = footage.map((path) => resolve(path));
  await using batches = await openBatches(run, clips);
  await createRun(options.folder, await runRecord(config, clips));
  await writeCheckpoint(join(options.folder, RUN_FILES.checkpoint), start);
  run.options.logger.info(`starts from ${startOf(config)}`);
  return await train(run, batches, start, []);
}

/** Resumes a run that was stopped, bit for bit. @throws UserError when the folder holds no run or a damaged one. */
export async function resumeTraining(options: TrainOptions): Promise<TrainResult> {
  const { config, footage } = await readRun(options.folder);
  const checkpoint = await readCheckpoint(join(options.folder, RUN_FILES.checkpoint));
  const rows = await rewindMetrics(options.folder, checkpoint.step);
  const run = plannedRun(config, options);
  await using batches = await openBatches(run, footage);
  return await train(run, batches, checkpoint, rows);
}

/** A run before anything is opened. */
interface PlannedRun {
  readonly config: TrainingConfig;
  readonly parts: RunParts;
  readonly graph: TrainingStep;
  readonly options: TrainOptions & { readonly logger: Logger };
}

function plannedRun(config: TrainingConfig, options: TrainOptions): PlannedRun {
  const parts = partsOf(config);
  return { config, parts, graph: buildStep(config, parts), options: { ...options, logger: options.logger ?? silent } };
}

/** Opens what a run needs, runs its steps, and saves the final state. @param rows metrics of the steps so far. */
async function train(
  run: PlannedRun,
  batches: BatchSource,
  from: Checkpoint,
  rows: readonly MetricsRow[],
): Promise<TrainResult> {
  const { config, parts, graph, options } = run;
  const { device, threads, profile = false, folder, logger, signal } = options;
  const runtime = { device, threads };
  await using runner = await StepRunner.open(config, parts, graph, { ...runtime, profile });
  await using statistics = await PreciseStatistics.open(config, batches, runtime, parts);
  const weights = new KeptWeights(config, graph, statistics, logger);
  const checkpoints = new Checkpoints(folder, weights, new Interval(config.checkpointMinutes, from.minutes));
  const observers = [
    progressLine(logger, rows),
    new SampleSheets({ folder, run: parts, batches, runner, interval: samplingInterval(config.sampleMinutes, from) }),
    ...scores(run, weights, from, bestScore(rows)),
    metricsLog(folder),
    checkpoints,
  ];
  const last = await steps(run, { batches, runner, observers, checkpoints }, from);
  await checkpoints.save(last);
  const finished = progress(config, last) >= 1;
  if (!finished && signal?.aborted === true)
    logger.info(
      `stopped after step ${last.step}; resume with: ${commandLine(["tsumugi", "train", "--resume", folder])}`,
    );
  const path = join(folder, RUN_FILES.weights);
  return { finished, step: last.step, weights: path, ...(profile ? { profile: await runner.profile() } : {}) };
}

/** What the steps of a run need. */
interface StepTools {
  readonly batches: BatchSource;
  readonly runner: StepRunner;
  readonly observers: readonly Observer[];
  readonly checkpoints: Checkpoints;
}

/** Steps until the run is done or stopped. Whatever fails, the steps done so far are saved first. */
async function steps(run: PlannedRun, tools: StepTools, from: Checkpoint): Promise<Checkpoint> {
  const { config, options } = run;
  const guard = new LossGuard(from.smoothedLoss);
  const batches = new BatchesAhead(tools.batches, from.step + 1);
  let now = from;
  try {
    while (progress(config, now) < 1 && options.signal?.aborted !== true) {
      const begin = performance.now();
      const batch = await batches.next();
      const outcome = await tools.runner.step(now, batch);
      const smoothedLoss = guard.check({ ...outcome, step: now.step + 1, loss: guarded(run, outcome) });
      const report = reportOf(config, now, { ...outcome, smoothedLoss, seconds: (performance.now() - begin) / 1000 });
      now = report.checkpoint;
      await notifyAll(tools.observers, report);
    }
    await batches.settled();
    return now;
  } catch (error) {
    // The first failure is the one to report, also where saving fails for the same reason (a full disk).
    if (now.step > from.step) await tools.checkpoints.save(now).catch(() => {});
    throw error;
  }
}

/** The loss by which the guard judges a step. */
function guarded({ parts }: PlannedRun, { loss, losses }: StepOutcome): number {
  return watchedLoss(loss, parts.traits.watchesSum ? losses : undefined);
}

/** A step, and how long it took with its batch. */
interface TimedOutcome extends StepOutcome {
  readonly smoothedLoss: number;
  readonly seconds: number;
}

function reportOf(config: TrainingConfig, before: Checkpoint, done: TimedOutcome): StepReport {
  const { smoothedLoss, seconds, state, loss, gradientNorm, learningRate, losses, learned } = done;
  const [step, minutes] = [before.step + 1, before.minutes + seconds / 60];
  const pairsPerSec = config.pairs / seconds;
  return {
    checkpoint: { step, minutes, smoothedLoss, state },
    progress: progress(config, { step, minutes }),
    row: {
      step,
      minutes,
      loss,
      gradientNorm,
      learningRate,
      pairsPerSec,
      ...(Object.keys(losses).length > 1 ? { parts: losses } : {}),
      ...(Object.keys(learned).length > 0 ? { learned } : {}),
    },
  };
}

/** Scores, where they are asked for. */
function scores({ config, options }: PlannedRun, weights: KeptWeights, from: Checkpoint, best: number): Scores[] {
  const { score, folder, logger, signal } = options;
  if (score === undefined) return [];
  return [
    new Scores({
      folder,
      score,
      weights,
      interval: samplingInterval(config.sampleMinutes, from),
      logger,
      signal,
      best,
    }),
  ];
}

/** Decodes the footage where that has not been done yet. */
async function openBatches({ config, options }: PlannedRun, footage: readonly string[]): Promise<BatchSource> {
  const { cache, ranges, signal, logger } = options;
  const segments = await cacheClips(await findClips(footage), {
    folder: cache,
    side: config.cacheSide,
    maxFrames: config.maxFramesPerClip,
    ranges,
    logger,
    signal,
  });
  return openBatchThread(segments, config);
}
