/** @file A resumed training run, on the command line. */
import { resumeTask } from "../../tasks/train.ts";
import { actionOf } from "./action.ts";
import { reportTraining } from "./trainReport.ts";

export const action = actionOf(resumeTask, reportTraining);
