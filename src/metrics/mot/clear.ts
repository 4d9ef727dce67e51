/**
 * @file The CLEAR scores (Bernardin and Stiefelhagen, "Evaluating Multiple Object Tracking Performance", 2008): MOTA, MOTP,
 * switches of identity, fragments, and how many things are mostly tracked or lost. As in TrackEval's `clear.py`.
 */
import { assign } from "../../core/assignment.ts";
import { addedUp, EPSILON, LIMIT, type MotFrame, type MotSequence, occurrences } from "./sequence.ts";

/** What adds up over clips. */
export interface ClearSums {
  readonly found: number;
  readonly missed: number;
  readonly wrong: number;
  /** Times that a thing was found by another track than when it was last found. */
  readonly idSwitches: number;
  /** Times that a thing was found again after it had been lost. */
  readonly fragments: number;
  /** Things found in more than 80 % of their frames, in 20 % to 80 %, in fewer. */
  readonly mostlyTracked: number;
  readonly partlyTracked: number;
  readonly mostlyLost: number;
  /** Overlaps of what was found. */
  readonly overlap: number;
}

/** The sums and the scores. */
export interface ClearScore extends ClearSums {
  /** 1 − (missed + wrong + switches) / true things in all frames; below 0 where tracks are mostly wrong. */
  readonly mota: number;
  /** Mean overlap of what was found, 0..1; 0 where nothing was. */
  readonly motp: number;
  readonly recall: number;
  readonly precision: number;
}

/** The sums of a clip. */
export function clearSums({ truthCount, frames }: MotSequence): ClearSums {
  const follower = new Follower(truthCount);
  for (const frame of frames) follower.follow(frame);
  const present = occurrences(
    truthCount,
    frames.map(({ truth }) => truth),
  );
  return follower.sums(present);
}

const MOSTLY_TRACKED = 0.8;
const MOSTLY_LOST = 0.2;
/** What a pair gains by having been one in the frame before: more than overlap ever can. */
const SAME_AS_BEFORE = 1000;
const NOBODY = -1;

/** Goes through a clip, pairing things first with the track that they had, then by overlap. */
class Follower {
  /** By thing: the track that last found it, ever, and in the latest frame with both things and tracks. */
  private readonly latest: Int32Array;
  private before: Int32Array;
  private readonly hits: Float64Array;
  /** By thing: how often it began to be found. */
  private readonly beginnings: Float64Array;
  private found = 0;
  private missed = 0;
  private wrong = 0;
  private idSwitches = 0;
  private overlap = 0;

  constructor(truthCount: number) {
    this.latest = new Int32Array(truthCount).fill(NOBODY);
    this.before = new Int32Array(truthCount).fill(NOBODY);
    this.hits = new Float64Array(truthCount);
    this.beginnings = new Float64Array(truthCount);
  }

  follow(frame: MotFrame): void {
    const { truth, tracks, similarity } = frame;
    const pairs = this.pairsOf(frame);
    this.found += pairs.length;
    this.missed += truth.length - pairs.length;
    this.wrong += tracks.length - pairs.length;
    // As in the official code, a frame without things or without tracks does not break what went before.
    if (truth.length === 0 || tracks.length === 0) return;
    const now = new Int32Array(this.before.length).fill(NOBODY);
    for (const [i, j] of pairs) {
      const [thing, track] = [truth[i], tracks[j]];
      if (this.latest[thing] !== NOBODY && this.latest[thing] !== track) this.idSwitches++;
      if (this.before[thing] === NOBODY) this.beginnings[thing]++;
      this.hits[thing]++;
      this.overlap += similarity[i * tracks.length + j];
      this.latest[thing] = track;
      now[thing] = track;
    }
    this.before = now;
  }

  private pairsOf({ truth, tracks, similarity }: MotFrame) {
    const gains = similarity.map((value, at) => {
      if (value < LIMIT - EPSILON) return 0;
      const [i, j] = [Math.floor(at / tracks.length), at % tracks.length];
      return value + (this.before[truth[i]] === tracks[j] ? SAME_AS_BEFORE : 0);
    });
    const pairs = assign({ rows: truth.length, columns: tracks.length, gains });
    return pairs.filter(([i, j]) => gains[i * tracks.length + j] > EPSILON);
  }

  /** @param present in how many frames each thing is. */
  sums(present: Float64Array): ClearSums {
    const shares = [...this.hits].map((hits, thing) => hits / present[thing]);
    const mostlyTracked = shares.filter((share) => share > MOSTLY_TRACKED).length;
    const mostlyLost = shares.filter((share) => !(share >= MOSTLY_LOST)).length;
    const { found, missed, wrong, idSwitches, overlap } = this;
    return {
      found,
      missed,
      wrong,
      idSwitches,
      fragments: this.beginnings.reduce((all, times) => all + Math.max(0, times - 1), 0),
      mostlyTracked,
      partlyTracked: shares.length - mostlyTracked - mostlyLost,
      mostlyLost,
      overlap,
    };
  }
}

/** The scores of clips together. Without any true thing, `mota` is minus the number of wrong ones. */
export function clearScore(clips: readonly ClearSums[]): ClearScore {
  const sums = addedUp(clips);
  const { found, missed, wrong, idSwitches, overlap } = sums;
  const truths = Math.max(1, found + missed);
  return {
    ...sums,
    mota: (found - wrong - idSwitches) / truths,
    motp: overlap / Math.max(1, found),
    recall: found / truths,
    precision: found / Math.max(1, found + wrong),
  };
}
