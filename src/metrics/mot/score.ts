/** @file All scores of several tracked things, of a clip and of clips together. */
import { type ClearScore, clearScore, type ClearSums, clearSums } from "./clear.ts";
import { type HotaScore, hotaScore, type HotaSums, hotaSums } from "./hota.ts";
import { type IdentityScore, identityScore, type IdentitySums, identitySums } from "./identity.ts";
import { addedUp, type MotSequence, sum } from "./sequence.ts";

/** How many things there are, and how many tracks. */
export interface CountSums {
  /** Different true things. */
  readonly things: number;
  readonly tracks: number;
  readonly frames: number;
  /** Over all frames: the difference between the numbers of things and tracks in it. */
  readonly differences: number;
}

/** The sums and the errors. */
export interface CountScore extends CountSums {
  /** Tracks less things; of several clips, the sum without signs, so that errors do not cancel. */
  readonly error: number;
  /** Mean difference in a frame. */
  readonly perFrame: number;
}

/** What adds up over clips. */
export interface MotSums {
  readonly hota: readonly HotaSums[];
  readonly clear: ClearSums;
  readonly identity: IdentitySums;
  readonly count: CountSums;
}

/** All scores. */
export interface MotScore {
  readonly hota: HotaScore;
  readonly clear: ClearScore;
  readonly identity: IdentityScore;
  readonly count: CountScore;
}

/** The sums of a clip. */
export function motSums(sequence: MotSequence): MotSums {
  return {
    hota: hotaSums(sequence),
    clear: clearSums(sequence),
    identity: identitySums(sequence),
    count: {
      things: sequence.truthCount,
      tracks: sequence.trackCount,
      frames: sequence.frames.length,
      differences: sum(sequence.frames.map(({ truth, tracks }) => Math.abs(truth.length - tracks.length))),
    },
  };
}

/** The scores of clips together, at least one: found things, not clips, have equal weight. */
export function motScore(clips: readonly MotSums[]): MotScore {
  return {
    hota: hotaScore(clips.map(({ hota }) => hota)),
    clear: clearScore(clips.map(({ clear }) => clear)),
    identity: identityScore(clips.map(({ identity }) => identity)),
    count: countScore(clips.map(({ count }) => count)),
  };
}

function countScore(clips: readonly CountSums[]): CountScore {
  const sums = addedUp(clips);
  const errors = clips.map(({ things, tracks }) => tracks - things);
  const error = errors.length === 1 ? errors[0] : sum(errors.map(Math.abs));
  return { ...sums, error, perFrame: sums.differences / Math.max(1, sums.frames) };
}
