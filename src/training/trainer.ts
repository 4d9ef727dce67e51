/** @file The training loop: batches in, weights out, a folder that tells what happened, and no surprise that loses work. */
import { join, resolve } from "node:path";
import { duration } from "../core/duration.ts";
import { messageOf } from "../core/errors.ts";
import { type Logger, silent } from "../core/log.ts";
import type { EncoderWeights } from "../method/encoderWeights.ts";
import { readEncoderWeights } from "../method/node/weightsFile.ts";
import {
  compile,
  type DeviceKind,
  type Feeds,
  type OpTime,
  type ParameterValues,
  type Program,
} from "../tensor/index.ts";
import { writeSafetensors } from "../weights/safetensors.ts";
import type { Batch, BatchSource } from "./batches.ts";
import { openBatchThread } from "./batchThread.ts";
import { type Checkpoint, readCheckpoint, type State, writeCheckpoint } from "./checkpoint.ts";
import { cacheClips, findClips } from "./clipCache.ts";
import type { TrainingConfig } from "./config.ts";
import { LossGuard, watchedLoss } from "./lossGuard.ts";
import { PreciseStatistics } from "./preciseStatistics.ts";
import {
  appendMetrics,
  createRun,
  type MetricsRow,
  readRun,
  refuseUsedFolder,
  rewindMetrics,
  RUN_FILES,
  runRecord,
  writeCurves,
} from "./runFolder.ts";
import { writeSamples } from "./samples.ts";
import { averageShare, learningRateAt, progress } from "./schedule.ts";
import { buildStep, partLosses, startValues, STATE_NAMES, type TrainingStep } from "./step.ts";

/** A run to start or to go on with. */
export interface TrainOptions {
  /** Folder of the run. */
  readonly folder: string;
  /** Folder of the decoded footage; shared by runs. */
  readonly cache: string;
  readonly device?: DeviceKind;
  readonly threads?: number;
  readonly logger?: Logger;
  /** Stops after the step in flight; the state is saved. */
  readonly signal?: AbortSignal;
  /** A score of weights, higher is better, for example J&F on annotated sequences; the best weights are kept.
   * It may fail when the signal is aborted: then the run stops as it would without it. */
  readonly score?: (weights: EncoderWeights) => Promise<number>;
  /** Measure every op. */
  readonly profile?: boolean;
}

/** How a run ended. */
export interface TrainResult {
  readonly finished: boolean;
  readonly step: number;
  readonly weights: string;
  readonly profile?: readonly OpTime[];
}

/**
 * Starts a run. Its folder is made when the footage is decoded, and can be resumed from then on.
 * @throws UserError for bad footage, a folder in use, or a loss that is no number; the signal's reason when it is aborted
 * before the footage is decoded.
 */
export async function startTraining(
  config: TrainingConfig,
  footage: readonly string[],
  options: TrainOptions,
): Promise<TrainResult> {
  await refuseUsedFolder(options.folder);
  const values = await firstValues(config);
  const run = new Run(config, options);
  const clips = footage.map((path) => resolve(path));
  await using sampler = await run.sampler(clips);
  await createRun(options.folder, await runRecord(config, clips));
  const { parameterLayout, statisticsLayout } = run.step;
  const parameters = parameterLayout.pack(values);
  const state: State = {
    parameters,
    statistics: statisticsLayout.pack(values),
    average: parameters.slice(),
    m: new Float32Array(parameters.length),
    v: new Float32Array(parameters.length),
  };
  const start: Checkpoint = { step: 0, minutes: 0, state };
  await writeCheckpoint(join(options.folder, RUN_FILES.checkpoint), start);
  return await run.go(start, sampler);
}

/** Goes on with a run that was stopped, bit for bit. @throws UserError when the folder holds no run or a damaged one. */
export async function resumeTraining(options: TrainOptions): Promise<TrainResult> {
  const { config, footage } = await readRun(options.folder);
  const checkpoint = await readCheckpoint(join(options.folder, RUN_FILES.checkpoint));
  const rows = await rewindMetrics(options.folder, checkpoint.step);
  const run = new Run(config, options, Math.max(...rows.map(({ score }) => score ?? Number.NEGATIVE_INFINITY)));
  await using sampler = await run.sampler(footage);
  return await run.go(checkpoint, sampler);
}

/** What a run works with. */
interface RunTools {
  readonly sampler: BatchSource;
  readonly program: Program<string>;
  readonly statistics: PreciseStatistics;
}

/** What a step works with. */
interface StepTools {
  readonly batch: Batch;
  readonly program: Program<string>;
  readonly guard: LossGuard;
  /** When the step began, on the clock of `performance.now()`. */
  readonly begin: number;
}

/** Learned numbers that are written down at every step. */
const TOLD = new Set(["motion.alpha", "fusion.sigma"]);

class Run {
  readonly step: TrainingStep;
  private readonly config: TrainingConfig;
  private readonly options: TrainOptions;
  private readonly logger: Logger;
  /** The batch whose pictures are written. */
  private shown: Batch | undefined;
  /** The highest score so far, of the run's earlier parts too. */
  private best: number;

  constructor(config: TrainingConfig, options: TrainOptions, best = Number.NEGATIVE_INFINITY) {
    this.best = best;
    this.config = config;
    this.options = options;
    this.logger = options.logger ?? silent;
    this.step = buildStep(config);
  }

  async go(from: Checkpoint, sampler: BatchSource): Promise<TrainResult> {
    const { device, threads, profile, signal } = this.options;
    const runtime = { ...(device === undefined ? {} : { device }), ...(threads === undefined ? {} : { threads }) };
    await using program = await compile(this.step.outputs, { ...runtime, profile: profile === true });
    await using statistics = await PreciseStatistics.open(this.config, sampler, runtime);
    const last = await this.loop(from, { sampler, program, statistics });
    const finished = progress(this.config, last) >= 1;
    await this.save(last, statistics);
    if (!finished && signal?.aborted === true)
      this.logger.info(`stopped after step ${last.step}; go on with: tsumugi train --resume ${this.options.folder}`);
    const weights = join(this.options.folder, RUN_FILES.weights);
    return { finished, step: last.step, weights, ...(profile === true ? { profile: await program.profile() } : {}) };
  }

  /** Decodes the footage where that has not been done yet. */
  async sampler(footage: readonly string[]): Promise<BatchSource> {
    const { cacheSide, maxFramesPerClip } = this.config;
    const { cache, signal } = this.options;
    const segments = await cacheClips(await findClips(footage), {
      folder: cache,
      side: cacheSide,
      maxFrames: maxFramesPerClip,
      logger: this.logger,
      ...(signal === undefined ? {} : { signal }),
    });
    return openBatchThread(segments, this.config);
  }

  /** Steps until the run is done or stopped. Whatever fails, the steps done before are saved first. */
  private async loop(from: Checkpoint, tools: RunTools): Promise<Checkpoint> {
    let now = from;
    try {
      for await (const done of this.steps(from, tools)) now = done;
    } catch (error) {
      // The first failure is the one to tell of, also where saving fails for the same reason (a full disk).
      if (now.step > from.step) await this.save(now, tools.statistics).catch(() => {});
      throw error;
    }
    return now;
  }

  /** The state after each step; the next batch is decoded while a step computes. */
  private async *steps(from: Checkpoint, { sampler, program, statistics }: RunTools): AsyncGenerator<Checkpoint> {
    let now = from;
    const guard = new LossGuard(from.smoothedLoss);
    let next = ahead(sampler, now.step + 1);
    let [savedAt, sampledAt] = [now.minutes, now.step === 0 ? Number.NEGATIVE_INFINITY : now.minutes];
    while (progress(this.config, now) < 1 && this.options.signal?.aborted !== true) {
      const begin = performance.now();
      const batch = await next;
      next = ahead(sampler, now.step + 2);
      const { done, row } = await this.once(now, { batch, program, guard, begin });
      now = done;
      yield now;
      const sampling = now.minutes - sampledAt >= this.config.sampleMinutes || progress(this.config, now) >= 1;
      if (sampling) {
        sampledAt = now.minutes;
        await this.look(now, sampler, program);
      }
      const score = sampling ? await this.scored(now, statistics) : undefined;
      await appendMetrics(this.options.folder, score === undefined ? row : { ...row, score });
      if (now.minutes - savedAt >= this.config.checkpointMinutes) {
        savedAt = now.minutes;
        await this.save(now, statistics);
      }
    }
    await next.catch(() => {});
  }

  private async once(before: Checkpoint, { batch, program, guard, begin }: StepTools) {
    const step = before.step + 1;
    const learningRate = learningRateAt(this.config, progress(this.config, before));
    const { loss, gradientNorm, ...outputs } = await program.run({
      ...stepFeeds(before, batch),
      learningRate: Float32Array.of(learningRate),
      averageShare: Float32Array.of(averageShare(this.config.emaDecay, step)),
      step: Float32Array.of(step),
    });
    const smoothedLoss = guard.check({
      step,
      loss: watchedLoss(loss[0], this.config.adaptiveFusion.enabled ? partLosses(outputs) : undefined),
      gradientNorm: gradientNorm[0],
    });
    const seconds = (performance.now() - begin) / 1000;
    const state = Object.fromEntries(STATE_NAMES.map((name) => [name, outputs[name]])) as State;
    const done = { step, minutes: before.minutes + seconds / 60, smoothedLoss, state };
    const row: MetricsRow = {
      step,
      minutes: done.minutes,
      loss: loss[0],
      gradientNorm: gradientNorm[0],
      learningRate,
      pairsPerSec: this.config.pairs / seconds,
      ...this.details(outputs),
    };
    this.tell(done, row);
    return { done, row };
  }

  /** The losses that the objective is made of, and the few numbers learned beside the encoder (α, σ). */
  private details(outputs: Readonly<Record<string, Float32Array>>): Pick<MetricsRow, "parts" | "learned"> {
    const parts = partLosses(outputs);
    const learned = [...this.step.parameterLayout.unpack(outputs["parameters"])].flatMap(([name, { data }]) =>
      TOLD.has(name) ? [[name, [...data]] as const] : [],
    );
    return {
      ...(Object.keys(parts).length > 1 ? { parts } : {}),
      ...(learned.length > 0 ? { learned: Object.fromEntries(learned) } : {}),
    };
  }

  private tell(
    { step, minutes, smoothedLoss }: Required<Omit<Checkpoint, "state">>,
    { pairsPerSec }: MetricsRow,
  ): void {
    const done = progress(this.config, { step, minutes });
    const left = done > 0 ? duration(((minutes * 60) / done) * (1 - done)) : "?";
    this.logger.progress(
      `step ${step}  loss ${smoothedLoss.toFixed(4)}  ${pairsPerSec.toFixed(1)} pairs/s  ${Math.round(done * 100)} %  ${left} left`,
    );
  }

  /**
   * Pictures of the same samples every time, so that progress can be seen: a step on the batch of step 1, of which only the
   * pictures are kept.
   */
  private async look(now: Checkpoint, sampler: BatchSource, program: Program<string>): Promise<void> {
    await writeCurves(this.options.folder);
    if (!this.config.reconstruction.enabled) return;
    this.shown ??= await sampler.batch(1);
    const { reconstruction, value } = await program.run(stepFeeds(now, this.shown));
    const name = `${String(now.step).padStart(6, "0")}.png`;
    const path = join(this.options.folder, RUN_FILES.samples, name);
    await writeSamples(path, this.shown, { reconstruction, value }, this.config);
  }

  private async scored(now: Checkpoint, statistics: PreciseStatistics): Promise<number | undefined> {
    if (this.options.score === undefined) return undefined;
    const weights = await this.weights(now, statistics);
    const score = await this.options.score(weights).catch((error: unknown) => {
      if (this.options.signal?.aborted === true) return undefined;
      throw error;
    });
    if (score === undefined) return undefined;
    this.logger.info(`step ${now.step}: score ${score.toFixed(4)}`);
    if (score > this.best) {
      this.best = score;
      await this.writeWeights(RUN_FILES.best, weights);
    }
    return score;
  }

  private async save(now: Checkpoint, statistics: PreciseStatistics): Promise<void> {
    await writeCheckpoint(join(this.options.folder, RUN_FILES.checkpoint), now);
    await this.writeWeights(RUN_FILES.weights, await this.weights(now, statistics));
    await writeCurves(this.options.folder);
  }

  /** The averaged weights, and the statistics of the batch norms measured for them. */
  private async weights({ state, step, minutes }: Checkpoint, statistics: PreciseStatistics): Promise<EncoderWeights> {
    const { parameterLayout, statisticsLayout } = this.step;
    const measured = statisticsLayout.unpack(
      await statistics.of(state.average).catch((error: unknown) => {
        this.logger.warn(`batch-norm statistics could not be measured, the running ones are kept: ${messageOf(error)}`);
        return state.statistics;
      }),
    );
    const values = new Map([...parameterLayout.unpack(state.average), ...measured]);
    const { variant } = this.config;
    return {
      variant,
      values,
      metadata: {
        variant,
        format: "tsumugi",
        motionEstimator: this.config.motionEstimator,
        motionCamera: this.config.motionCamera,
        motionEncoding: this.config.motionEnhancement.encoding,
        step: String(step),
        minutes: minutes.toFixed(1),
        config: JSON.stringify(this.config),
      },
    };
  }

  private async writeWeights(name: string, { values, metadata }: EncoderWeights): Promise<void> {
    await writeSafetensors(join(this.options.folder, name), new Map(values), { metadata });
  }
}

/** How a run begins: seeded random values, or those of a weights file where it holds them. */
async function firstValues(config: TrainingConfig): Promise<ParameterValues> {
  const start = startValues(config);
  if (config.init === undefined) return start;
  const { values } = await readEncoderWeights(config.init, config.variant);
  return new Map([...start].map(([name, value]) => [name, values.get(name) ?? value]));
}

/** A batch and the state before it, for a step that changes nothing: a learning rate of 0 and no share in the average. */
function stepFeeds({ step, state }: Pick<Checkpoint, "step" | "state">, batch: Batch): Feeds {
  return {
    ...batch.parts,
    frames: batch.frames,
    hidden: batch.hidden,
    parameters: state.parameters,
    statistics: state.statistics,
    average: state.average,
    "adam.m": state.m,
    "adam.v": state.v,
    learningRate: Float32Array.of(0),
    averageShare: Float32Array.of(0),
    step: Float32Array.of(step),
  };
}

/** A batch that is waited for later: its failure is reported then, not as an unhandled rejection in between. */
function ahead(sampler: BatchSource, step: number): Promise<Batch> {
  const batch = sampler.batch(step);
  batch.catch(() => {});
  return batch;
}
