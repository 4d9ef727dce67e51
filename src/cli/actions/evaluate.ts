/** @file What `tsumugi evaluate` prints: tables and the speed. */
import { median } from "../../core/median.ts";
import { counted } from "../../core/counted.ts";
import Table from "cli-table3";
import type { CycleRow } from "../../evaluation/benchmarks/cycleBenchmark.ts";
import type { JudgedFrame } from "../../evaluation/benchmarks/cutBenchmark.ts";
import { absenceTable } from "../../evaluation/absence/absenceScore.ts";
import { confidenceTable, reliabilityTable } from "../../evaluation/confidence/confidenceReport.ts";
import { confusionTable, ladderTable, monotonyTable } from "../../evaluation/footage/tables.ts";
import { davisTable } from "../../evaluation/benchmarks/davisTable.ts";
import { linesTable } from "../../evaluation/lines/lineBenchmark.ts";
import { monitorTable } from "../../evaluation/monitor/monitorBenchmark.ts";
import { madeTable } from "../../evaluation/drift/madeScore.ts";
import { soundTable } from "../../evaluation/sound/soundBenchmark.ts";
import type { AbsenceOutcome } from "../../tasks/evaluate/absence.ts";
import { adaptationTable } from "../../tasks/evaluate/adaptationTable.ts";
import type { ClicksOutcome } from "../../tasks/evaluate/clicks.ts";
import type { ConfidenceOutcome } from "../../tasks/evaluate/confidence.ts";
import type { CycleOutcome } from "../../tasks/evaluate/cycle.ts";
import { type BenchmarkOutcome, benchmarkTable } from "../../tasks/evaluate/runBenchmark.ts";
import { type CutsOutcome, type EvaluateOutcome, evaluateTask } from "../../tasks/evaluate.ts";
import { print } from "../terminal.ts";
import { actionOf } from "./action.ts";

export const action = actionOf(evaluateTask, report);

function report(outcome: EvaluateOutcome): void {
  switch (outcome.benchmark) {
    case "confidence":
      return reportConfidence(outcome);
    case "absence":
      return reportAbsence(outcome);
    case "cycle":
      return reportCycle(outcome);
    case "made":
      return print(madeTable(outcome));
    case "cuts":
      return reportCuts(outcome);
    case "degraded":
      return print(ladderTable(outcome.ladder));
    case "measures":
      print(monotonyTable(outcome));
      return print(confusionTable(outcome));
    case "adaptation":
      return print(adaptationTable(outcome));
    case "clicks":
      return print(clicksTable(outcome));
    case "discover":
      print(davisTable(outcome.score));
      if (outcome.nothing.length > 0) print(`nothing was found in ${outcome.nothing.join(", ")}`);
      return undefined;
    case "sound":
      return print(soundTable(outcome));
    case "lines":
      return print(linesTable(outcome));
    case "monitor":
      return print(monitorTable(outcome));
    default:
      print(benchmarkTable(outcome));
      print(speedLine(outcome));
  }
}

/** IoU after each click, a row for each object. */
function clicksTable({ rows, means }: ClicksOutcome): string {
  const head = ["sequence", "object", ...means.map((_, n) => counted(n + 1, "click")), "CPU ms, median"];
  const table = new Table({
    head,
    colAligns: head.map((_, column) => (column === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  for (const { sequence, object, ious, milliseconds } of rows)
    table.push([sequence, object, ...ious.map((iou) => iou.toFixed(3)), median(milliseconds).toFixed(0)]);
  table.push([]);
  const times = rows.flatMap(({ milliseconds }) => milliseconds);
  table.push(["all objects", rows.length, ...means.map((iou) => iou.toFixed(3)), median(times).toFixed(0)]);
  return table.toString();
}

function speedLine({ frames, seconds, kept }: BenchmarkOutcome): string {
  const speed =
    frames === 0
      ? "no frames were left to track"
      : `${counted(frames, "frame")}, ${(frames / seconds).toFixed(2)} frames/s`;
  return kept === 0 ? speed : `${speed}; results of ${kept} ${kept === 1 ? "sequence" : "sequences"} kept from before`;
}

function reportConfidence(outcome: ConfidenceOutcome): void {
  print(outcome.of === "points" ? reliabilityTable({ JHMDB: outcome.score }) : confidenceTable(outcome.scores));
  print(`curve: ${outcome.curve}`);
}

function reportAbsence({ scores, confidence }: AbsenceOutcome): void {
  print(absenceTable(scores));
  print(confidenceTable({ "all clips": confidence }));
}

function reportCycle({ rows, correlations }: CycleOutcome): void {
  print(cycleTable(rows, "setting"));
  print(cycleTable(rows, "sequence"));
  for (const { number, sequences, settings, settingsOnOne } of correlations)
    print(
      `${number}: rank correlation with J&F ${settings.toFixed(2)} over settings, ` +
        `${settingsOnOne.toFixed(2)} over settings on one sequence (mean), ${sequences.toFixed(2)} over sequences`,
    );
}

/** Means by setting or by sequence. */
function cycleTable(rows: readonly CycleRow[], key: "setting" | "sequence"): string {
  const head = [key, "J&F", "cycle", "grid", "confidence"];
  const table = new Table({
    head,
    colAligns: head.map((_, column) => (column === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  for (const name of new Set(rows.map((row) => row[key]))) {
    const group = rows.filter((row) => row[key] === name);
    const numbers = [({ JF }: CycleRow) => JF, (row: CycleRow) => row.cycle, (row: CycleRow) => row.grid];
    table.push([name, ...[...numbers, (row: CycleRow) => row.confidence].map((number) => meanOf(group.map(number)))]);
  }
  return table.toString();
}

/** The mean with three decimals; empty without any value. */
function meanOf(numbers: readonly (number | null)[]): string {
  const values = numbers.filter((value) => value !== null);
  return values.length === 0 ? "" : (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(3);
}

function reportCuts({ clips, within, borders, millisecondsPerFrame }: CutsOutcome): void {
  const alarms = within.filter(({ cut }) => cut);
  const missed = borders.filter(({ cut }) => !cut);
  print(
    `${counted(clips, "clip")}, ${counted(within.length, "frame")} within clips: ${counted(alarms.length, "false alarm")}${list(alarms)}`,
  );
  print(
    `least similar to the previous frame within a clip:${list(within.toSorted((a, b) => a.likeness - b.likeness).slice(0, 3))}`,
  );
  print(`${borders.length} borders: ${missed.length} missed${list(missed)}`);
  print(`${millisecondsPerFrame.toFixed(2)} ms of CPU time per frame`);
}

function list(frames: readonly JudgedFrame[]): string {
  return frames
    .map(({ clip, frame, likeness }) => `\n  ${clip}, frame ${frame}: likeness ${likeness.toFixed(2)}`)
    .join("");
}
