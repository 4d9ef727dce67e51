/** @file What `tsumugi monitor` prints: a line for each event as it is known, then what there was in all. */
import { counted } from "../../core/counted.ts";
import { duration } from "../../core/duration.ts";
import { clockTime } from "../../footage/texts/wording.ts";
import type { FaultRow } from "../../monitor/faultEvent.ts";
import { faultWords } from "../../monitor/words.ts";
import { monitorTask, type WatchOutcome } from "../../tasks/monitor.ts";
import { print } from "../terminal.ts";
import type { Action } from "./action.ts";
import { printUnsent } from "./unsent.ts";

export const action: Action = {
  task: monitorTask,
  perform: async (given, context) => {
    const task = monitorTask.parse(given);
    const tell = (row: unknown): void => print(task.json ? JSON.stringify(row) : said(row as FaultRow));
    report(await monitorTask.run(task, { ...context, tell }));
  },
};

function said({ kind, state, time_s, since_s, picture, clock }: FaultRow): string {
  // Of a camera the time of day says more than that since it is watched.
  const at = clock === null ? clockTime(time_s) : new Date(clock).toLocaleString("sv-SE");
  if (state === "begin") return `${at} ${faultWords(kind)}${picture === null ? "" : ` (${picture})`}`;
  return `${at} no longer ${faultWords(kind)}, after ${duration(time_s - (since_s ?? time_s))}`;
}

function report({ asJson, events, frames, seconds, open, unsent, out }: WatchOutcome): void {
  if (asJson) return;
  const faults = events.filter(({ state }) => state === "begin").length;
  print(`${counted(faults, "fault")} in ${counted(frames, "frame")} (${duration(seconds)})`);
  if (open.length > 0) print(`still so at the end: ${open.map(faultWords).join(", ")}`);
  printUnsent(unsent);
  print(out);
}
