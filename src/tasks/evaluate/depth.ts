/** @file The task `evaluate` of `depth`: rendered layers that colours cannot tell apart, with their depth and without. */
import { type DepthScore, evaluateDepth } from "../../evaluation/depth/depthBenchmark.ts";
import { openChosenEncoder } from "../settings/encoder.ts";
import { modeOf, protocolOf } from "../settings/protocol.ts";
import { writeJson } from "../settings/scores.ts";
import type { RunContext } from "../task.ts";
import type { DepthSettings } from "./evaluateSchema.ts";

/** The scores of all clips. */
export interface DepthOutcome extends DepthScore {
  readonly benchmark: "depth";
}

/** @throws UserError those of opening weights, tracking and writing files */
export async function evaluateDepthTask(
  task: DepthSettings,
  { logger, machine, signal }: RunContext,
): Promise<DepthOutcome> {
  const { out, seeds, frames, json } = task;
  const { encoder, identity } = await openChosenEncoder(task, machine);
  await using _ = encoder;
  const setup = { encoder, protocol: protocolOf(task), mode: modeOf(task), threads: machine.threads };
  const made = { ...identity, protocol: setup.protocol, mode: setup.mode, frames };
  const score = await evaluateDepth(setup, { out, identity: made, seeds, clip: { frames }, logger, signal });
  const outcome = { benchmark: "depth" as const, ...score };
  await writeJson(json, outcome);
  return outcome;
}
