/** @file What `tsumugi ablate` prints: the tables of ablation.md. */
import { ablationTables } from "../../evaluation/ablation/report.ts";
import { ablateTask } from "../../tasks/ablate.ts";
import { print } from "../terminal.ts";
import { actionOf } from "./action.ts";

export const action = actionOf(ablateTask, (content) => print(ablationTables(content)));
