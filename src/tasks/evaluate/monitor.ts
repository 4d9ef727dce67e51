/** @file The task `evaluate` of `monitor`: faults of a camera put into clips, and clips without. */
import { resolve } from "node:path";
import { evaluateMonitor, type MonitorScore } from "../../evaluation/monitor/monitorBenchmark.ts";
import { findClips } from "../../training/clipCache.ts";
import { writeJson } from "../settings/scores.ts";
import type { RunContext } from "../task.ts";
import type { MonitorBenchmarkSettings } from "./evaluateSchema.ts";

/** What was found. */
export interface MonitorBenchmarkOutcome extends MonitorScore {
  readonly benchmark: "monitor";
}

/** @throws UserError those of reading clips and of writing files */
export async function evaluateMonitorTask(
  task: MonitorBenchmarkSettings,
  { logger, signal }: RunContext,
): Promise<MonitorBenchmarkOutcome> {
  const { footage, out, rendered, seeds: count, firstSeed, minutes, rows, json } = task;
  const clips = footage.length === 0 ? [] : await findClips(footage);
  const seeds = Array.from({ length: count }, (_, i) => firstSeed + i);
  const identity = { clips: clips.map((path) => resolve(path)), rendered, seeds, minutes, rows };
  const score = await evaluateMonitor({ clips, rendered, seeds, minutes, rows, out, identity, logger, signal });
  const outcome = { benchmark: "monitor" as const, ...score };
  await writeJson(json, outcome);
  return outcome;
}
