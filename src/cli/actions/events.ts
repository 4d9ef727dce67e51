/** @file What `tsumugi events` prints: the totals of each zone, or everything as JSON. */
import Table from "cli-table3";
import { counted } from "../../core/counted.ts";
import { eventsTask } from "../../tasks/events.ts";
import { isDoubtful } from "../../watch/event.ts";
import type { ZoneTotals } from "../../watch/counts.ts";
import { eventRow } from "../../watch/eventTable.ts";
import { print } from "../terminal.ts";
import { actionOf } from "./action.ts";
import { printUnsent } from "./unsent.ts";

export const action = actionOf(eventsTask, ({ asJson, events, totals, frames, things, files, unsent }) => {
  if (asJson) return print(JSON.stringify({ totals, events: events.map(eventRow), files }, undefined, 1));
  const doubtful = events.filter(isDoubtful).length;
  print(tableOf(totals));
  print(
    `${counted(events.length, "event")} of ${counted(things, "thing")} in ${counted(frames, "frame")}, ${doubtful} doubtful`,
  );
  printUnsent(unsent);
  for (const path of [files.events, files.dashboard, files.overlay]) if (path !== null) print(path);
});

function tableOf(totals: readonly ZoneTotals[]): string {
  const table = new Table({
    head: ["zone", "what happened", "doubtful"],
    style: { head: [], border: [], compact: true },
  });
  for (const total of totals) table.push([total.zone, said(total), total.doubtful]);
  return table.toString();
}

function said({ counts, occupancy, visits }: ZoneTotals): string {
  return [
    ...Object.entries(counts).map(([what, count]) => `${what} ${count}`),
    ...(occupancy === null ? [] : [`inside ${occupancy.last} (most ${occupancy.most})`]),
    ...(visits === null || visits.count === 0 ? [] : [`mean stay ${visits.meanSec.toFixed(1)} s`]),
  ].join(", ");
}
