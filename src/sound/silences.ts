/** @file Stretches that are much quieter than the sound usually is: a machine that stands still. */
import { HOP_SEC } from "./spectra.ts";

/** A stretch, hops from 0. */
export interface Silence {
  readonly begin: number;
  /** One past its last hop. */
  readonly end: number;
  /** How far its level lies below the usual one, dB, mean. */
  readonly depth: number;
}

/** Levels are means over this much sound. */
const SMOOTHED = Math.round(0.2 / HOP_SEC);
/** What is usual: the level that this share of the sound does not exceed. */
const USUAL_SHARE = 0.7;
/** So far below is silent, and silence lasts until it is only so far below. */
export const SILENT_DB = 10;
const SOUNDING_DB = 7;
/** Nothing is quieter than this in a recording of anything: the microphone is off, or muted. */
const DEAD_DB = -80;
/** A silence lasts at least this long. */
export const LEAST_SILENCE_SEC = 1;

/** @param levels of the whole sound, dB, a value for each hop */
export function silencesOf(levels: ArrayLike<number>): Silence[] {
  const smooth = smoothed(levels);
  const usual = smooth.toSorted()[Math.floor(USUAL_SHARE * (smooth.length - 1))] ?? 0;
  const found: Silence[] = [];
  let begin = -1;
  for (let hop = 0; hop <= smooth.length; hop++) {
    const level = smooth[hop] ?? Infinity;
    if (begin < 0 && isSilent(level, usual, SILENT_DB)) begin = hop;
    if (begin < 0 || isSilent(level, usual, SOUNDING_DB)) continue;
    if ((hop - begin) * HOP_SEC >= LEAST_SILENCE_SEC)
      found.push({ begin, end: hop, depth: Math.max(SILENT_DB, usual - mean(smooth.subarray(begin, hop))) });
    begin = -1;
  }
  return found;
}

const isSilent = (level: number, usual: number, below: number): boolean => level < Math.max(usual - below, DEAD_DB);

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean power around each hop, dB. */
function smoothed(levels: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(levels.length + 1);
  for (let hop = 0; hop < levels.length; hop++) sums[hop + 1] = sums[hop] + 10 ** (levels[hop] / 10);
  return Float64Array.from({ length: levels.length }, (_, hop) => {
    const [from, to] = [Math.max(0, hop - (SMOOTHED >> 1)), Math.min(levels.length, hop + (SMOOTHED >> 1) + 1)];
    return 10 * Math.log10(Math.max(1e-10, (sums[to] - sums[from]) / (to - from)));
  });
}
