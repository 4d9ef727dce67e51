/** @file A score of weights without labels, to be watched while they are learned: a grid is carried forward and back. */
import { basename, resolve } from "node:path";
import type { EncoderWeights } from "../../method/encoderWeights.ts";
import { openEncoder } from "../../method/node/openEncoder.ts";
import { meanOf } from "../../metrics/statistics.ts";
import { Trials } from "../../site/adapt/trials.ts";
import type { Score } from "../../training/observers/scores.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { settingsOf, TRIAL_SIDE } from "../site/trialSetup.ts";
import type { RunContext } from "../task.ts";
import { modeOf, protocolOf } from "./protocol.ts";

/** Of a clip, the first ones: so that a score takes seconds. */
const FRAMES = 24;

/**
 * The mean over clips of the cycle score (0..1, see `cycleScore`) with the usual settings of tracking.
 * @param clips their paths
 * @throws UserError those of the sources; the signal's reason
 */
export async function unlabelledScore(clips: readonly string[], context: RunContext): Promise<Score> {
  const stretches = await Promise.all(
    clips.map(async (given) => {
      const path = resolve(given);
      await using source = await openFrameSource(path);
      return { clip: basename(path), path, start: 0, end: Math.min(FRAMES, source.frameCount) };
    }),
  );
  const trials = await Trials.read(stretches, { shortSide: TRIAL_SIDE, seed: 1 }, context);
  return async (weights) => meanOf(await each(stretches, (_, stretch) => cycleOf(weights, trials, stretch, context)));
}

/** The cycle score of weights on one of the trials' stretches. @throws UserError those of tracking; the signal's reason */
export async function cycleOf(
  weights: EncoderWeights,
  trials: Trials,
  stretch: number,
  { machine, signal }: RunContext,
): Promise<number> {
  const settings = settingsOf({});
  await using encoder = await openEncoder({ weights, ...machine });
  const setup = { encoder, protocol: protocolOf(settings), mode: modeOf(settings), threads: machine.threads };
  return (await trials.run({ stretch, kind: "cycle" }, setup, signal)).score;
}

/** One after the other: each takes all cores. */
async function each<One, Result>(
  all: readonly One[],
  act: (one: One, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [i, one] of all.entries()) results.push(await act(one, i));
  return results;
}
