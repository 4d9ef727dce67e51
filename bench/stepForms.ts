/**
 * @file What a training step costs in two configurations: in turns in one process, batches included. CPU seconds of all
 * threads, since a step's wall time says little on a shared machine.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silent } from "../src/core/log.ts";
import { compile, type Program } from "../src/tensor/index.ts";
import { BatchSampler } from "../src/training/batches.ts";
import { cacheClips, type ClipSegment } from "../src/training/clipCache.ts";
import { type TrainingConfig, trainingConfig, type TrainingConfigInput } from "../src/training/config.ts";
import { buildStep, startValues } from "../src/training/step.ts";
import { clip, exists } from "./clip.ts";
import { type BenchRow, machine, median, peakRssMb } from "./row.ts";

/** Steps of a turn, and turns of each configuration. */
const [STEPS, TURNS] = [10, 2];

/** Two configurations by what the row is to be called. */
export interface StepPair {
  readonly name: string;
  readonly ours: TrainingConfigInput;
  readonly peer: TrainingConfigInput;
}

/** A row for each pair; none where the data are absent. */
export async function stepRows(pairs: readonly StepPair[]): Promise<BenchRow[]> {
  if (!(await exists(clip))) return [];
  const folder = await mkdtemp(join(tmpdir(), "tsumugi-bench-"));
  try {
    const segments = await cacheClips([clip], { folder, side: 288, maxFrames: 60, logger: silent });
    const rows: BenchRow[] = [];
    for (const pair of pairs) rows.push(await row(pair, segments));
    return rows;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function row({ name, ours, peer }: StepPair, segments: readonly ClipSegment[]): Promise<BenchRow> {
  await using one = await Form.open(ours, segments);
  await using other = await Form.open(peer, segments);
  for (let turn = 0; turn < TURNS; turn++) for (const form of [other, one]) await form.turn();
  const [own, theirs] = [median(one.seconds), median(other.seconds)];
  const [batch, otherBatch] = [median(one.batchSeconds).toFixed(3), median(other.batchSeconds).toFixed(3)];
  return {
    name,
    ours_s: own,
    peer_s: theirs,
    ratio: own / theirs,
    ours_rss_mb: peakRssMb(),
    peer_rss_mb: null,
    machine: machine(),
    note: `CPU seconds, medians of ${TURNS * STEPS} steps; of these the batch, made on another thread, takes ${batch} / ${otherBatch} s`,
  };
}

/** A step in one configuration, and what it took. */
class Form implements AsyncDisposable {
  /** CPU seconds of each step, its batch included. */
  readonly seconds: number[] = [];
  /** Of the batch alone. */
  readonly batchSeconds: number[] = [];
  private readonly config: TrainingConfig;
  private readonly sampler: BatchSampler;
  private readonly program: Program<string>;
  private done = 0;

  private constructor(config: TrainingConfig, sampler: BatchSampler, program: Program<string>) {
    this.config = config;
    this.sampler = sampler;
    this.program = program;
  }

  static async open(keys: TrainingConfigInput, segments: readonly ClipSegment[]): Promise<Form> {
    const config = trainingConfig({ ...keys, steps: 1 });
    const { outputs } = buildStep(config);
    const form = new Form(config, new BatchSampler(segments, config), await compile(outputs, { threads: 2 }));
    await form.step();
    return form;
  }

  async turn(): Promise<void> {
    for (let i = 0; i < STEPS; i++) {
      const { batch, all } = await this.step();
      this.batchSeconds.push(batch);
      this.seconds.push(all);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sampler[Symbol.asyncDispose]();
    await this.program[Symbol.asyncDispose]();
  }

  /** The weights stay as they are: what a step costs does not depend on them. */
  private async step(): Promise<{ readonly batch: number; readonly all: number }> {
    const begin = process.cpuUsage();
    const { frames, hidden, parts } = await this.sampler.batch(++this.done);
    const batch = cpuSeconds(begin);
    const { parameterLayout, statisticsLayout } = buildStep(this.config);
    const start = startValues(this.config);
    const parameters = parameterLayout.pack(start);
    const zeros = new Float32Array(parameters.length);
    const begun = process.cpuUsage();
    await this.program.run({
      ...parts,
      frames,
      hidden,
      parameters,
      statistics: statisticsLayout.pack(start),
      average: parameters,
      "adam.m": zeros,
      "adam.v": zeros,
      learningRate: Float32Array.of(0),
      averageShare: Float32Array.of(0),
      step: Float32Array.of(1),
    });
    return { batch, all: batch + cpuSeconds(begun) };
  }
}

function cpuSeconds(begin: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}
