/** @file The cues there are. A new one is a file with its `Cue`, and a line here. */
import type { Cue } from "./cue.ts";
import type { EncoderWeights } from "./encoderWeights.ts";
import { type MotionCueOptions, openMotionCue } from "./motionCue.ts";

/** What a user can say about the cues. */
export type CueOptions = MotionCueOptions;

const openers: readonly ((weights: EncoderWeights, options: CueOptions) => Cue | undefined)[] = [openMotionCue];

/**
 * The cues that weights were learned with; the caller disposes of them.
 * @throws UserError `weights/notes`
 */
export function openCues(weights: EncoderWeights, options: CueOptions = {}): Cue[] {
  return openers.flatMap((open) => open(weights, options) ?? []);
}
