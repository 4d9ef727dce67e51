/** @file `tsumugi ablate`: does each part of the method help? */
import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { writeChart } from "../../charts/lineChart.ts";
import { UserError } from "../../core/errors.ts";
import { writeFileAtomic } from "../../core/files.ts";
import { runAblation } from "../../evaluation/ablation/ablation.ts";
import type { NamedSet } from "../../evaluation/ablation/benchmarks.ts";
import {
  ablationChart,
  ablationTable,
  attributeTable,
  gainChart,
  sequenceTable,
  summariseAblation,
} from "../../evaluation/ablation/report.ts";
import { type AblationRow, ablationRows } from "../../evaluation/ablation/rows.ts";
import type { DavisBenchmark } from "../../evaluation/benchmarks/davisBenchmark.ts";
import { readSplit } from "../../formats/splitFile.ts";
import { jhmdbBenchmark } from "../../evaluation/benchmarks/jhmdb.ts";
import type { PointBenchmark } from "../../evaluation/benchmarks/pointBenchmark.ts";
import { type Attribute, sequenceAttributes } from "../../evaluation/ablation/sequenceAttributes.ts";
import type { TrainingConfigInput } from "../../training/config.ts";
import { defaultCache, threadsOption, untilInterrupted, wholeNumber } from "../options.ts";
import {
  type ModeFlags,
  modeOf,
  maskOptions,
  type ProtocolFlags,
  protocolOf,
  protocolOptions,
} from "../protocolOptions.ts";
import { print, terminalLogger } from "../terminal.ts";
import { configKeys } from "../trainingKeys.ts";

interface AblateFlags extends ProtocolFlags, ModeFlags {
  readonly out: string;
  readonly steps: number;
  readonly seeds: readonly number[];
  readonly rows: readonly AblationRow[];
  readonly variant: string;
  readonly config?: string;
  readonly set: readonly string[];
  readonly data: string;
  readonly split: string;
  readonly res: string;
  readonly frames?: number;
  readonly also: readonly FurtherSet[];
  readonly jhmdb?: string;
  readonly jhmdbSplit?: string;
  readonly cache: string;
  readonly threads?: number;
}

const EXAMPLES = `
Rows: ${ablationRows.map(({ name }) => name).join(", ")}.
Each is trained with the same footage, steps and seeds and scored on the annotated sequences; DIR gets a folder for each
run, ablation.md (tables), ablation.json (all values), ablation.svg|png and gains.svg|png. Stopped, the same command goes on; with more
sets or --jhmdb it adds their columns and trains nothing anew. Sequences are also grouped by what makes them hard (fast motion, small, …),
measured from their masks.

Examples:
  $ tsumugi ablate footage/ --data DAVIS --split val.txt --steps 2000 --seeds 1,2 --out results/ablation
  $ tsumugi ablate footage/ --data DAVIS --split val.txt --steps 500 --variant nano --rows reconstruction,mee --out results/mee
  $ tsumugi ablate footage/ --data DAVIS --split val.txt --steps 2000 --jhmdb DATA --also alike=CDnet:240p:cars.txt --out results/ablation
`;

/** The command. */
export function ablateCommand(): Command {
  const command = new Command("ablate")
    .description("Trains with and without each part of the method and scores what it is worth.")
    .argument("[footage...]", "videos, image folders, or folders of both")
    .requiredOption("--out <dir>", "folder of the runs and of the report")
    .requiredOption("--data <root>", "annotated sequences in DAVIS layout")
    .requiredOption("--split <file>", "which of them, a name a line")
    .requiredOption("--steps <n>", "training steps of each row", wholeNumber(1))
    .option("--seeds <list>", "seeds, for example 1,2", seedList, [1, 2])
    .option("--rows <list>", "which rows (default: all)", rowList, ablationRows)
    .option("--variant <name>", "encoder", "small")
    .option("--config <file>", "JSON file with keys of the training configuration for all rows")
    .option("--set <key=value>", "one such key, repeatable", (pair: string, all: string[]) => [...all, pair], [])
    .option("--res <name>", "resolution folder of the annotated sequences", "480p")
    .option("--frames <n>", "score only so many frames of each sequence", wholeNumber(3))
    .option("--also <set>", "a further set, a column more: NAME=ROOT:RES:SPLIT, repeatable", furtherSet, [])
    .option("--jhmdb <root>", "joints of people, two columns of PCK more: the folder of keypoints/JHMDB")
    .option("--jhmdb-split <file>", "only these clips of JHMDB, a name a line")
    .option("--cache <dir>", "where decoded footage is kept", defaultCache());
  return maskOptions(protocolOptions(command))
    .addOption(threadsOption())
    .addHelpText("after", EXAMPLES)
    .action((footage: string[], flags: AblateFlags) => untilInterrupted((signal) => run(footage, flags, signal)));
}

async function run(footage: readonly string[], flags: AblateFlags, signal: AbortSignal): Promise<void> {
  if (footage.length === 0) {
    throw new UserError("ablate/footage", {
      what: "no footage",
      expected: "videos, image folders, or folders of both",
    });
  }
  const { rows, seeds, steps, variant, out, data, split, res: resolution, frames, cache, threads } = flags;
  const keys = await configKeys(flags.config, flags.set);
  const base = { ...keys, variant, steps } as TrainingConfigInput & { steps: number };
  const benchmark = { root: data, sequences: await readSplit(split), resolution };
  const sets = await Promise.all(flags.also.map(setOf));
  const joints = await jointsOf(flags);
  // Before hours of training: what is not there is found out here.
  const attributes = await attributesOf(benchmark, sets, frames);
  const results = await runAblation({
    rows,
    seeds,
    base,
    footage: footage.map((path) => resolve(path)),
    benchmark,
    sets,
    ...(joints === undefined ? {} : { joints }),
    protocol: protocolOf(flags),
    mode: modeOf(flags),
    motion: flags.motion,
    ...(flags.camera === undefined ? {} : { camera: flags.camera }),
    out,
    cache,
    logger: terminalLogger(),
    signal,
    ...(frames === undefined ? {} : { maxFrames: frames }),
    ...(threads === undefined ? {} : { threads }),
  });
  const summaries = summariseAblation(rows, results);
  const tables = [ablationTable(summaries), attributeTable(rows, results, attributes), sequenceTable(rows, results)];
  const text = `${tables.join("\n\n")}\n`;
  const all = { base, summaries, results, attributes };
  await writeFileAtomic(`${out}/ablation.json`, `${JSON.stringify(all, undefined, 1)}\n`);
  await writeFileAtomic(`${out}/ablation.md`, text);
  await writeChart(`${out}/ablation`, ablationChart(summaries, results));
  if (summaries.some(({ row }) => row.parts !== undefined)) await writeChart(`${out}/gains`, gainChart(summaries));
  print(text);
}

/** `--also` as given. */
interface FurtherSet {
  readonly name: string;
  readonly root: string;
  readonly resolution: string;
  readonly split: string;
}

/** Names of columns that there are anyway. */
const TAKEN = new Set(["row", "J&F", "J", "F", "gain"]);

function furtherSet(text: string, all: readonly FurtherSet[]): FurtherSet[] {
  const match = /^([\w-]+)=(.+):([^:]+):([^:]+)$/u.exec(text);
  if (match === null)
    throw new InvalidArgumentError("Expected NAME=ROOT:RES:SPLIT, for example alike=CDnet:240p:cars.txt.");
  const [, name, root, resolution, split] = match;
  if (TAKEN.has(name) || all.some((one) => one.name === name))
    throw new InvalidArgumentError(`The name ${name} is taken.`);
  return [...all, { name, root, resolution, split }];
}

async function setOf({ name, root, resolution, split }: FurtherSet): Promise<NamedSet> {
  return { name, benchmark: { root, sequences: await readSplit(split), resolution } };
}

async function jointsOf({ jhmdb, jhmdbSplit }: AblateFlags): Promise<PointBenchmark | undefined> {
  if (jhmdb !== undefined)
    return jhmdbBenchmark(jhmdb, jhmdbSplit === undefined ? undefined : await readSplit(jhmdbSplit));
  if (jhmdbSplit === undefined) return undefined;
  throw new UserError("ablate/jhmdb", {
    what: "--jhmdb-split without --jhmdb",
    todo: "name the folder of the data too",
  });
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

function seedList(text: string): number[] {
  return text.split(",").map((part) => wholeNumber(0)(part));
}

function rowList(text: string): AblationRow[] {
  return text.split(",").map((name) => {
    const row = ablationRows.find((one) => one.name === name.trim());
    if (row === undefined)
      throw new InvalidArgumentError(`Expected rows among ${ablationRows.map((one) => one.name).join(", ")}.`);
    return row;
  });
}
