/** @file The task `evaluate` of `confidence`: does the tracker know when it is wrong? */
import { join, resolve } from "node:path";
import { writeChart } from "../../charts/lineChart.ts";
import { readSplit } from "../../formats/splitFile.ts";
import { annotatedSequences } from "../../evaluation/benchmarks/pointBenchmark.ts";
import { benchmarks, within } from "../../evaluation/benchmarks/registry.ts";
import { observeBenchmark } from "../../evaluation/confidence/confidenceBenchmark.ts";
import {
  confidenceChart,
  type ConfidenceScore,
  confidenceScore,
} from "../../evaluation/confidence/confidenceReport.ts";
import { observeJoints } from "../../evaluation/confidence/jointObservations.ts";
import { type Reliability, reliability } from "../../metrics/reliability.ts";
import { pointConfidence } from "../../tracking/confidence/pointCalibration.ts";
import { openChosenEncoder } from "../settings/encoder.ts";
import { writeJson } from "../settings/scores.ts";
import { pointTrackingOf } from "../settings/pointMethod.ts";
import { modeOf, protocolOf } from "../settings/protocol.ts";
import type { RunContext } from "../task.ts";
import type { ConfidenceSettings } from "./evaluateSchema.ts";

/** How well confidence separates right from wrong, of masks by set or of points, and the file of the curve. */
export type ConfidenceOutcome = { readonly benchmark: "confidence"; readonly curve: string } & (
  | { readonly of: "masks"; readonly scores: Readonly<Record<string, ConfidenceScore>> }
  | { readonly of: "points"; readonly score: Reliability }
);

/** Sets of masks in DAVIS's layout, under the data's `segmentation`. */
const SETS = [
  { name: "DAVIS", resolution: "480p" },
  { name: "CDnet", resolution: "240p" },
] as const;

/** Joints are right within so many boxes of PCK. */
const RIGHT = 0.2;

/** @throws UserError those of tracking and of reading and writing files */
export function evaluateConfidence(task: ConfidenceSettings, context: RunContext): Promise<ConfidenceOutcome> {
  return task.points ? evaluatePoints(task, context) : evaluateMasks(task, context);
}

async function evaluatePoints(
  task: ConfidenceSettings,
  { logger, machine, signal }: RunContext,
): Promise<ConfidenceOutcome> {
  const { data, out, split } = task;
  const { annotations, frames } = within(data, benchmarks.jhmdb.layout);
  const sequences = split === undefined ? await annotatedSequences(annotations) : await readSplit(split);
  const { encoder, identity } = await openChosenEncoder(task, machine);
  await using _ = encoder;
  const { tracking, identity: how } = pointTrackingOf(task, machine);
  const inputSize = task.shortSide ?? benchmarks.jhmdb.input;
  const made = { ...identity, ...how, inputSize, data: resolve(data) };
  const observations = await observeJoints(
    { annotations, frames, sequences },
    { ...tracking, encoder, inputSize },
    { out: join(out, "JHMDB"), identity: made, logger, signal },
  );
  const score = reliability(
    observations.map(({ signals, distance }) => ({ confidence: pointConfidence(signals), right: distance <= RIGHT })),
  );
  await writeChart(join(out, "reliability"), confidenceChart({ JHMDB: score }, "share within 0.2 of the box"));
  await writeJson(join(out, "reliability.json"), score);
  return { benchmark: "confidence", of: "points", score, curve: join(out, "reliability.svg") };
}

async function evaluateMasks(
  task: ConfidenceSettings,
  { logger, machine, signal }: RunContext,
): Promise<ConfidenceOutcome> {
  const { data, out } = task;
  const { encoder, identity } = await openChosenEncoder(task, machine);
  await using _ = encoder;
  const setup = { encoder, protocol: protocolOf(task), mode: modeOf(task), threads: machine.threads };
  const scores: Record<string, ConfidenceScore> = {};
  const all = [];
  for (const { name, resolution } of SETS) {
    const root = join(data, "segmentation", name);
    const sequences = await readSplit(join(root, "ImageSets", resolution, "dev.txt"));
    const made = { ...identity, protocol: setup.protocol, mode: setup.mode, data: resolve(root), resolution };
    const options = { out: join(out, name), identity: made, logger, signal };
    const observations = await observeBenchmark({ root, sequences, resolution }, setup, options);
    scores[name] = confidenceScore(observations);
    all.push(...observations);
  }
  scores["both"] = confidenceScore(all);
  await writeChart(join(out, "reliability"), confidenceChart(scores));
  await writeJson(join(out, "reliability.json"), scores);
  return { benchmark: "confidence", of: "masks", scores, curve: join(out, "reliability.svg") };
}
