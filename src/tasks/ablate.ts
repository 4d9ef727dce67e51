/** @file The task `ablate`: trains with and without each part of the method and scores what it is worth. */
import { resolve } from "node:path";
import { z } from "zod";
import { writeChart } from "../charts/lineChart.ts";
import { internal } from "../core/errors.ts";
import { writeFileAtomic } from "../core/files.ts";
import { type AblationOptions, runAblation } from "../evaluation/ablation/ablation.ts";
import type { NamedSet } from "../evaluation/ablation/benchmarks.ts";
import {
  ablationChart,
  type AblationContent,
  ablationTables,
  gainChart,
  summariseAblation,
} from "../evaluation/ablation/report.ts";
import { type AblationRow, ablationRows } from "../evaluation/ablation/rows.ts";
import { type Attribute, sequenceAttributes } from "../evaluation/ablation/sequenceAttributes.ts";
import type { DavisBenchmark } from "../evaluation/benchmarks/davisBenchmark.ts";
import { readSplit } from "../formats/splitFile.ts";
import { jhmdbBenchmark } from "../evaluation/benchmarks/jhmdb.ts";
import type { PointBenchmark } from "../evaluation/benchmarks/pointBenchmark.ts";
import type { TrainingConfigInput } from "../training/config.ts";
import { ABLATION_ROWS, VARIANTS } from "./choices.ts";
import { maskKeys, modeOf, protocolKeys, protocolOf } from "./settings/protocol.ts";
import { cacheKey, cacheOf } from "./settings/cache.ts";
import { choice, defineTask, strict, taskObject } from "./task.ts";

const furtherSet = strict({
  name: z
    .string()
    .regex(/^[\w-]+$/u)
    .describe("Name of the column."),
  root: z.string().describe("Annotated sequences in DAVIS layout."),
  resolution: z.string().describe("Their resolution folder."),
  split: z.string().describe("Which of them: a file with a name a line."),
});

/** Names of columns that every table has. */
const TAKEN = ["row", "J&F", "J", "F", "gain"];

function haveOwnNames(sets: readonly { readonly name: string }[]): boolean {
  return new Set([...TAKEN, ...sets.map(({ name }) => name)]).size === TAKEN.length + sets.length;
}

const ablateSchema = taskObject("ablate", {
  footage: z
    .array(z.string())
    .min(1, "no footage: expected videos, image folders, or folders of both")
    .describe("Videos, image folders, or folders of both, that every row learns from."),
  out: z.string().describe("Folder of the runs and of the report."),
  data: z.string().describe("Annotated sequences in DAVIS layout."),
  split: z.string().describe("Which of them: a file with a name a line."),
  resolution: z.string().default("480p").describe("Their resolution folder."),
  steps: z.int().min(1).describe("Training steps of each row."),
  seeds: z.array(z.int().min(0)).min(1).default([1, 2]).describe("Every row is trained with each of these seeds."),
  rows: z
    .array(choice(ABLATION_ROWS))
    .min(1)
    .default([...ABLATION_ROWS])
    .describe("Which rows."),
  variant: choice(VARIANTS).default("small").describe("The encoder."),
  config: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("Keys of the training configuration for all rows (docs/training.md)."),
  frames: z.int().min(3).exactOptional().describe("Score only so many frames of each sequence. Default: all."),
  also: z
    .array(furtherSet)
    .refine(haveOwnNames, "names of further sets must differ from one another and from the other columns")
    .default([])
    .describe("Further annotated sets, each another column."),
  jhmdb: strict({
    root: z.string().describe("The folder of keypoints/JHMDB."),
    split: z.string().exactOptional().describe("Only these clips: a file with a name a line. Default: all."),
  })
    .exactOptional()
    .describe("Joints of people: two more columns of PCK."),
  cache: cacheKey,
  ...protocolKeys,
  ...maskKeys,
});

type AblateSettings = z.output<typeof ablateSchema>;

/** Trains and scores all rows. */
export const ablateTask = defineTask("ablate", ablateSchema, async (task, context): Promise<AblationContent> => {
  const { logger, machine, signal } = context;
  const rows = task.rows.map(rowOf);
  const { config, variant, steps, footage, seeds, out, motion, frames } = task;
  const base = { ...config, variant, steps } as AblationOptions["base"];
  const { benchmark, sets, joints, attributes } = await read(task);
  const results = await runAblation({
    rows,
    seeds,
    base,
    footage: footage.map((path) => resolve(path)),
    benchmark,
    sets,
    joints,
    protocol: protocolOf(task),
    mode: modeOf(task),
    motion,
    camera: task.camera,
    out,
    cache: cacheOf(task),
    logger,
    signal,
    maxFrames: frames,
    threads: machine.threads,
  });
  const outcome = { rows, summaries: summariseAblation(rows, results), results, attributes };
  await writeReport(out, base, outcome);
  return outcome;
});

function rowOf(name: string): AblationRow {
  const row = ablationRows.find((row) => row.name === name);
  if (row === undefined) throw internal(`no row ${name}`);
  return row;
}

/** What the rows are scored on. Read before hours of training, so that missing data fail first. */
async function read({ data, split, resolution, frames, also, jhmdb }: AblateSettings) {
  const benchmark = { root: data, sequences: await readSplit(split), resolution };
  const sets = await Promise.all(also.map(setOf));
  const joints = jhmdb && (await jointsOf(jhmdb));
  return { benchmark, sets, joints, attributes: await attributesOf(benchmark, sets, frames) };
}

async function jointsOf({ root, split }: NonNullable<AblateSettings["jhmdb"]>): Promise<PointBenchmark> {
  return jhmdbBenchmark(root, split === undefined ? undefined : await readSplit(split));
}

async function setOf({ name, root, resolution, split }: AblateSettings["also"][number]): Promise<NamedSet> {
  return { name, benchmark: { root, sequences: await readSplit(split), resolution } };
}

/** Of the main set's sequences, and of the others' under `SET/SEQUENCE`. */
async function attributesOf(
  benchmark: DavisBenchmark,
  sets: readonly NamedSet[],
  frames: number | undefined,
): Promise<Record<string, Attribute[]>> {
  const all = { ...(await sequenceAttributes(benchmark, frames)) };
  for (const set of sets) {
    const own = await sequenceAttributes(set.benchmark, frames);
    for (const [name, attributes] of Object.entries(own)) all[`${set.name}/${name}`] = attributes;
  }
  return all;
}

async function writeReport(out: string, base: TrainingConfigInput, outcome: AblationContent): Promise<void> {
  const { summaries, results, attributes } = outcome;
  const all = { base, summaries, results, attributes };
  await writeFileAtomic(`${out}/ablation.json`, `${JSON.stringify(all, undefined, 1)}\n`);
  await writeFileAtomic(`${out}/ablation.md`, ablationTables(outcome));
  await writeChart(`${out}/ablation`, ablationChart(summaries, results));
  if (summaries.some(({ row }) => row.parts !== undefined)) await writeChart(`${out}/gains`, gainChart(summaries));
}
