/** @file What `tsumugi review` prints: a table of the places to look at, and the commands that correct them. */
import Table from "cli-table3";
import type { Review } from "../../review/reviewFolder.ts";
import { reviewTask } from "../../tasks/review.ts";
import { print } from "../terminal.ts";
import { actionOf } from "./action.ts";

export const action = actionOf(reviewTask, report);

/** Findings of an entry that the table shows. */
const MOST_LINES = 4;

function report({ entries, page }: Review): void {
  if (entries.length === 0) print("nothing stands out");
  else print(tableOf(entries));
  entries.forEach(({ frame, commands }, i) => {
    if (commands.length === 0) return;
    print(`\n# ${i + 1}: correct frame ${frame}`);
    for (const command of commands) print(command);
  });
  print(`${entries.length === 0 ? "" : "\n"}page: ${page}`);
}

function tableOf(entries: Review["entries"]): string {
  const table = new Table({
    head: ["", "frame", "time", "what"],
    colAligns: ["right", "right", "right", "left"],
    style: { head: [], border: [], compact: true },
  });
  entries.forEach(({ frame, timeSec, findings }, i) => {
    const texts = findings.slice(0, MOST_LINES).map(({ text }) => text);
    const more = findings.length - texts.length;
    const what = [...texts, ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
    table.push([String(i + 1), String(frame), `${timeSec.toFixed(2)} s`, what]);
  });
  return table.toString();
}
