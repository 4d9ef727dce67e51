/**
 * @file The folder of a run: `config.json`, `metrics.jsonl`, `weights.safetensors` (averaged), `checkpoint.bin`,
 * `curves.svg|png`, `samples/`, and `best.safetensors` when scores are asked for.
 */
import { execFile } from "node:child_process";
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { lineChart, writeChart } from "../charts/lineChart.ts";
import { UserError } from "../core/errors.ts";
import { isThere, makeFolders, writeError, writeFileAtomic } from "../core/files.ts";
import { versionsInUse } from "../core/versions.ts";
import { type TrainingConfig, trainingConfig } from "./config.ts";
import { RunningMean } from "./runningMean.ts";

/** A line of `metrics.jsonl`. */
export interface MetricsRow {
  readonly step: number;
  readonly minutes: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  readonly pairsPerSec: number;
  /** The losses that the objective is made of, where there are several. */
  readonly parts?: Readonly<Record<string, number>>;
  /** Numbers learned beside the encoder: α of the motion image, σ of the fused losses. */
  readonly learned?: Readonly<Record<string, readonly number[]>>;
  /** A score asked for at this step, for example J&F on annotated sequences. */
  readonly score?: number;
}

/** Places in the folder. */
export const RUN_FILES = {
  config: "config.json",
  metrics: "metrics.jsonl",
  weights: "weights.safetensors",
  best: "best.safetensors",
  checkpoint: "checkpoint.bin",
  curves: "curves",
  samples: "samples",
} as const;

/** What `config.json` holds. */
export interface RunRecord {
  readonly config: TrainingConfig;
  /** The clips as they were given. */
  readonly footage: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  /** Git commit of the folder the run was started in; undefined outside a checkout. */
  readonly commit?: string | undefined;
  readonly started: string;
}

/** What `config.json` is to hold for a run that starts now. */
export async function runRecord(config: TrainingConfig, footage: readonly string[]): Promise<RunRecord> {
  const commit = await promisify(execFile)("git", ["rev-parse", "HEAD"]).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
  return {
    config,
    footage,
    versions: await versionsInUse(),
    commit,
    started: new Date().toISOString(),
  };
}

/** @throws UserError `training/run-exists` when the folder already holds a run. */
export async function refuseUsedFolder(folder: string): Promise<void> {
  if (!(await isThere(join(folder, RUN_FILES.checkpoint)))) return;
  throw new UserError("training/run-exists", {
    what: `${folder} already holds a run`,
    todo: "resume it (--resume), or choose another folder",
  });
}

/** Begins a run: makes the folder and writes its record. @throws UserError `file/write` */
export async function createRun(folder: string, record: RunRecord): Promise<void> {
  await makeFolders(join(folder, RUN_FILES.samples)).catch((error: unknown) => {
    throw writeError(folder, error);
  });
  await writeFileAtomic(join(folder, RUN_FILES.config), `${JSON.stringify(record, null, 2)}\n`);
}

/**
 * The record of a run.
 * @throws UserError `training/no-run` when there is none, `training/config` when its keys are not valid.
 */
export async function readRun(folder: string): Promise<RunRecord> {
  const record = await readRecord(folder);
  return { ...record, config: trainingConfig(record.config) };
}

async function readRecord(folder: string): Promise<RunRecord> {
  try {
    return JSON.parse(await readFile(join(folder, RUN_FILES.config), "utf8")) as RunRecord;
  } catch (error) {
    throw new UserError(
      "training/no-run",
      { what: `${folder} holds no run to resume`, expected: RUN_FILES.config, todo: "start one without --resume" },
      error,
    );
  }
}

/** Appends a line. */
export async function appendMetrics(folder: string, row: MetricsRow): Promise<void> {
  const path = join(folder, RUN_FILES.metrics);
  await appendFile(path, `${JSON.stringify(row)}\n`).catch((error: unknown) => {
    throw writeError(path, error);
  });
}

/** All complete lines; none where there is no file yet. */
export async function readMetrics(folder: string): Promise<MetricsRow[]> {
  const text = await readFile(join(folder, RUN_FILES.metrics), "utf8").catch(() => "");
  // What follows the last line break is a line that a crash cut off.
  const lines = text.split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as MetricsRow);
}

/** Drops the lines after a step, which a resumed run will write again. @returns the lines that stay. */
export async function rewindMetrics(folder: string, step: number): Promise<MetricsRow[]> {
  const kept = (await readMetrics(folder)).filter((row) => row.step <= step);
  await writeFileAtomic(join(folder, RUN_FILES.metrics), kept.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return kept;
}

/** Draws `curves.svg` and `curves.png` (loss), and `score.svg|png` where there are scores. */
export async function writeCurves(folder: string): Promise<void> {
  const rows = await readMetrics(folder);
  const series = [
    { name: "loss", faint: true, points: thinned(rows.map(({ step, loss }) => ({ x: step, y: loss }))) },
    { name: "running mean", points: thinned(runningMeans(rows)) },
  ];
  const labels = { xLabel: "step", yLabel: "loss" };
  await writeChart(join(folder, RUN_FILES.curves), lineChart(series, labels));
  const scores = rows.flatMap(({ step, score }) => (score === undefined ? [] : [{ x: step, y: score }]));
  if (scores.length === 0) return;
  await writeChart(
    join(folder, "score"),
    lineChart([{ name: "score", points: scores }], { xLabel: "step", yLabel: "score", dots: true }),
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function runningMeans(rows: readonly MetricsRow[]): Point[] {
  const mean = new RunningMean();
  return rows.map(({ step, loss }) => ({ x: step, y: mean.add(loss) }));
}

/** At most 400 of the points. */
function thinned(points: readonly Point[]): Point[] {
  const apart = Math.max(1, Math.ceil(points.length / 400));
  return points.filter((_, i) => i % apart === 0 || i === points.length - 1);
}
