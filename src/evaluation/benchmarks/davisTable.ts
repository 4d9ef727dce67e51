/** @file The DAVIS scores as a table for the terminal: a row per sequence, and the benchmark's own numbers last. */
import Table from "cli-table3";
import { type DavisScore, sequenceStatistics } from "../../metrics/davis.ts";
import type { Statistics } from "../../metrics/statistics.ts";

const HEAD = ["sequence", "objects", "J&F", "J mean", "recall", "decay", "F mean", "recall", "decay"];

/** Lines without a last line break; no colours, so that a file or a log holds the same. */
export function davisTable(score: DavisScore): string {
  const table = new Table({
    head: HEAD,
    colAligns: HEAD.map((_, column) => (column === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  for (const [name, sequence] of Object.entries(score.sequences)) {
    const { J, F } = sequenceStatistics(sequence);
    table.push([name, Object.keys(sequence.objects).length, decimals(sequence.JF_mean), ...cells(J), ...cells(F)]);
  }
  table.push([]);
  const objects = Object.values(score.sequences).flatMap((sequence) => Object.keys(sequence.objects)).length;
  table.push(["all objects", objects, decimals(score.JF_mean), ...cells(score.J), ...cells(score.F)]);
  return table.toString();
}

const decimals = (value: number): string => value.toFixed(3);
const cells = ({ mean, recall, decay }: Statistics): string[] => [mean, recall, decay].map(decimals);
