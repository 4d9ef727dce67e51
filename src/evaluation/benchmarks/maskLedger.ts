/**
 * @file Remembers, in `settings.json` beside the masks, what they were made with and which sequences are complete, so
 * that an interrupted evaluation resumes and never takes masks made otherwise for its own.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../../core/files.ts";
import type { Logger } from "../../core/log.ts";
import { pngNames } from "../../formats/maskFolder.ts";

const Ledger = z.object({ settings: z.record(z.string(), z.unknown()), complete: z.array(z.string()) });

/** What is known of the masks in a folder. */
export interface MaskLedger {
  /** Whether all masks of this sequence are there, one for each of these frame names, and made alike. */
  holds(sequence: string, frameNames: readonly string[]): Promise<boolean>;
  /** Notes that all masks of this sequence are there. */
  complete(sequence: string): Promise<void>;
}

/**
 * Opens the folder's ledger; one of other settings is begun anew, after a warning.
 * @throws UserError `file/write`
 */
export async function openMaskLedger(
  folder: string,
  settings: Readonly<Record<string, unknown>>,
  logger: Logger,
): Promise<MaskLedger> {
  const path = join(folder, "settings.json");
  const former = await readLedger(path);
  const changed = former === undefined ? [] : differences(former.settings, settings);
  if (changed.length > 0)
    logger.warn(`the masks in ${folder} were made with other settings (${changed.join(", ")}) and are made anew`);
  const done = new Set(changed.length > 0 ? [] : former?.complete);
  const save = (): Promise<void> =>
    writeFileAtomic(path, `${JSON.stringify({ settings, complete: [...done] }, undefined, 2)}\n`);
  await save();
  return {
    async holds(sequence, frameNames) {
      if (!done.has(sequence)) return false;
      const present = new Set(await pngNames(join(folder, sequence)).catch(() => []));
      return frameNames.every((name) => present.has(`${name}.png`));
    },
    async complete(sequence) {
      done.add(sequence);
      await save();
    },
  };
}

/** Undefined if there is none, or none that can be read: then nothing is known, and all is made anew. */
async function readLedger(path: string): Promise<z.infer<typeof Ledger> | undefined> {
  try {
    return Ledger.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined;
  }
}

function differences(former: Readonly<Record<string, unknown>>, now: Readonly<Record<string, unknown>>): string[] {
  const keys = [...new Set([...Object.keys(former), ...Object.keys(now)])];
  return keys.filter((key) => JSON.stringify(former[key]) !== JSON.stringify(now[key]));
}
