/** @file What `tsumugi calibrate` prints: how well the present coefficients do, and where the new ones are. */
import { confidenceTable, reliabilityTable } from "../../evaluation/confidence/confidenceReport.ts";
import { type CalibrationOutcome, calibrateTask } from "../../tasks/calibrate.ts";
import { print } from "../terminal.ts";
import { actionOf } from "./action.ts";

export const action = actionOf(calibrateTask, report);

function report({ masks, points, path }: CalibrationOutcome): void {
  print("with the present coefficients:");
  print(confidenceTable({ masks }));
  print(reliabilityTable({ points }));
  print(`coefficients: ${path}`);
}
