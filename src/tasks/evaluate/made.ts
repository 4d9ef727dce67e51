/** @file The task `evaluate` of `made`: a score that needs no labels, on clips made of footage. */
import { join, resolve } from "node:path";
import { readFootage } from "../../evaluation/confidence/footage.ts";
import { pastedClips } from "../../evaluation/confidence/madeClips.ts";
import { evaluateMadeClips } from "../../evaluation/drift/madeBenchmark.ts";
import type { MadeScore } from "../../evaluation/drift/madeScore.ts";
import { findClips } from "../../training/clipCache.ts";
import { openMaskMethod } from "../settings/maskMethod.ts";
import { writeJson } from "../settings/scores.ts";
import type { RunContext } from "../task.ts";
import type { MadeSettings } from "./evaluateSchema.ts";

/** J over whole clips and late in them. */
export interface MadeOutcome extends MadeScore {
  readonly benchmark: "made";
}

/** Of the made clips, px. */
const SHORT_SIDE = 240;

/** @throws UserError `calibrate/footage`, those of opening the method, of tracking and of writing files */
export async function evaluateMade(task: MadeSettings, { logger, machine, signal }: RunContext): Promise<MadeOutcome> {
  const { footage, out, clips: count, frames } = task;
  const clips = pastedClips(await readFootage({ footage, frames, shortSide: SHORT_SIDE, logger }), count);
  await using chosen = await openMaskMethod(task, machine);
  const { method, identity, notes } = chosen;
  const made = { ...identity, footage: (await findClips(footage)).map((path) => resolve(path)), frames };
  const score = await evaluateMadeClips(clips, method, { out, identity: made, logger, signal });
  const outcome = { benchmark: "made" as const, ...score };
  await writeJson(join(out, "made.json"), { ...outcome, settings: { ...made, ...notes } });
  return outcome;
}
