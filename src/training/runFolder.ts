/**
 * @file What a run was started with, `config.json`, and the pictures of its numbers, `curves.svg|png`.
 */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../core/errors.ts";
import { isThere, makeFolders, writeError, writeFileAtomic } from "../core/files.ts";
import { versionsInUse } from "../core/versions.ts";
import { type TrainingConfig, trainingConfig } from "./config.ts";
import { type MetricsRow, readMetrics, RUN_FILES } from "./runFiles.ts";
import { RunningMean } from "./runningMean.ts";

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

/** Draws `curves.svg` and `curves.png` (loss), and `score.svg|png` where there are scores. */
export async function writeCurves(folder: string): Promise<void> {
  // Drawing loads a DOM; whoever only reads a run does without.
  const [rows, { lineChart, writeChart }] = await Promise.all([readMetrics(folder), import("../charts/lineChart.ts")]);
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
