/**
 * @file The task `evaluate` of `discover`: J and F of the best thing that is found in each sequence without any label, chosen
 * by its own score, on a set laid out as DAVIS (its task without labels).
 */
import { join } from "node:path";
import { scoreSequence, truthNames } from "../../evaluation/benchmarks/davisFolders.ts";
import { readSplit } from "../../formats/splitFile.ts";
import { davisScore, type DavisScore, type SequenceScore } from "../../metrics/davis.ts";
import { isThere } from "../../core/files.ts";
import { readMaskPng } from "../../video/masks/maskPng.ts";
import { discoverTask } from "../discover.ts";
import { writeJson } from "../settings/scores.ts";
import type { RunContext } from "../task.ts";
import type { DiscoverBenchmarkSettings } from "./evaluateSchema.ts";

/** The scores. */
export interface DiscoverBenchmarkOutcome {
  readonly benchmark: "discover";
  readonly score: DavisScore;
  /** Sequences in which nothing was found: their masks are empty. */
  readonly nothing: readonly string[];
}

/** @throws UserError those of `discover` and of scoring */
export async function evaluateDiscover(
  task: DiscoverBenchmarkSettings,
  context: RunContext,
): Promise<DiscoverBenchmarkOutcome> {
  const { data, split, out, resolution, annotations, json, benchmark, task: _task, ...settings } = task;
  const sequences: Record<string, SequenceScore> = {};
  const nothing: string[] = [];
  const names = await readSplit(split);
  for (const [i, name] of names.entries()) {
    context.logger.info(`${name} (${i + 1} of ${names.length})`);
    const clip = join(data, "JPEGImages", resolution, name);
    const folder = join(out, name);
    const given = { ...settings, clip, out: folder, most: 1, overlay: false, pictures: false };
    const { things } = await discoverTask.run(given, context);
    if (things.length === 0) nothing.push(name);
    sequences[name] = await scoreMasks(join(data, annotations, resolution, name), join(folder, "masks"));
  }
  const score = davisScore(sequences, { data, split, annotations, resolution, ...settings });
  await writeJson(json, { benchmark, score, nothing });
  return { benchmark, score, nothing };
}

/** Frames without a mask are empty. */
async function scoreMasks(truth: string, masks: string): Promise<SequenceScore> {
  const names = await truthNames(truth);
  return scoreSequence(
    { folder: truth, names },
    async (name) => {
      const path = join(masks, name);
      if (await isThere(path)) return { path, labels: await readMaskPng(path) };
      const { width, height } = await readMaskPng(join(truth, name));
      return { path, labels: { width, height, data: new Uint8Array(width * height) } };
    },
    "background",
  );
}
