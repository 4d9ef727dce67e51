/**
 * @file `models/next/`: learning that is under way. `adapt.json` holds what was begun, `scores.json` what trials gave, so
 * that it resumes after a crash; `run/` is the training run.
 */
import { rm } from "node:fs/promises";
import { z } from "zod";
import type { DataFolder } from "../../core/dataFolder.ts";
import { isThere } from "../../core/files.ts";
import { readJson } from "../../formats/json.ts";
import type { SiteFolder } from "../siteFolder.ts";

/** Frames of a clip. */
export const stretchSchema = z.strictObject({
  clip: z.string(),
  path: z.string(),
  start: z.int().min(0),
  end: z.int().min(1),
});

export const adaptFileSchema = z.strictObject({
  format: z.literal(1),
  /** Of the model that will be made, and of the one that it is learned from. */
  number: z.int().min(1),
  parent: z.int().min(0),
  /** What the model is called, before its date: who began it. */
  by: z.enum(["adapted", "watched"]).default("adapted"),
  begun: z.iso.datetime(),
  minutes: z.number().gt(0),
  /** Of learning alone; null until it is known how long comparing takes. */
  trainMinutes: z.number().gt(0).nullable(),
  /** Learning is done. */
  trained: z.boolean(),
  learn: z.array(stretchSchema),
  replay: z.array(stretchSchema),
  aside: z.array(stretchSchema),
  /** Older footage that the model must not do worse on; files of earlier versions have none. */
  older: z.array(stretchSchema).default([]),
  leftOut: z.array(z.strictObject({ clip: z.string(), why: z.string() })),
  /** Keys of the training configuration that are not as usual. */
  config: z.record(z.string(), z.unknown()),
});
/** The contents of `adapt.json`. */
export type AdaptFile = z.output<typeof adaptFileSchema>;

const scoresSchema = z.record(z.string(), z.record(z.string(), z.number().nullable()));

/** Where it lies in a site's folder. */
export const NEXT = ["models", "next"] as const;

/** Undefined where nothing was begun. @throws UserError `json/invalid` */
export async function readAdapt(folder: SiteFolder): Promise<AdaptFile | undefined> {
  const path = folder.at(...NEXT, "adapt.json");
  return (await isThere(path)) ? readJson(path, adaptFileSchema, "adaptation") : undefined;
}

/** @throws UserError `file/write` */
export function writeAdapt(folder: SiteFolder, file: AdaptFile): Promise<void> {
  return folder.writeJson([...NEXT, "adapt.json"], file);
}

/** Forgets what is under way. */
export function forgetAdapt(folder: SiteFolder): Promise<void> {
  return rm(folder.at(...NEXT), { recursive: true, force: true });
}

/** Numbers that were measured once, kept as they come. */
export class KeptScores {
  private readonly folder: DataFolder;
  private readonly names: readonly string[];
  private readonly all: Record<string, Record<string, number | null>>;

  private constructor(
    folder: DataFolder,
    names: readonly string[],
    all: Record<string, Record<string, number | null>>,
  ) {
    this.folder = folder;
    this.names = names;
    this.all = all;
  }

  /** @param names of the file @throws UserError `json/invalid` */
  static async open(folder: DataFolder, ...names: readonly string[]): Promise<KeptScores> {
    const path = folder.at(...names);
    return new KeptScores(folder, names, (await isThere(path)) ? await readJson(path, scoresSchema, "scores") : {});
  }

  /**
   * The number that was kept, else measured now and kept.
   * @param of what it is a number of, such as a hash of weights @throws UserError `file/write` and those of measuring
   */
  async of(of: string, key: string, measure: () => Promise<number>): Promise<number> {
    const kept = this.all[of]?.[key];
    if (kept !== undefined) return kept ?? Number.NaN;
    const value = await measure();
    // JSON has no NaN.
    this.all[of] = { ...this.all[of], [key]: Number.isNaN(value) ? null : value };
    await this.folder.writeJson(this.names, this.all);
    return value;
  }
}
