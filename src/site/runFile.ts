/** @file `run.json` of a tracked passage: what it was tracked with, whether it is done, what it cost. */
import { isThere } from "../core/files.ts";
import { z } from "zod";
import { readJson } from "../formats/json.ts";
import type { SiteFolder } from "./siteFolder.ts";
import { runFolder, type SiteRun } from "./runPlan.ts";

export const runFileSchema = z.strictObject({
  format: z.literal(1),
  /** All that the masks depend on. */
  identity: z.strictObject({
    clip: z.string(),
    start: z.int(),
    end: z.int(),
    /** In the order in which they are given. */
    labels: z.array(z.strictObject({ frame: z.int(), sha256: z.string() })),
    weights: z.string(),
    tracker: z.record(z.string(), z.unknown()),
  }),
  /** Null until the passage is tracked to its end. */
  cost: z.strictObject({ frames: z.int(), seconds: z.number(), peakRssMb: z.number() }).nullable(),
});
/** The contents of `run.json`. */
export type RunFile = z.output<typeof runFileSchema>;

/** Undefined where nothing was begun. @throws UserError `json/invalid` */
export async function readRun(folder: SiteFolder, run: SiteRun): Promise<RunFile | undefined> {
  const path = folder.at(...runFolder(run), "run.json");
  return (await isThere(path)) ? readJson(path, runFileSchema, "run") : undefined;
}

/** @throws UserError `file/write` */
export function writeRun(folder: SiteFolder, run: SiteRun, file: RunFile): Promise<void> {
  return folder.writeJson([...runFolder(run), "run.json"], file);
}
