/** @file The task `evaluate` of `degraded` and `measures`: what faults of the footage cost, and how the check sees them. */
import { join, resolve } from "node:path";
import { type Confusion, confusionOf } from "../../evaluation/footage/confusion.ts";
import { measureSteps } from "../../evaluation/footage/measureSteps.ts";
import { type LadderStep, ladderOf, trackSteps } from "../../evaluation/footage/trackingSteps.ts";
import { degradations } from "../../synthetic/degraded/degradations.ts";
import { readSplit } from "../../formats/splitFile.ts";
import { findClips } from "../../training/clipCache.ts";
import { openMaskMethod } from "../settings/maskMethod.ts";
import { writeJson } from "../settings/scores.ts";
import type { RunContext } from "../task.ts";
import type { DegradedSettings, MeasuresSettings } from "./evaluateSchema.ts";

/** J&F lost at every strength of every fault. */
export interface DegradedOutcome {
  readonly benchmark: "degraded";
  readonly sequences: number;
  readonly ladder: readonly LadderStep[];
}

/** How the numbers of the footage check follow faults. */
export interface MeasuresOutcome extends Confusion {
  readonly benchmark: "measures";
  readonly clips: number;
}

/** The faults, so that results of other ones are not kept. */
const FAULT_STEPS = Object.fromEntries(Object.entries(degradations).map(([name, { steps }]) => [name, steps]));

/** @throws UserError those of opening the method, of tracking and of writing files */
export async function evaluateDegraded(
  task: DegradedSettings,
  { logger, machine, signal }: RunContext,
): Promise<DegradedOutcome> {
  const { data: root, split, out, resolution, annotations, frames } = task;
  const sequences = await readSplit(split);
  await using chosen = await openMaskMethod(task, machine);
  const { method, identity } = chosen;
  const made = { ...identity, data: resolve(root), resolution, annotations, frames, faults: FAULT_STEPS };
  const benchmark = { root, sequences, resolution, annotations };
  const steps = await trackSteps(benchmark, method, { out, identity: made, frames, logger, signal });
  const ladder = ladderOf(steps);
  await writeJson(join(out, "degraded.json"), { ladder, steps, settings: made });
  return { benchmark: "degraded", sequences: sequences.length, ladder };
}

/** @throws UserError those of reading clips and of writing files */
export async function evaluateMeasures(
  task: MeasuresSettings,
  { logger, machine, signal }: RunContext,
): Promise<MeasuresOutcome> {
  const { footage, out, frames } = task;
  const clips = await findClips(footage);
  const identity = { clips: clips.map((path) => resolve(path)), frames, faults: FAULT_STEPS };
  const steps = await measureSteps(clips, { out, identity, frames, threads: machine.threads, logger, signal });
  const confusion = confusionOf(steps);
  await writeJson(join(out, "measures.json"), { ...confusion, steps });
  return { benchmark: "measures", clips: clips.length, ...confusion };
}
