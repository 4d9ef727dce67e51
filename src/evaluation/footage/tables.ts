/** @file The tables of the footage benchmarks. Lines without a last line break. */
import Table from "cli-table3";
import { degradations } from "../../synthetic/degraded/degradations.ts";
import { type Confusion, separation } from "./confusion.ts";
import { FAULTS, OWN } from "./ownMeasures.ts";
import { type LadderStep, valueAtLoss } from "./trackingSteps.ts";

/** Rank correlations of every fault with its number. */
export function monotonyTable({ monotony }: Confusion): string {
  const table = tableOf(["fault", "number", "clips", "rank correlation (median)", "least"]);
  for (const { fault, key, clips, median, least } of monotony)
    table.push([fault, key, clips, median.toFixed(2), least.toFixed(2)]);
  return table.toString();
}

/** How far every fault moves every number, and how far apart the own number is. */
export function confusionTable(confusion: Confusion): string {
  const keys = FAULTS.map((fault) => OWN[fault]);
  const table = tableOf(["fault", ...keys]);
  for (const fault of FAULTS) table.push([fault, ...keys.map((key) => confusion.moved[fault][key]?.toFixed(2) ?? "–")]);
  table.push(["own / largest other", ...FAULTS.map((fault) => ratioText(separation(confusion, fault)))]);
  return table.toString();
}

function ratioText(ratio: number): string {
  return Number.isFinite(ratio) ? ratio.toFixed(1) : "only it";
}

/** What every strength costs, and the limits that follow. */
export function ladderTable(ladder: readonly LadderStep[]): string {
  const table = tableOf([
    "fault",
    "strength",
    "number",
    "before",
    "after",
    "points lost",
    "3 points at",
    "10 points at",
  ]);
  for (const { fault, strength, value, cleanValue, lost } of ladder) {
    const isFirst = strength === degradations[fault].steps[0];
    const limits = isFirst
      ? [3, 10].map((points) => valueAtLoss(ladder, fault, points)?.toFixed(1) ?? "never")
      : ["", ""];
    table.push([fault, strength, OWN[fault], cleanValue.toFixed(1), value.toFixed(1), lost.toFixed(1), ...limits]);
  }
  return table.toString();
}

function tableOf(head: string[]): InstanceType<typeof Table> {
  return new Table({
    head,
    colAligns: head.map((_, column) => (column === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
}
