/** @file What a tracker says of things that are out of sight: seen all the same, found again, hidden though there. */
import Table from "cli-table3";
import { grouped } from "../../core/grouped.ts";
import type { ObjectObservation } from "../confidence/objectObservations.ts";

/** Counts over some clips; every share is 0..1, NaN where there is nothing to count. */
export interface AbsenceScore {
  /** Objects and frames in which nothing of the object is in the picture, and the share reported as visible. */
  readonly absent: number;
  readonly falseVisible: number;
  /** Times that an object comes back, and the share found within `FOUND_WITHIN` frames. */
  readonly returns: number;
  readonly foundAgain: number;
  /** Objects and frames in which at least half of it is in the picture, and the share reported as not visible. */
  readonly present: number;
  readonly hidden: number;
  /** Mean IoU of those, hidden ones as 0. */
  readonly iou: number;
  /** Share of all objects and frames with a mask that lies elsewhere and a confidence of 0.9 or more. */
  readonly surelyWrong: number;
}

/** An object is found again if it is visible with an IoU of `RIGHT` within so many frames. */
const FOUND_WITHIN = 10;
const RIGHT = 0.5;
/** It is away after so many frames without it, and there with this share of its area in the first observed frame. */
const AWAY_FRAMES = 3;
const THERE = 0.5;
/** A mask with less IoU lies elsewhere. */
const ELSEWHERE = 0.1;
const SURE = 0.9;

/** One object in the frames of one clip, in order. */
type Track = readonly ObjectObservation[];

/** Scores observations of any number of clips. */
export function absenceScore(observations: readonly ObjectObservation[]): AbsenceScore {
  const tracks = tracksOf(observations);
  const absent = observations.filter(({ trueArea }) => trueArea === 0);
  const returns = tracks.flatMap((track) => returnsOf(track).map((at) => track.slice(at, at + FOUND_WITHIN + 1)));
  const present = tracks.flatMap(presentIn);
  const wrong = observations.filter(({ visible, confidence, iou }) => visible && confidence >= SURE && iou < ELSEWHERE);
  return {
    absent: absent.length,
    falseVisible: share(absent, ({ visible }) => visible),
    returns: returns.length,
    foundAgain: share(returns, (frames) => frames.some(({ visible, iou }) => visible && iou >= RIGHT)),
    present: present.length,
    hidden: share(present, ({ visible }) => !visible),
    iou: present.reduce((sum, { visible, iou }) => sum + (visible ? iou : 0), 0) / present.length,
    surelyWrong: wrong.length / observations.length,
  };
}

/** Scores as a table for the terminal. */
export function absenceTable(scores: Readonly<Record<string, AbsenceScore>>): string {
  const head = ["absence", "frames away", "seen", "returns", "found", "frames there", "hidden", "IoU", "sure, wrong"];
  const table = new Table({
    head,
    colAligns: head.map((_, column) => (column === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  for (const [name, score] of Object.entries(scores)) {
    const { absent, falseVisible, returns, foundAgain, present, hidden, iou, surelyWrong } = score;
    table.push([
      name,
      String(absent),
      percent(falseVisible),
      String(returns),
      percent(foundAgain),
      String(present),
      percent(hidden),
      Number.isNaN(iou) ? "" : iou.toFixed(3),
      percent(surelyWrong),
    ]);
  }
  return table.toString();
}

function percent(value: number): string {
  return Number.isNaN(value) ? "" : `${(100 * value).toFixed(1)} %`;
}

function share<T>(all: readonly T[], is: (one: T) => boolean): number {
  return all.filter(is).length / all.length;
}

function tracksOf(observations: readonly ObjectObservation[]): Track[] {
  const tracks = grouped(observations, ({ sequence, id }) => `${sequence} ${id}`);
  return [...tracks.values()].map((track) => track.toSorted((a, b) => a.frame - b.frame));
}

/** Where at least `THERE` of it is back after it was away. */
function returnsOf(track: Track): number[] {
  const out: number[] = [];
  let away = 0;
  let isAway = false;
  for (const [at, { trueArea }] of track.entries()) {
    away = trueArea === 0 ? away + 1 : 0;
    isAway ||= away >= AWAY_FRAMES;
    if (!isAway || trueArea < THERE * track[0].trueArea) continue;
    isAway = false;
    if (at + FOUND_WITHIN < track.length) out.push(at);
  }
  return out;
}

/** Frames that have it, but not those in which it may still be looked for. */
function presentIn(track: Track): ObjectObservation[] {
  let since = Number.POSITIVE_INFINITY;
  return track.filter(({ trueArea }) => {
    since = trueArea === 0 ? 0 : since + 1;
    return trueArea >= THERE * track[0].trueArea && trueArea > 0 && since > 2 * FOUND_WITHIN;
  });
}
