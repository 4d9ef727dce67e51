/** @file The task `evaluate` of `lines`: rendered lines on which parts keep coming, tracked from one labelled part. */
import { evaluateLines, type LinesScore } from "../../evaluation/lines/lineBenchmark.ts";
import { openChosenEncoder } from "../settings/encoder.ts";
import { modeOf, protocolOf } from "../settings/protocol.ts";
import { writeJson } from "../settings/scores.ts";
import type { RunContext } from "../task.ts";
import type { LinesSettings } from "./evaluateSchema.ts";

/** The scores of all lines. */
export interface LinesOutcome extends LinesScore {
  readonly benchmark: "lines";
}

/** @throws UserError those of opening weights, tracking and writing files */
export async function evaluateLinesTask(
  task: LinesSettings,
  { logger, machine, signal }: RunContext,
): Promise<LinesOutcome> {
  const { out, seeds, parts, json } = task;
  const { encoder, identity } = await openChosenEncoder(task, machine);
  await using _ = encoder;
  const setup = { encoder, protocol: protocolOf(task), mode: modeOf(task), threads: machine.threads };
  const made = { ...identity, protocol: setup.protocol, mode: setup.mode, parts };
  const score = await evaluateLines(setup, { out, identity: made, seeds, line: { parts }, logger, signal });
  const outcome = { benchmark: "lines" as const, ...score };
  await writeJson(json, outcome);
  return outcome;
}
