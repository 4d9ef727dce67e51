/** @file Runs any benchmark of the registry. */
import { join, resolve } from "node:path";
import { internal } from "../../core/errors.ts";
import { readSplit } from "../../formats/splitFile.ts";
import { runPointBenchmark } from "../../evaluation/benchmarks/pointBenchmark.ts";
import {
  type BenchmarkName,
  benchmarks,
  type Evaluation,
  type MaskEntry,
  type MaskPlace,
  type PointEntry,
  type ScoreOf,
  within,
} from "../../evaluation/benchmarks/registry.ts";
import { openMaskMethod } from "../settings/maskMethod.ts";
import { writeJson } from "../settings/scores.ts";
import { openPointMethod } from "../settings/pointMethod.ts";
import type { RunContext } from "../task.ts";
import type { MaskBenchmarkSettings, PointBenchmarkSettings } from "./evaluateSchema.ts";

/** A benchmark's score, and what it took. */
export type BenchmarkOutcome = {
  readonly [Name in BenchmarkName]: Evaluation<ScoreOf<Name>> & {
    readonly benchmark: Name;
    /** Names of the joints, of benchmarks of points. */
    readonly joints: readonly string[];
  };
}[BenchmarkName];

/** @throws UserError those of the benchmark, of opening the method and of writing files */
export async function runBenchmark(
  task: MaskBenchmarkSettings | PointBenchmarkSettings,
  context: RunContext,
): Promise<BenchmarkOutcome> {
  const { benchmark } = task;
  const evaluation = isOfPoints(task)
    ? await runPoints(benchmarks[task.benchmark], task, context)
    : { ...(await runMasks(benchmarks[task.benchmark], task, context)), joints: [] };
  await writeJson(task.json, evaluation.score);
  return { benchmark, ...evaluation } as BenchmarkOutcome;
}

/** The score as a table. Lines without a last line break. */
export function benchmarkTable({ benchmark, score, joints }: BenchmarkOutcome): string {
  const { table } = benchmarks[benchmark] as MaskEntry<unknown> | PointEntry<unknown>;
  return table(score, joints);
}

function isOfPoints(task: MaskBenchmarkSettings | PointBenchmarkSettings): task is PointBenchmarkSettings {
  return benchmarks[task.benchmark].method === "points";
}

/** An entry to be run: whatever its score is. */
type Untabled<Entry> = Omit<Entry, "table">;

async function runMasks(
  entry: Untabled<MaskEntry<unknown>>,
  task: MaskBenchmarkSettings,
  { logger, machine, signal }: RunContext,
): Promise<Evaluation<unknown>> {
  const place = await placeOf(entry, task);
  await using chosen = await openMaskMethod(task, machine);
  const { method, identity, notes } = chosen;
  return await entry.score(method, place, { out: task.out, identity, notes, logger, signal });
}

/** The entry's layout in the task's data, with what the task says otherwise. */
async function placeOf({ layout }: Untabled<MaskEntry<unknown>>, task: MaskBenchmarkSettings): Promise<MaskPlace> {
  const root = layout.root === "" ? task.data : join(task.data, layout.root);
  const split = task.split ?? (layout.split === undefined ? undefined : join(root, layout.split));
  if (split === undefined) throw internal(`${task.benchmark} has no split`);
  const own =
    "resolution" in task ? { resolution: task.resolution, annotations: task.annotations, void: task.void } : {};
  return { ...layout, root, split, sequences: await readSplit(split), ...own };
}

async function runPoints(
  { layout, given, input, score }: Untabled<PointEntry<unknown>>,
  task: PointBenchmarkSettings,
  { logger, machine, signal }: RunContext,
): Promise<Evaluation<unknown> & { readonly joints: readonly string[] }> {
  const { data, out, split } = task;
  const place = within(data, layout);
  const { annotations, frames: folder } = place;
  const sequences = split === undefined ? undefined : await readSplit(split);
  await using chosen = await openPointMethod(task, input, machine);
  const identity = { ...chosen.identity, data: resolve(data) };
  const benchmark = { annotations, frames: folder, given, sequences };
  const run = await runPointBenchmark(benchmark, chosen.method, { out, identity, logger, signal });
  const { frames, seconds, kept } = run;
  const joints = run.sequences[0].annotation.objects.map(({ name }) => name);
  return { score: await score(run.sequences, place), frames, seconds, kept: kept.length, joints };
}
