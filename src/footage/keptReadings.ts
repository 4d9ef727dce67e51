/**
 * @file What was read in clips, kept beside the check so that one that was stopped goes on where it was. A clip is known
 * by its content; whatever a file holds that does not fit is read anew.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../core/files.ts";
import { versionsInUse } from "../core/versions.ts";
import { differenceOf, fingerprintOf, fingerprintSchema } from "../video/fingerprint.ts";
import type { FrameSource } from "../video/frame.ts";
import type { Reading } from "./measure.ts";
import { type ReadingKey, thresholds } from "./thresholds.ts";

/** To be raised when measures give other numbers. */
const EDITION = 1;

const keptSchema = z.strictObject({
  edition: z.literal(EDITION),
  tsumugi: z.string(),
  fingerprint: fingerprintSchema,
  frameCount: z.int(),
  readings: z.array(
    z.strictObject({
      key: z.enum(Object.keys(thresholds) as [ReadingKey]),
      value: z.number(),
      at: z.strictObject({ frame: z.int(), timeSec: z.number() }).optional(),
      facts: z.record(z.string(), z.number()).optional(),
    }),
  ),
});

/**
 * The readings of a clip: those kept in the folder, else read now and kept.
 * @throws UserError `file/write` and those of `read`
 */
export async function keptReadings(
  folder: string,
  source: FrameSource,
  read: () => Promise<readonly Reading[]>,
): Promise<readonly Reading[]> {
  const name = createHash("sha256").update(resolve(source.path)).digest("hex").slice(0, 16);
  const path = join(folder, "readings", `${name}.json`);
  const { tsumugi } = await versionsInUse();
  const fingerprint = await fingerprintOf(source);
  const kept = await readKept(path);
  const isSame =
    kept?.tsumugi === tsumugi &&
    kept.frameCount === source.frameCount &&
    differenceOf(kept.fingerprint, fingerprint) === undefined;
  if (isSame) return kept.readings as readonly Reading[];
  const readings = await read();
  const { frameCount } = source;
  await writeFileAtomic(path, `${JSON.stringify({ edition: EDITION, tsumugi, fingerprint, frameCount, readings })}\n`);
  return readings;
}

async function readKept(path: string): Promise<z.infer<typeof keptSchema> | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return keptSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
