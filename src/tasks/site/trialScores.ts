/** @file Scores of weights in trials without labels, measured once and kept. */
import { createHash } from "node:crypto";
import { counted } from "../../core/counted.ts";
import type { KeptScores } from "../../site/adapt/adaptFile.ts";
import { type Trial, trialKey, type TrialScore } from "../../site/adapt/judge.ts";
import type { Trials } from "../../site/adapt/trials.ts";
import { sha256 } from "../../site/models.ts";
import type { Site } from "../../site/siteFile.ts";
import type { RunContext } from "../task.ts";
import { openTrialSetup } from "./trialSetup.ts";

/** What trials are run with. */
export interface TrialSetting {
  readonly tracker: Site["tracker"];
  readonly kept: KeptScores;
  readonly trials: Trials;
  readonly context: RunContext;
}

/**
 * Puts weights to trials; those whose score is kept are not run again.
 * @returns the scores, and how long those took that were run
 * @throws UserError those of tracking; the signal's reason
 */
export async function scoreTrials(
  { name, weights }: { readonly name: string; readonly weights: string },
  asked: readonly Trial[],
  { tracker, kept, trials, context }: TrialSetting,
): Promise<{ readonly scores: TrialScore[]; readonly seconds: number }> {
  const { machine, signal, logger } = context;
  const id = await scoredAs(weights, tracker);
  // Trials have small pictures, which nothing is gained from enlarging.
  const { shortSide: _, ...small } = tracker;
  await using setup = await openTrialSetup(weights, small, machine);
  const scores: TrialScore[] = [];
  let seconds = 0;
  for (const [i, trial] of asked.entries()) {
    signal.throwIfAborted();
    logger.progress(`comparing without labels: ${name}, ${i + 1} of ${counted(asked.length, "trial")}`);
    const measured = async (): Promise<number> => {
      const run = await trials.run(trial, setup, signal);
      seconds += run.seconds;
      return run.score;
    };
    scores.push({ ...trial, score: await kept.of(id, trialKey(trial), measured) });
  }
  return { scores, seconds };
}

/** What scores are kept under: they depend on the weights and on how clips are tracked. */
export async function scoredAs(weights: string, tracker: Site["tracker"]): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([await sha256(weights), tracker]));
  return hash.digest("hex").slice(0, 16);
}
