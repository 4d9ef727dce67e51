/**
 * @file What it costs to look for the windows' places (MCS): steps with and without, in turns in one process, batches included. CPU
 * seconds of all threads, since a step's wall time says little on a shared machine.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silent } from "../src/core/log.ts";
import { compile, type Program } from "../src/tensor/index.ts";
import { BatchSampler } from "../src/training/batches.ts";
import { cacheClips, type ClipSegment } from "../src/training/clipCache.ts";
import { type TrainingConfig, trainingConfig } from "../src/training/config.ts";
import { buildStep, startValues } from "../src/training/step.ts";
import { clip, exists } from "./clip.ts";
import { type BenchRow, machine, median, peakRssMb } from "./row.ts";

/** Steps of a turn, and turns of each form. */
const [STEPS, TURNS] = [10, 2];
const VARIANTS = ["nano", "small"] as const;

/** A row for each encoder; "ours" is with window centres, "peer" without. */
export async function windowCentresBench(): Promise<BenchRow[]> {
  if (!(await exists(clip))) return [];
  const folder = await mkdtemp(join(tmpdir(), "tsumugi-bench-"));
  try {
    const segments = await cacheClips([clip], { folder, side: 288, maxFrames: 60, logger: silent });
    const rows: BenchRow[] = [];
    for (const variant of VARIANTS) rows.push(await row(variant, segments));
    return rows;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function row(variant: (typeof VARIANTS)[number], segments: readonly ClipSegment[]): Promise<BenchRow> {
  await using plain = await Form.open(variant, false, segments);
  await using centred = await Form.open(variant, true, segments);
  for (let turn = 0; turn < TURNS; turn++) for (const form of [plain, centred]) await form.turn();
  const [ours, peer] = [median(centred.seconds), median(plain.seconds)];
  return {
    name: `training step, ${variant}, 6 pairs of 192x192: with window centres / without, CPU`,
    ours_s: ours,
    peer_s: peer,
    ratio: ours / peer,
    ours_rss_mb: peakRssMb(),
    peer_rss_mb: null,
    machine: machine(),
    note: `medians of ${TURNS * STEPS} steps; of these the batch takes ${median(centred.batchSeconds).toFixed(3)} / ${median(plain.batchSeconds).toFixed(3)} s`,
  };
}

/** A step with or without, and what it took. */
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

  static async open(
    variant: TrainingConfig["variant"],
    windowCentres: boolean,
    segments: readonly ClipSegment[],
  ): Promise<Form> {
    const config = trainingConfig({ variant, steps: 1, multiClusterSampler: { enabled: true, windowCentres } });
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
