/**
 * @file `npm run bench [-- --json FILE] [--only NAME]`: every benchmark against its peer in one run, as a table and as
 * JSON.
 */
import Table from "cli-table3";
import { Command, Option } from "commander";
import { writeFileAtomic } from "../src/core/files.ts";
import { allPartsBench } from "./allParts.ts";
import { clustersBench } from "./clusters.ts";
import { encoderForwardBench } from "./encoderForward.ts";
import { opticalFlowBench } from "./opticalFlow.ts";
import { growthBench } from "./growth.ts";
import { fastAgainstExactBench, propagationBench } from "./propagation.ts";
import type { BenchRow } from "./row.ts";
import { sampledCandidatesBench } from "./sampledCandidates.ts";
import { trainStepBench } from "./trainStep.ts";
import { whereTimeGoesBench } from "./whereTimeGoes.ts";
import { windowCentresBench } from "./windowCentres.ts";

/** Every benchmark by the name that `--only` takes. */
const benches: Readonly<Record<string, () => Promise<BenchRow[]>>> = {
  encoderForward: encoderForwardBench,
  trainStep: trainStepBench,
  propagation: propagationBench,
  fastAgainstExact: fastAgainstExactBench,
  sampledCandidates: sampledCandidatesBench,
  windowCentres: windowCentresBench,
  allParts: allPartsBench,
  opticalFlow: opticalFlowBench,
  clusters: clustersBench,
  growth: () => growthBench(options.charts),
  whereTimeGoes: whereTimeGoesBench,
};

interface Options {
  readonly json?: string;
  readonly only?: string;
  readonly charts?: string;
}

const options = new Command("bench")
  .description("Measures our time and memory against the peers in ../shared/peers, in one run on this machine.")
  .option("--json <file>", "write the results here too")
  .option("--charts <dir>", "draw how the cost grows here, for example docs/images")
  .addOption(new Option("--only <name>", "run one benchmark").choices(Object.keys(benches)))
  .parse()
  .opts<Options>();

const rows: BenchRow[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (options.only !== undefined && options.only !== name) continue;
  process.stderr.write(`${name}: measuring, this takes minutes\n`);
  const found = await bench();
  if (found.length === 0) process.stderr.write(`${name}: skipped, its data in ../shared are absent\n`);
  rows.push(...found);
}
process.stdout.write(`${table(rows)}\n`);
for (const { name, note } of rows) if (note !== undefined) process.stdout.write(`${name}: ${note}\n`);
if (rows.length > 0) process.stdout.write(`machine: ${rows[0].machine}\n`);
if (options.json !== undefined)
  await writeFileAtomic(options.json, `${JSON.stringify({ results: rows.map(result) }, null, 2)}\n`);

/** The row as the results file has it. */
function result({ name, ours_s, peer_s, ratio, ours_rss_mb, peer_rss_mb, machine }: BenchRow): Omit<BenchRow, "note"> {
  return { name, ours_s, peer_s, ratio, ours_rss_mb, peer_rss_mb, machine };
}

function shown(value: number | null, digits: number): string {
  return value === null ? "-" : value.toFixed(digits);
}

function table(all: readonly BenchRow[]): string {
  const head = ["work", "ours s", "peer s", "ours / peer", "ours MB", "peer MB"];
  const colAligns = head.map((_, i) => (i === 0 ? ("left" as const) : ("right" as const)));
  const made = new Table({ head, style: { head: [], border: [] }, colAligns });
  for (const row of all) {
    const times = [shown(row.ours_s, 3), shown(row.peer_s, 3), shown(row.ratio, 3)];
    made.push([row.name, ...times, shown(row.ours_rss_mb, 0), shown(row.peer_rss_mb, 0)]);
  }
  return made.toString();
}
