/** @file Scores of weights in trials without labels; those that were kept are not measured again. */
import { counted } from "../../core/counted.ts";
import type { KeptScores } from "../../site/adapt/adaptFile.ts";
import { type Trial, trialKey, type TrialScore } from "../../site/adapt/judge.ts";
import type { Trials } from "../../site/adapt/trials.ts";
import type { Site } from "../../site/siteFile.ts";
import type { RunContext } from "../task.ts";
import { openTrialSetup } from "./trialSetup.ts";

/** What is scored, and how. */
export interface Scored {
  /** In progress lines. */
  readonly name: string;
  /** Their path. */
  readonly weights: string;
  /** Of the weights and of how clips are tracked: the key of kept scores. */
  readonly id: string;
  readonly tracker: Site["tracker"];
  readonly kept: KeptScores;
  readonly trials: Trials;
  /** Which of the trials. */
  readonly asked: readonly Trial[];
}

/**
 * @returns the scores, and how long those that were measured now took
 * @throws UserError of tracking; the signal's reason
 */
export async function scoredTrials(
  { name, weights, id, tracker, kept, trials, asked }: Scored,
  { machine, signal, logger }: RunContext,
): Promise<{ readonly scores: TrialScore[]; readonly seconds: number }> {
  // Trials have small pictures, which nothing is gained from enlarging.
  const { shortSide: _, ...settings } = tracker;
  await using setup = await openTrialSetup(weights, settings, machine);
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
