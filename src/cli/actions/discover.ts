/** @file What `tsumugi discover` prints: the things it found, and how they were tracked. */
import Table from "cli-table3";
import { join } from "node:path";
import { type DiscoverOutcome, discoverTask, type FoundThing } from "../../tasks/discover.ts";
import { print } from "../terminal.ts";
import { actionOf } from "./action.ts";
import { reportTrack } from "./track.ts";

export const action = actionOf(discoverTask, report);

function report({ things, labels, tracked, out }: DiscoverOutcome): void {
  if (things.length === 0) return print("nothing moves on its own");
  print(tableOf(things));
  for (const { path, frame } of labels) print(`frame ${frame}: ${path}`);
  print(`found: ${join(out, "found.json")}`);
  if (tracked !== null) reportTrack(tracked);
}

function tableOf(things: readonly FoundThing[]): string {
  const head = ["id", "share of motion", "seen best in frame", "moves in frames"];
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const { id, score, frame, moves } of things)
    table.push([id, `${Math.round(100 * score)} %`, frame, `${moves.frames} from ${moves.first} to ${moves.last}`]);
  return table.toString();
}
