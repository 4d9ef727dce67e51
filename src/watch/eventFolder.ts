/** @file Tables of events in a folder of results, which commands do not overwrite for one another. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../core/errors.ts";
import { isThere, writeFileAtomic } from "../core/files.ts";
import type { WatchEvent } from "./event.ts";
import { csvText, EVENT_COLUMNS, eventRow, jsonLines } from "./eventTable.ts";

/** Events as lines of JSON, below the folder. */
export const EVENT_LINES = "events.jsonl";

/** Where a monitored source is gone on from, below the folder. */
export const CHECKPOINT = "checkpoint.bin";

/** Writes `events.csv` and `events.jsonl`. @throws UserError `file/write` */
export async function writeEvents(folder: string, events: readonly WatchEvent[]): Promise<void> {
  const rows = events.map(eventRow);
  await writeFileAtomic(join(folder, "events.csv"), csvText(EVENT_COLUMNS, rows));
  await writeFileAtomic(join(folder, EVENT_LINES), jsonLines(rows));
}

/**
 * That events in a folder, if there are any, are those of an earlier run of the same command.
 * @param format that the command's `summary.json` says
 * @throws UserError `events/used`
 */
export async function requireOwnEvents(folder: string, format: string): Promise<void> {
  if (!(await isThere(join(folder, EVENT_LINES)))) return;
  const known = await readFile(join(folder, "summary.json"), "utf8").then(formatOf, () => undefined);
  // A run that was killed has left events, but no summary yet; one that goes on after that has left where it is.
  const isOther = known === undefined ? await isThere(join(folder, CHECKPOINT)) : known !== format;
  if (!isOther) return;
  throw new UserError("events/used", {
    what: `${folder} holds the events of another command`,
    got: known ?? CHECKPOINT,
    expected: format,
    todo: "choose another folder with --out, or remove this one",
  });
}

function formatOf(text: string): string | undefined {
  try {
    const { format } = JSON.parse(text) as { readonly format?: unknown };
    return typeof format === "string" ? format : undefined;
  } catch {
    return undefined;
  }
}
