/** @file Whether the tracker is less sure of new recordings than of older ones, where the site has tracked both. */
import { readdir } from "node:fs/promises";
import { isThere } from "../../core/files.ts";
import { meanOf } from "../../metrics/statistics.ts";
import { studentQuantile } from "../../metrics/studentT.ts";
import { frameRows, isSeen } from "../../review/trackRows.ts";
import { modelInUse } from "../models.ts";
import { runnerKey } from "../runPlan.ts";
import type { Site } from "../siteFile.ts";
import type { SiteFolder } from "../siteFolder.ts";

/** Passages on each side; fewer say nothing. */
const LEAST = 3;
/** How sure one must be that it fell. */
const SURE = 0.95;

/**
 * By the runs of the model in use without corrections.
 * @param isNew clips that came since the model learned
 * @returns what is to say of a confidence that fell; undefined: it did not, or too little was tracked
 * @throws UserError `site/model`, and `review/results` for a table that is none
 */
export async function fallenConfidence(
  folder: SiteFolder,
  site: Site,
  isNew: ReadonlySet<string>,
): Promise<string | undefined> {
  const root = ["runs", runnerKey({ model: await modelInUse(folder, site), preset: site.preset }), "0"];
  const passages = await readdir(folder.at(...root)).catch(() => []);
  const fresh = passages.filter((passage) => isNew.has(clipOf(passage)));
  if (fresh.length < LEAST || passages.length - fresh.length < LEAST) return undefined;
  const confidences = async (names: readonly string[]): Promise<number[]> => {
    const all = await Promise.all(names.map((name) => meanConfidence(folder.at(...root, name, "tracks.jsonl"))));
    return all.filter((value) => !Number.isNaN(value));
  };
  const before = await confidences(passages.filter((passage) => !isNew.has(clipOf(passage))));
  const after = await confidences(fresh);
  return saidOf(before, after);
}

/** Of a folder that is named by `passageKey`. */
const clipOf = (passage: string): string => passage.slice(0, passage.lastIndexOf("@"));

/** NaN of a passage that is not tracked yet. */
async function meanConfidence(path: string): Promise<number> {
  if (!(await isThere(path))) return Number.NaN;
  const values: number[] = [];
  for await (const { rows } of frameRows(path)) values.push(...rows.filter(isSeen).map(({ confidence }) => confidence));
  return meanOf(values);
}

/** By Welch's test, one side, with the degrees of freedom of the smaller group: it errs towards calm. */
export function saidOf(before: readonly number[], after: readonly number[]): string | undefined {
  if (before.length < LEAST || after.length < LEAST) return undefined;
  const [then, now] = [meanOf(before), meanOf(after)];
  const error = Math.sqrt(squaredError(before, then) + squaredError(after, now));
  const reach = studentQuantile(SURE, Math.min(before.length, after.length) - 1) * error;
  if (!(then - now > reach)) return undefined;
  return `confidence fell from ${then.toFixed(2)} to ${now.toFixed(2)} in ${after.length} passages of new recordings`;
}

/** Of a mean. */
function squaredError(values: readonly number[], mean: number): number {
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return squares / (values.length - 1) / values.length;
}
