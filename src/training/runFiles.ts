/**
 * @file The files of a run's folder: `config.json`, `metrics.jsonl`, `weights.safetensors` (averaged), `checkpoint.bin`,
 * `curves.svg|png`, `samples/`, and `best.safetensors` when scores are asked for; and the numbers in `metrics.jsonl`.
 * Whoever looks at a run needs no more than this, and nothing of what trains.
 */
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeError, writeFileAtomic } from "../core/files.ts";

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
