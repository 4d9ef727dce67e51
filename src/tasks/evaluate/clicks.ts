/** @file The task `evaluate` of `clicks`: how good regions from clicks are. */
import { join } from "node:path";
import { type ClickRow, clickSequence, meanIous } from "../../evaluation/clicks/clickBenchmark.ts";
import { readSplit } from "../../formats/splitFile.ts";
import { openEncoder } from "../../method/node/openEncoder.ts";
import { writeJson } from "../settings/scores.ts";
import type { RunContext } from "../task.ts";
import type { ClicksSettings } from "./evaluateSchema.ts";

/** The scores. */
export interface ClicksOutcome {
  readonly benchmark: "clicks";
  readonly rows: readonly ClickRow[];
  /** Mean IoU over all objects after each click, 0..1. */
  readonly means: readonly number[];
}

/** @throws UserError those of `clickSequence` and of opening the encoder */
export async function evaluateClicks(
  task: ClicksSettings,
  { logger, machine, signal }: RunContext,
): Promise<ClicksOutcome> {
  const { data, split, resolution, annotations, clicks, json, weights } = task;
  const set = { frames: join(data, "JPEGImages", resolution), truth: join(data, annotations, resolution) };
  const names = await readSplit(split);
  await using encoder = await openEncoder({ ...machine, weights });
  const rows: ClickRow[] = [];
  for (const [i, name] of names.entries()) {
    signal?.throwIfAborted();
    logger.progress(`${name} (${i + 1} of ${names.length})`);
    rows.push(...(await clickSequence(set, name, clicks, encoder)));
  }
  const means = meanIous(rows);
  await writeJson(json, { benchmark: "clicks", means, rows });
  return { benchmark: "clicks", rows, means };
}
