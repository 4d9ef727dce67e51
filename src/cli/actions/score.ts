/** @file What `tsumugi score` prints: a table of the metric. */
import { davisTable } from "../../evaluation/benchmarks/davisTable.ts";
import { motTable } from "../../evaluation/benchmarks/motTable.ts";
import { iouTable, pckTable, tapVidTable } from "../../evaluation/benchmarks/pointTables.ts";
import { type ScoreOutcome, scoreTask } from "../../tasks/score.ts";
import { print } from "../terminal.ts";
import { actionOf } from "./action.ts";

export const action = actionOf(scoreTask, (outcome) => print(tableOf(outcome)));

function tableOf(outcome: ScoreOutcome): string {
  switch (outcome.metric) {
    case "davis":
      return davisTable(outcome.score);
    case "miou":
      return iouTable(outcome.score);
    case "mot":
      return motTable(outcome.score);
    case "pck":
      return pckTable(outcome.score);
    default:
      return tapVidTable(outcome.score);
  }
}
