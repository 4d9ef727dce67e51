/** @file What the confidence of masks is worth, as numbers, a table and a chart. */
import Table from "cli-table3";
import { reliabilityChart } from "../../charts/reliabilityChart.ts";
import { errorCaught, type Judged, reliability, type Reliability } from "../../metrics/reliability.ts";
import { type ObjectObservation, RIGHT } from "./objectObservations.ts";

/** Share of the frames that a reviewer looks at. */
const REVIEWED = 0.25;

/** The numbers of one set. */
export interface ConfidenceScore extends Reliability {
  /** Share of all the error (1 − IoU) in the least sure quarter of the frames. */
  readonly errorCaught: number;
  /** Mean IoU of the frames. */
  readonly iou: number;
  /** Objects and frames in which the object is hidden: how many were reported as invisible. */
  readonly absent: { readonly count: number; readonly reported: number };
  /** Objects and frames in which it is visible: how many were reported as invisible. */
  readonly present: { readonly count: number; readonly hidden: number };
  /** Reported cuts. */
  readonly cuts: number;
}

/**
 * Scores a set. Where the object is neither in the truth nor reported, IoU says nothing, so such frames are only
 * counted among the absent.
 */
export function confidenceScore(observations: readonly ObjectObservation[]): ConfidenceScore {
  const scored = observations.filter(({ area, trueArea }) => area > 0 || trueArea > 0);
  const absent = observations.filter(({ trueArea }) => trueArea === 0);
  const present = observations.filter(({ trueArea }) => trueArea > 0);
  const errors = scored.map(({ confidence, iou }) => ({ confidence, error: 1 - iou }));
  return {
    ...reliability(judged(scored)),
    errorCaught: errorCaught(errors, REVIEWED),
    iou: scored.reduce((sum, { iou }) => sum + iou, 0) / scored.length,
    absent: { count: absent.length, reported: absent.filter(({ visible }) => !visible).length },
    present: { count: present.length, hidden: present.filter(({ visible }) => !visible).length },
    cuts: new Set(observations.filter(({ cut }) => cut).map(({ sequence, frame }) => `${sequence} ${frame}`)).size,
  };
}

function judged(observations: readonly ObjectObservation[]): Judged[] {
  return observations.map(({ confidence, iou }) => ({ confidence, right: iou >= RIGHT }));
}

/** Reliabilities of several sets as a table for the terminal. */
export function reliabilityTable(scores: Readonly<Record<string, Reliability>>): string {
  const table = tableWith(["set", "points", "right", "AUROC", "ECE", "Brier"]);
  for (const [name, { count, right, auroc, calibrationError, brier }] of Object.entries(scores))
    table.push([name, String(count), ...[right, auroc, calibrationError, brier].map((value) => value.toFixed(3))]);
  return table.toString();
}

function tableWith(head: string[]): Table.Table {
  return new Table({
    head,
    colAligns: head.map((_, column) => (column === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
}

/** The scores of several sets as a table for the terminal. */
export function confidenceTable(scores: Readonly<Record<string, ConfidenceScore>>): string {
  const head = [
    "set",
    "masks",
    "IoU",
    "IoU >= 0.5",
    "AUROC",
    "ECE",
    "Brier",
    "error in 25 %",
    "absent: reported",
    "present: hidden",
    "cuts",
  ];
  const table = tableWith(head);
  for (const [name, score] of Object.entries(scores)) {
    const { iou, right, auroc, calibrationError, brier, absent, present } = score;
    const decimals = [iou, right, auroc, calibrationError, brier, score.errorCaught].map((value) => value.toFixed(3));
    const counts = [`${absent.reported}/${absent.count}`, `${present.hidden}/${present.count}`, String(score.cuts)];
    table.push([name, String(score.count), ...decimals, ...counts]);
  }
  return table.toString();
}

/** The reliability curves of several sets. */
export function confidenceChart(
  scores: Readonly<Record<string, Reliability>>,
  y = "share with IoU of 0.5 or more",
): string {
  const curves = Object.entries(scores).map(([name, { bins }]) => ({
    name,
    points: bins.filter(({ count }) => count > 0),
  }));
  return reliabilityChart(curves, { x: "confidence", y });
}
