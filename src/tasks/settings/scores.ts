/** @file What tasks that score share: how void counts, and a file of all values. */
import { z } from "zod";
import { writeFileAtomic } from "../../core/files.ts";
import { VOID_HANDLINGS } from "../choices.ts";
import { choice } from "../task.ts";

/** What label 255 is. */
export const voidKey = choice(VOID_HANDLINGS)
  .default("background")
  .describe("What label 255 is in truth with several objects: background, or left out of the score.");

/** The key of the file. */
export const jsonKey = z.string().exactOptional().describe("Write all values into this JSON file.");

/** Writes values as readable JSON; nothing without a path. @throws UserError `file/write` */
export async function writeJson(path: string | undefined, values: unknown): Promise<void> {
  if (path !== undefined) await writeFileAtomic(path, `${JSON.stringify(values, undefined, 1)}\n`);
}
