/** @file `history.jsonl`: everything that happened in a site, a line of JSON each, only ever appended. */
import { open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { makeFolders, writeError } from "../core/files.ts";
import { versionsInUse } from "../core/versions.ts";

const eventSchema = z.looseObject({ at: z.iso.datetime(), what: z.string() });

/** Something that happened; further keys say more. */
export type SiteEvent = z.output<typeof eventSchema>;

/** Whether it is a report in which there were results to see. */
export function showedResults({ what, ...more }: SiteEvent): boolean {
  return what === "report" && Number(more["frames"]) > 0;
}

/** The targets that were set, as the history has them. */
export function targetsSet(events: readonly SiteEvent[]): unknown[] {
  return events.flatMap(({ targets }) => (Array.isArray(targets) ? (targets as unknown[]) : []));
}

/** Appends a line, on disk when this resolves. What a crash left of a line is removed first. @throws UserError `file/write` */
export async function appendEvent(path: string, what: string, more: Readonly<Record<string, unknown>>): Promise<void> {
  const { tsumugi } = await versionsInUse();
  const event = { at: new Date().toISOString(), what, version: tsumugi, ...more };
  const before = await readFile(path).catch(() => Buffer.alloc(0));
  try {
    await makeFolders(dirname(path));
    const file = await open(path, "a");
    try {
      await file.truncate(before.lastIndexOf("\n") + 1);
      await file.appendFile(`${JSON.stringify(event)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw writeError(path, error);
  }
}

/** The events in order; a line that is none (cut off by a crash) is left out. None where there is no file. */
export async function readEvents(path: string): Promise<SiteEvent[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => {
    const parsed = eventSchema.safeParse(valueOf(line));
    return parsed.success ? [parsed.data] : [];
  });
}

function valueOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
