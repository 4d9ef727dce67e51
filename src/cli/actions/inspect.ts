/** @file What `tsumugi inspect` prints: the frames shown and the files to look at. */
import type { Inspection } from "../../inspection/inspectClip.ts";
import { inspectTask } from "../../tasks/inspect.ts";
import { print } from "../terminal.ts";
import { actionOf } from "./action.ts";

export const action = actionOf(inspectTask, report);

function report({ frames, page, sheet, video }: Inspection): void {
  print(`inspected frame${frames.length === 1 ? "" : "s"} ${frames.join(", ")}`);
  print(`page: ${page}`);
  print(`sheet: ${sheet}`);
  if (video !== undefined) print(`video: ${video}`);
}
