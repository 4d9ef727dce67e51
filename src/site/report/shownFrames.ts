/** @file Which verdict frames a report shows: the best, the median and the worst. */
import type { Observation } from "../observations.ts";
import { frameScores } from "../scores.ts";

/** A verdict frame with its score. */
export interface RankedFrame {
  readonly passage: string;
  readonly frame: number;
  /** IoU. */
  readonly score: number;
}

/** A frame of the report. */
export interface ShownFrame extends RankedFrame {
  readonly kind: "best" | "median" | "worst";
  /** Key of the clip. */
  readonly clip: string;
}

/** Frames shown as the worst, of different passages. */
const WORST = 4;

/** Verdict frames from the best to the worst, by the metric of masks. */
export function rankedFrames(observations: readonly Observation[]): RankedFrame[] {
  const scores = [...frameScores(observations, { kind: "iou" })];
  return scores
    .flatMap(([passage, frames]) => [...frames].map(([frame, score]) => ({ passage, frame, score })))
    .sort((a, b) => b.score - a.score);
}

/** The best, the median, and the worst of different passages. */
export function chosen(ranked: readonly RankedFrame[]): (RankedFrame & Pick<ShownFrame, "kind">)[] {
  if (ranked.length === 0) return [];
  const seen = new Set<string>();
  const worst = ranked.toReversed().filter(({ passage }) => !seen.has(passage) && seen.add(passage));
  const shown = [
    { ...ranked[0], kind: "best" as const },
    { ...ranked[ranked.length >> 1], kind: "median" as const },
    ...worst.slice(0, WORST).map((one) => ({ ...one, kind: "worst" as const })),
  ];
  const keyOf = ({ passage, frame }: RankedFrame): string => `${passage} ${frame}`;
  return shown.filter((one, i) => shown.findIndex((other) => keyOf(other) === keyOf(one)) === i);
}

/** Those of the observations, each with its clip. */
export function shownFrames(observations: readonly Observation[]): ShownFrame[] {
  const clips = new Map(observations.map(({ passage, clip }) => [passage, clip]));
  return chosen(rankedFrames(observations)).map((one) => ({ ...one, clip: clips.get(one.passage) ?? "" }));
}
