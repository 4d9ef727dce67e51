/** @file What `tsumugi listen` prints: each alarm and silence, how many impacts, or everything as JSON. */
import Table from "cli-table3";
import { counted } from "../../core/counted.ts";
import { listenTask } from "../../tasks/listen.ts";
import { clock } from "../../watch/dashboard.ts";
import type { WatchEvent } from "../../watch/event.ts";
import { eventRow } from "../../watch/eventTable.ts";
import { print } from "../terminal.ts";
import { actionOf } from "./action.ts";

export const action = actionOf(listenTask, ({ asJson, events, counts, frames, files }) => {
  if (asJson) return print(JSON.stringify({ counts, events: events.map(eventRow), files }, undefined, 1));
  if (events.length > 0) print(tableOf(events));
  const said = [counted(counts.impact, "impact"), counted(counts.alarm, "alarm"), counted(counts.silence, "silence")];
  print(`${said.join(", ")} in ${counted(frames, "frame")}`);
  for (const path of [files.events, files.curves, files.spectrogram]) print(path);
});

/** The most rows: a press that runs for an hour has thousands of impacts, and events.csv has them all. */
const MOST_ROWS = 40;

function tableOf(events: readonly WatchEvent[]): string {
  const table = new Table({
    head: ["time", "frame", "heard", "", "sure"],
    colAligns: ["right", "right", "left", "left", "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const { timeSec, frame, kind, object, value, unit, confidence } of events.slice(0, MOST_ROWS))
    table.push([
      clock(timeSec),
      frame,
      kind,
      [object, value === null ? null : `${value.toFixed(1)} ${unit}`].filter((part) => part !== null).join(", "),
      `${Math.round(100 * confidence)} %`,
    ]);
  const more = events.length - MOST_ROWS;
  return more > 0 ? `${table.toString()}\nand ${more} more: events.csv` : table.toString();
}
