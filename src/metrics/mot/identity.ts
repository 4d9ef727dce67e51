/**
 * @file The identity scores (Ristani et al., "Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking",
 * 2016): each thing is given one track for the whole clip, so that as many frames as possible agree. As in TrackEval's
 * `identity.py`.
 */
import { assign } from "../../core/assignment.ts";
import { addedUp, LIMIT, type MotSequence, sum } from "./sequence.ts";

/** What adds up over clips; things and tracks in frames. */
export interface IdentitySums {
  readonly found: number;
  readonly missed: number;
  readonly wrong: number;
}

/** The sums and the scores, 0..1. */
export interface IdentityScore extends IdentitySums {
  /** The harmonic mean of the other two. */
  readonly idf1: number;
  readonly idp: number;
  readonly idr: number;
}

/** The sums of a clip. */
export function identitySums({ truthCount, trackCount, frames }: MotSequence): IdentitySums {
  const common = new Float64Array(truthCount * trackCount);
  for (const { truth, tracks, similarity } of frames)
    for (const [at, value] of similarity.entries())
      if (value >= LIMIT) common[truth[Math.floor(at / tracks.length)] * trackCount + tracks[at % tracks.length]]++;
  // What is wrong and what is missed both fall by one with each frame in common: the fewest errors have the most of these.
  const pairs = assign({ rows: truthCount, columns: trackCount, gains: common });
  const found = sum(pairs.map(([thing, track]) => common[thing * trackCount + track]));
  return {
    found,
    missed: sum(frames.map(({ truth }) => truth.length)) - found,
    wrong: sum(frames.map(({ tracks }) => tracks.length)) - found,
  };
}

/** The scores of clips together. */
export function identityScore(clips: readonly IdentitySums[]): IdentityScore {
  const sums = addedUp(clips);
  const { found, missed, wrong } = sums;
  return {
    ...sums,
    idf1: found / Math.max(1, found + 0.5 * wrong + 0.5 * missed),
    idp: found / Math.max(1, found + wrong),
    idr: found / Math.max(1, found + missed),
  };
}
