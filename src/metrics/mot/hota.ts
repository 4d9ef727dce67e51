/**
 * @file HOTA (Luiten et al., "HOTA: A Higher Order Metric for Evaluating Multi-Object Tracking", IJCV 2021): the geometric
 * mean of how well things are found (DetA) and how well they are told apart over time (AssA), averaged over how exactly
 * they must be found (α = 0.05, 0.10, …, 0.95). As in TrackEval's `hota.py`.
 */
import { assign } from "../../core/assignment.ts";
import { addedUp, EPSILON, type MotFrame, type MotSequence, occurrences, sum } from "./sequence.ts";

/** The overlaps from which on a pair counts as found; made as NumPy makes them, to the last bit. */
export const ALPHAS: readonly number[] = Array.from({ length: 19 }, (_, i) => 0.05 + i * 0.05);

/** What adds up over clips, at one α. */
export interface HotaSums {
  readonly found: number;
  readonly missed: number;
  readonly wrong: number;
  /** Overlaps of what was found. */
  readonly overlap: number;
  /** Over what was found: the association accuracy, recall and precision of its pair. */
  readonly accuracy: number;
  readonly recall: number;
  readonly precision: number;
}

const HOTA_NAMES = ["hota", "detA", "detRe", "detPr", "assA", "assRe", "assPr", "locA"] as const;

/**
 * 0..1. `detA`, `detRe`, `detPr`: detection accuracy, recall, precision; `assA`, `assRe`, `assPr`: the same of
 * association; `locA`: mean overlap of what was found, 1 where nothing was.
 */
type HotaNumbers<Value> = Readonly<Record<(typeof HOTA_NAMES)[number], Value>>;

/** The means over α, and the values at each of `ALPHAS`. */
export interface HotaScore extends HotaNumbers<number> {
  readonly perAlpha: HotaNumbers<readonly number[]>;
}

/** A pair of a frame, by the indices in the sequence. */
interface Match {
  readonly truth: number;
  readonly track: number;
  readonly similarity: number;
}

/** The sums of a clip, by α. */
export function hotaSums(sequence: MotSequence): HotaSums[] {
  const lengths = lengthsIn(sequence);
  const alignment = alignments(sequence, lengths);
  const matches = sequence.frames.flatMap((frame) => bestMatches(frame, alignment, sequence.trackCount));
  const [truths, tracks] = [sum(lengths.truth), sum(lengths.tracks)];
  return ALPHAS.map((alpha) => {
    const found = matches.filter(({ similarity }) => similarity >= alpha - EPSILON);
    return {
      found: found.length,
      missed: truths - found.length,
      wrong: tracks - found.length,
      overlap: sum(found.map(({ similarity }) => similarity)),
      ...associations(found, lengths),
    };
  });
}

/** In how many frames each thing and each track is. */
interface Lengths {
  readonly truth: Float64Array;
  readonly tracks: Float64Array;
}

function lengthsIn({ truthCount, trackCount, frames }: MotSequence): Lengths {
  return {
    truth: occurrences(
      truthCount,
      frames.map(({ truth }) => truth),
    ),
    tracks: occurrences(
      trackCount,
      frames.map(({ tracks }) => tracks),
    ),
  };
}

/** `[truth, tracks]`: how well each thing goes with each track over the whole clip, before any are paired. */
function alignments({ truthCount, trackCount, frames }: MotSequence, lengths: Lengths): Float64Array {
  const potential = new Float64Array(truthCount * trackCount);
  for (const frame of frames) {
    const { truth, tracks } = frame;
    const shares = sharesOf(frame);
    for (const [i, thing] of truth.entries())
      for (const [j, track] of tracks.entries()) potential[thing * trackCount + track] += shares[i * tracks.length + j];
  }
  return potential.map(
    (common, at) => common / (lengths.truth[Math.floor(at / trackCount)] + lengths.tracks[at % trackCount] - common),
  );
}

/** Each overlap as a share of all overlaps that its thing and its track have in the frame. */
function sharesOf({ truth, tracks, similarity }: MotFrame): Float64Array {
  const ofTruth = new Float64Array(truth.length);
  const ofTracks = new Float64Array(tracks.length);
  for (const [at, value] of similarity.entries()) {
    ofTruth[Math.floor(at / tracks.length)] += value;
    ofTracks[at % tracks.length] += value;
  }
  return similarity.map((value, at) => {
    const all = ofTracks[at % tracks.length] + ofTruth[Math.floor(at / tracks.length)] - value;
    return all > EPSILON ? value / all : 0;
  });
}

/** The pairs of a frame that make the most of overlap and alignment. */
function bestMatches({ truth, tracks, similarity }: MotFrame, alignment: Float64Array, trackCount: number): Match[] {
  const gains = similarity.map((value, at) => {
    const [i, j] = [Math.floor(at / tracks.length), at % tracks.length];
    return value * alignment[truth[i] * trackCount + tracks[j]];
  });
  return assign({ rows: truth.length, columns: tracks.length, gains }).map(([i, j]) => ({
    truth: truth[i],
    track: tracks[j],
    similarity: similarity[i * tracks.length + j],
  }));
}

function associations(found: readonly Match[], { truth, tracks }: Lengths) {
  const counts = new Map<number, number>();
  for (const match of found) {
    const key = match.truth * tracks.length + match.track;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  let [accuracy, recall, precision] = [0, 0, 0];
  for (const [key, count] of counts) {
    const [ofTruth, ofTrack] = [truth[Math.floor(key / tracks.length)], tracks[key % tracks.length]];
    accuracy += count * (count / (ofTruth + ofTrack - count));
    recall += count * (count / ofTruth);
    precision += count * (count / ofTrack);
  }
  return { accuracy, recall, precision };
}

/** The scores of clips together, from their sums by α. */
export function hotaScore(clips: readonly (readonly HotaSums[])[]): HotaScore {
  const scores = ALPHAS.map((_, i) => scoreAt(addedUp(clips.map((sums) => sums[i]))));
  const perAlpha = numbersOf((name) => scores.map((one) => one[name]));
  return { ...numbersOf((name) => sum(perAlpha[name]) / ALPHAS.length), perAlpha };
}

function numbersOf<Value>(of: (name: keyof HotaNumbers<Value>) => Value): HotaNumbers<Value> {
  return Object.fromEntries(HOTA_NAMES.map((name) => [name, of(name)])) as HotaNumbers<Value>;
}

/** Where the official code divides by nothing, it takes this instead, so that 0 / 0 becomes 1. */
const NEXT_TO_NOTHING = 1e-10;

function scoreAt({ found, missed, wrong, overlap, accuracy, recall, precision }: HotaSums): HotaNumbers<number> {
  const detA = found / Math.max(1, found + missed + wrong);
  const assA = accuracy / Math.max(1, found);
  return {
    hota: Math.sqrt(detA * assA),
    detA,
    detRe: found / Math.max(1, found + missed),
    detPr: found / Math.max(1, found + wrong),
    assA,
    assRe: recall / Math.max(1, found),
    assPr: precision / Math.max(1, found),
    locA: Math.max(NEXT_TO_NOTHING, overlap) / Math.max(NEXT_TO_NOTHING, found),
  };
}
