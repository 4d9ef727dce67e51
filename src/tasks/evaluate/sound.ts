/** @file The task `evaluate` of `sound`: what is heard in rendered clips of a machine. */
import { evaluateSound, type SoundScore } from "../../evaluation/sound/soundBenchmark.ts";
import { writeJson } from "../settings/scores.ts";
import type { RunContext } from "../task.ts";
import type { SoundSettings } from "./evaluateSchema.ts";

/** The scores of all clips. */
export interface SoundOutcome extends SoundScore {
  readonly benchmark: "sound";
}

/** @throws UserError those of writing and reading videos */
export async function evaluateSoundTask(task: SoundSettings, { logger, signal }: RunContext): Promise<SoundOutcome> {
  const { out, seeds, loudness, json } = task;
  const score = await evaluateSound({ out, identity: { clips: "sounding press" }, seeds, loudness, logger, signal });
  const outcome = { benchmark: "sound" as const, ...score };
  await writeJson(json, outcome);
  return outcome;
}
