/** @file The training loop: batches in, weights out, a folder that tells what happened, and no surprise that loses work. */
import { join } from "node:path";
import { UserError } from "../core/errors.ts";
import { type Logger, silent } from "../core/log.ts";
import { encoderVariant, initialValues } from "../method/encoder.ts";
import type { EncoderWeights } from "../method/encoderWeights.ts";
import { compile, type DeviceKind, type OpTime, type Program } from "../tensor/index.ts";
import { writeSafetensors } from "../weights/safetensors.ts";
import { type Batch, BatchSampler } from "./batches.ts";
import { type Checkpoint, readCheckpoint, type State, writeCheckpoint } from "./checkpoint.ts";
import { cacheClips, findClips } from "./clipCache.ts";
import type { TrainingConfig } from "./config.ts";
import {
  appendMetrics,
  createRun,
  type MetricsRow,
  readRun,
  rewindMetrics,
  RUN_FILES,
  runRecord,
  writeCurves,
} from "./runFolder.ts";
import { writeSamples } from "./samples.ts";
import { averageShare, duration, learningRateAt, progress } from "./schedule.ts";
import { buildStep, type TrainingStep } from "./step.ts";

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
  /** A score of weights, higher is better, for example J&F on annotated sequences; the best weights are kept. */
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

type Outputs = keyof TrainingStep["outputs"];

/** Steps in a row with a loss this many times above the usual one are an explosion. */
const EXPLODED = { factor: 4, steps: 20 };
const SMOOTHING = 0.98;

/** Starts a run. @throws UserError for bad footage, a folder in use, or a loss that is no number. */
export async function startTraining(
  config: TrainingConfig,
  footage: readonly string[],
  options: TrainOptions,
): Promise<TrainResult> {
  const values = initialValues(encoderVariant(config.variant), config);
  const run = new Run(config, options);
  await createRun(options.folder, await runRecord(config, footage));
  const { parameterLayout, statisticsLayout } = run.step;
  const parameters = parameterLayout.pack(values);
  const state: State = {
    parameters,
    statistics: statisticsLayout.pack(values),
    average: parameters.slice(),
    m: new Float32Array(parameters.length),
    v: new Float32Array(parameters.length),
  };
  return run.go({ step: 0, minutes: 0, smoothedLoss: Number.NaN, state }, footage);
}

/** Goes on with a run that was stopped, bit for bit. @throws UserError when the folder holds no run or a damaged one. */
export async function resumeTraining(options: TrainOptions): Promise<TrainResult> {
  const { config, footage } = await readRun(options.folder);
  const checkpoint = await readCheckpoint(join(options.folder, RUN_FILES.checkpoint));
  await rewindMetrics(options.folder, checkpoint.step);
  return new Run(config, options).go(checkpoint, footage);
}

class Run {
  readonly step: TrainingStep;
  private readonly config: TrainingConfig;
  private readonly options: TrainOptions;
  private readonly logger: Logger;
  private highLosses = 0;
  private best = Number.NEGATIVE_INFINITY;

  constructor(config: TrainingConfig, options: TrainOptions) {
    this.config = config;
    this.options = options;
    this.logger = options.logger ?? silent;
    this.step = buildStep({
      ...config,
      variant: encoderVariant(config.variant),
      similarity:
        config.similarity === "cosine" ? { kind: "cosine", temperature: config.temperature } : { kind: "scaledDot" },
      adam: { weightDecay: config.weightDecay, clipNorm: config.clipNorm },
    });
  }

  async go(from: Checkpoint, footage: readonly string[]): Promise<TrainResult> {
    const { device, threads, profile, signal } = this.options;
    const sampler = await this.sampler(footage);
    await using program = await compile(this.step.outputs, {
      ...(device === undefined ? {} : { device }),
      ...(threads === undefined ? {} : { threads }),
      ...(profile === undefined ? {} : { profile }),
    });
    const last = await this.loop(from, sampler, program);
    const finished = progress(this.config, last) >= 1;
    await this.save(last);
    if (!finished && signal?.aborted === true)
      this.logger.info(`stopped after step ${last.step}; go on with: tsumugi train --resume ${this.options.folder}`);
    const weights = join(this.options.folder, RUN_FILES.weights);
    return { finished, step: last.step, weights, ...(profile === true ? { profile: await program.profile() } : {}) };
  }

  private async sampler(footage: readonly string[]): Promise<BatchSampler> {
    const { cacheSide, maxFramesPerClip } = this.config;
    const { cache, signal } = this.options;
    const segments = await cacheClips(await findClips(footage), {
      folder: cache,
      side: cacheSide,
      maxFrames: maxFramesPerClip,
      logger: this.logger,
      ...(signal === undefined ? {} : { signal }),
    });
    return new BatchSampler(segments, this.config);
  }

  /** Steps until the run is done or stopped; the next batch is decoded while a step computes. */
  private async loop(from: Checkpoint, sampler: BatchSampler, program: Program<Outputs>): Promise<Checkpoint> {
    let now = from;
    let next = sampler.batch(now.step + 1);
    let [savedAt, sampledAt] = [now.minutes, now.step === 0 ? Number.NEGATIVE_INFINITY : now.minutes];
    while (progress(this.config, now) < 1 && this.options.signal?.aborted !== true) {
      const begin = performance.now();
      const batch = await next;
      next = sampler.batch(now.step + 2);
      const { done, reconstruction, row } = await this.once(now, batch, program, begin);
      now = done;
      const sampling = now.minutes - sampledAt >= this.config.sampleMinutes || progress(this.config, now) >= 1;
      if (sampling) {
        sampledAt = now.minutes;
        await this.look(now, batch, reconstruction);
      }
      const score = sampling ? await this.scored(now) : undefined;
      await appendMetrics(this.options.folder, score === undefined ? row : { ...row, score });
      if (now.minutes - savedAt >= this.config.checkpointMinutes) {
        savedAt = now.minutes;
        await this.save(now);
      }
    }
    await next.catch(() => {});
    return now;
  }

  private async once(before: Checkpoint, batch: Batch, program: Program<Outputs>, begin: number) {
    const step = before.step + 1;
    const learningRate = learningRateAt(this.config, progress(this.config, before));
    const { loss, gradientNorm, reconstruction, ...state } = await program.run({
      frames: batch.frames,
      hidden: batch.hidden,
      parameters: before.state.parameters,
      statistics: before.state.statistics,
      average: before.state.average,
      "adam.m": before.state.m,
      "adam.v": before.state.v,
      learningRate: Float32Array.of(learningRate),
      averageShare: Float32Array.of(averageShare(this.config.emaDecay, step)),
      step: Float32Array.of(step),
    });
    const smoothedLoss = await this.checkLoss(before, loss[0], gradientNorm[0]);
    const seconds = (performance.now() - begin) / 1000;
    const done: Checkpoint = { step, minutes: before.minutes + seconds / 60, smoothedLoss, state };
    const row: MetricsRow = {
      step,
      minutes: done.minutes,
      loss: loss[0],
      gradientNorm: gradientNorm[0],
      learningRate,
      pairsPerSec: this.config.pairs / seconds,
    };
    this.tell(done, row);
    return { done, reconstruction, row };
  }

  /** The smoothed loss. @throws UserError on NaN or an explosion, after saving the last good state. */
  private async checkLoss(before: Checkpoint, loss: number, gradientNorm: number): Promise<number> {
    const usual = Number.isNaN(before.smoothedLoss) ? loss : before.smoothedLoss;
    this.highLosses = loss > EXPLODED.factor * usual ? this.highLosses + 1 : 0;
    const broken = !Number.isFinite(loss) || !Number.isFinite(gradientNorm);
    if (broken || this.highLosses >= EXPLODED.steps) {
      await this.save(before);
      throw new UserError("training/diverged", {
        what: `training broke at step ${before.step + 1}`,
        got: broken
          ? `loss ${loss}, gradient norm ${gradientNorm}`
          : `a loss of ${loss.toFixed(3)} for ${EXPLODED.steps} steps`,
        expected: broken ? "finite numbers" : `about ${usual.toFixed(3)}`,
        todo: `the state after step ${before.step} is saved in ${this.options.folder}; start again with a smaller learning rate`,
      });
    }
    return broken ? usual : SMOOTHING * usual + (1 - SMOOTHING) * loss;
  }

  private tell({ step, minutes, smoothedLoss }: Checkpoint, { pairsPerSec }: MetricsRow): void {
    const done = progress(this.config, { step, minutes });
    const left = done > 0 ? duration(((minutes * 60) / done) * (1 - done)) : "?";
    this.logger.progress(
      `step ${step}  loss ${smoothedLoss.toFixed(4)}  ${pairsPerSec.toFixed(1)} pairs/s  ${Math.round(done * 100)} %  ${left} left`,
    );
  }

  private async look({ step }: Checkpoint, batch: Batch, reconstruction: Float32Array): Promise<void> {
    const name = `${String(step).padStart(6, "0")}.png`;
    await writeSamples(join(this.options.folder, RUN_FILES.samples, name), batch, reconstruction, this.config);
    await writeCurves(this.options.folder);
  }

  private async scored(now: Checkpoint): Promise<number | undefined> {
    if (this.options.score === undefined) return undefined;
    const weights = this.weights(now);
    const score = await this.options.score(weights);
    this.logger.info(`step ${now.step}: score ${score.toFixed(4)}`);
    if (score > this.best) {
      this.best = score;
      await this.writeWeights(RUN_FILES.best, weights);
    }
    return score;
  }

  private async save(now: Checkpoint): Promise<void> {
    await writeCheckpoint(join(this.options.folder, RUN_FILES.checkpoint), now);
    await this.writeWeights(RUN_FILES.weights, this.weights(now));
    await writeCurves(this.options.folder);
  }

  /** The averaged weights, and the statistics of the batch norms. */
  private weights({ state, step, minutes }: Checkpoint): EncoderWeights {
    const { parameterLayout, statisticsLayout } = this.step;
    const values = new Map([...parameterLayout.unpack(state.average), ...statisticsLayout.unpack(state.statistics)]);
    const { variant } = this.config;
    return {
      variant,
      values,
      metadata: {
        variant,
        format: "tsumugi",
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
