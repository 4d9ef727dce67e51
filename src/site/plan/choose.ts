/** @file Chooses the frames of a plan: what the verdict is measured on by lot, what is tuned on by coverage. */
import { Random } from "../../core/random.ts";
import { kMeans } from "../../kernels/kMeans.ts";
import type { ClipLook } from "./look.ts";
import { DESCRIPTOR, descriptorsOf } from "./look.ts";
import { type Passage, seedOf } from "./passages.ts";
import type { PlannedPassage, Split } from "./planFile.ts";

/**
 * Adds passages to a split until it has so many, and verdict frames until each passage has its number. What the split
 * has stays as it is: frames of the verdict are never exchanged.
 * @param ordered by `drawnOrder`
 */
export function drawVerdict(
  split: Split,
  ordered: readonly Passage[],
  { passages, perPassage }: { readonly passages: number; readonly perPassage: number },
  seed: number,
): Split {
  const added = freshPassages(split, ordered).slice(0, Math.max(0, passages - split.passages.length));
  const all: PlannedPassage[] = [...split.passages, ...added.map((one) => ({ ...one, verdict: [], tuning: [] }))];
  return { ...split, passages: all.map((passage) => withVerdict(passage, perPassage, seed)) };
}

/** Those that can still be added to a split: they share no frame with its own. */
export function freshPassages(split: Split, all: readonly Passage[]): Passage[] {
  const isTaken = (one: Passage): boolean =>
    split.passages.some(({ clip, start, end }) => clip === one.clip && start < one.end && one.start < end);
  return all.filter((one) => !isTaken(one));
}

/** Frames by lot, any but the first and those for tuning, until there are so many. */
function withVerdict(passage: PlannedPassage, wanted: number, seed: number): PlannedPassage {
  const { start, end, verdict, tuning, key } = passage;
  const random = new Random(seedOf(seed, `${key} verdict`));
  const all = Array.from({ length: end - start - 1 }, (_, i) => start + 1 + i);
  // Drawn from all frames each time, so that more frames are those of before and others.
  const order = all.map((frame) => ({ frame, at: random.next() })).sort((a, b) => a.at - b.at);
  const free = order.map(({ frame }) => frame).filter((frame) => !verdict.includes(frame) && !tuning.includes(frame));
  const added = free.slice(0, Math.max(0, wanted - verdict.length));
  return { ...passage, verdict: [...verdict, ...added].sort((a, b) => a - b) };
}

/**
 * Adds frames for tuning: the described frames of the split's passages are clustered, and the one nearest to each
 * centre is taken; first frames and those of the verdict are not.
 * @param looks by clip
 */
export function coverTuning(split: Split, looks: ReadonlyMap<string, ClipLook>, wanted: number, seed: number): Split {
  const there = split.passages.reduce((sum, { tuning }) => sum + tuning.length, 0);
  const candidates = split.passages.flatMap((passage) => candidatesIn(passage, looks.get(passage.clip)));
  const count = Math.min(255, wanted - there, candidates.length);
  if (count < 1) return split;
  const chosen = nearestToCentres(candidates, count, seed);
  const passages = split.passages.map((passage) => {
    const own = chosen.filter(({ key }) => key === passage.key).map(({ frame }) => frame);
    return { ...passage, tuning: [...passage.tuning, ...own].sort((a, b) => a - b) };
  });
  return { ...split, passages };
}

interface Candidate {
  readonly key: string;
  readonly frame: number;
  readonly descriptor: Uint8Array;
}

function candidatesIn({ key, start, end, verdict, tuning }: PlannedPassage, look: ClipLook | undefined): Candidate[] {
  if (look === undefined) return [];
  const descriptors = descriptorsOf(look);
  return look.described.flatMap((frame, i) => {
    const isFree = frame > start && frame < end && !verdict.includes(frame) && !tuning.includes(frame);
    return isFree ? [{ key, frame, descriptor: descriptors[i] }] : [];
  });
}

/** One candidate of each cluster. */
function nearestToCentres(candidates: readonly Candidate[], clusters: number, seed: number): Candidate[] {
  const points = new Float32Array(DESCRIPTOR * candidates.length);
  candidates.forEach(({ descriptor }, i) => {
    for (let d = 0; d < DESCRIPTOR; d++) points[d * candidates.length + i] = descriptor[d];
  });
  const { labels, centres, count } = kMeans(points, DESCRIPTOR, { clusters, seed, maxSteps: 50 });
  const away = ({ descriptor }: Candidate, cluster: number): number =>
    descriptor.reduce((sum, value, d) => sum + (value - centres[cluster * DESCRIPTOR + d]) ** 2, 0);
  const chosen: Candidate[] = [];
  for (let cluster = 0; cluster < count; cluster++) {
    const own = candidates.filter((_, i) => labels[i] === cluster);
    // Spread over passages first: each passage with one is a passage in which a correction can be measured.
    const taken = ({ key }: Candidate): number => chosen.filter((one) => one.key === key).length;
    const least = Math.min(...own.map(taken));
    const free = own.filter((one) => taken(one) === least);
    chosen.push(free.reduce((best, one) => (away(one, cluster) < away(best, cluster) ? one : best)));
  }
  return chosen;
}
