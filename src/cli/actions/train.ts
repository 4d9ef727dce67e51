/** @file A new training run, on the command line. */
import { trainTask } from "../../tasks/train.ts";
import { actionOf } from "./action.ts";
import { reportTraining } from "./trainReport.ts";

export const action = actionOf(trainTask, reportTraining);
