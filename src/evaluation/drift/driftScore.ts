/** @file How far masks drift: what cells can show, one step from the truth, and the tracked run, side by side. */
import Table from "cli-table3";
import type { DeepErrors } from "../../metrics/deepErrors.ts";
import { lateMeanOf, meanOf } from "../../metrics/statistics.ts";
import { barChart } from "../../charts/barChart.ts";

/** J of one object in every scored frame. */
export interface DriftRuns {
  /** The truth as cells show it: about the most that matching can reach. */
  readonly ceiling: readonly number[];
  /** Carried one step: the truth of all frames before was known. */
  readonly forced: readonly number[];
  /** Tracked from the first mask. */
  readonly free: readonly number[];
}

/** Means over the scored frames; NaN where there is nothing to average. */
export interface DriftNumbers extends DeepErrors {
  /** Mean J, see `DriftRuns`. */
  readonly ceiling: number;
  readonly forced: number;
  readonly free: number;
  /** Mean J of the tracked run over the last quarter of the frames. */
  readonly late: number;
}

/** One object. */
export interface ObjectDrift extends DriftNumbers {
  readonly J: DriftRuns;
}

/** One sequence. */
export interface SequenceDrift {
  /** Over the objects. */
  readonly mean: DriftNumbers;
  /** By id. */
  readonly objects: Readonly<Record<string, ObjectDrift>>;
}

/** The drift of a benchmark, in the form of the JSON that the command writes. */
export interface DriftScore {
  readonly benchmark: "drift";
  /** Over all objects of all sequences, as the J of `evaluate davis`. */
  readonly mean: DriftNumbers;
  /** What the scores were made with. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly sequences: Readonly<Record<string, SequenceDrift>>;
}

/** The numbers of one object. */
export function objectDrift(J: DriftRuns, { eaten, leaked }: DeepErrors): ObjectDrift {
  const [ceiling, forced, free] = [J.ceiling, J.forced, J.free].map(meanOf);
  return { ceiling, forced, free, late: lateMeanOf(J.free), eaten, leaked, J };
}

/** The numbers of one sequence. @param objects by id. */
export function sequenceDrift(objects: Readonly<Record<string, ObjectDrift>>): SequenceDrift {
  return { mean: averageDrift(Object.values(objects)), objects };
}

/** The numbers of a benchmark. @param sequences by name. */
export function driftScore(
  sequences: Readonly<Record<string, SequenceDrift>>,
  settings: Readonly<Record<string, unknown>>,
): DriftScore {
  const all = Object.values(sequences).flatMap(({ objects }) => Object.values(objects));
  return { benchmark: "drift", mean: averageDrift(all), settings, sequences };
}

function averageDrift(all: readonly DriftNumbers[]): DriftNumbers {
  const mean = (of: (one: DriftNumbers) => number): number => meanOf(all.map(of));
  return {
    ceiling: mean(({ ceiling }) => ceiling),
    forced: mean(({ forced }) => forced),
    free: mean(({ free }) => free),
    late: mean(({ late }) => late),
    eaten: mean(({ eaten }) => eaten),
    leaked: mean(({ leaked }) => leaked),
  };
}

/** J, as bars are named and ordered. */
const REGIONS = ["ceiling", "forced", "free", "late"] as const;
const HEAD = ["sequence", "objects", ...REGIONS, "eaten", "leaked"];

/** A row per sequence, and the means over all objects last. Lines without a last line break. */
export function driftTable({ mean, sequences }: DriftScore): string {
  const table = new Table({
    head: HEAD,
    colAligns: HEAD.map((_, column) => (column === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  const counts = Object.values(sequences).map(({ objects }) => Object.keys(objects).length);
  for (const [i, [name, one]] of Object.entries(sequences).entries()) table.push([name, counts[i], ...cells(one.mean)]);
  table.push([]);
  table.push(["all objects", counts.reduce((sum, count) => sum + count, 0), ...cells(mean)]);
  return table.toString();
}

/** The four means of J of every sequence as bars. @returns an SVG document. */
export function driftChart({ sequences }: DriftScore): string {
  const groups = Object.entries(sequences).map(([name, { mean }]) => ({
    name,
    bars: REGIONS.map((region) => ({ name: region, value: mean[region] })),
  }));
  return barChart(groups, "mean J");
}

function cells(numbers: DriftNumbers): string[] {
  return [
    ...REGIONS.map((region) => numbers[region].toFixed(3)),
    ...[numbers.eaten, numbers.leaked].map((share) => (Number.isNaN(share) ? "" : `${(100 * share).toFixed(1)} %`)),
  ];
}
