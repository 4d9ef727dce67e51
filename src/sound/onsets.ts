/**
 * @file Where sound begins: the rise of all bands together, as in SuperFlux (Böck and Widmer 2013), and its peaks above what
 * is usual around them.
 */
import { median } from "../core/median.ts";
import { BANDS } from "./bands.ts";
import { HOP_SEC } from "./spectra.ts";

/** How many hops back the level is compared: a window is longer than a hop, so that a rise takes several. */
const LAG = 2;
/** A rise below this level is none: the noise of a microphone in a silent room, dB. */
const AUDIBLE_DB = -75;

/** The mean rise of the bands against the loudest of their neighbours two hops ago, dB, hop by hop. */
export class Rise {
  private readonly past: Float64Array[] = [];

  /** @param levels of the bands, dB, `[BANDS]` */
  next(levels: Float64Array): number {
    const heard = levels.map((level) => Math.max(level, AUDIBLE_DB));
    const before = this.past.length < LAG ? undefined : this.past.shift();
    this.past.push(heard);
    if (before === undefined) return 0;
    let sum = 0;
    for (let band = 0; band < BANDS; band++) {
      const most = Math.max(before[Math.max(0, band - 1)], before[band], before[Math.min(BANDS - 1, band + 1)]);
      sum += Math.max(0, heard[band] - most);
    }
    return sum / BANDS;
  }
}

/** A sudden sound. */
export interface Onset {
  readonly hop: number;
  /** The rise above what is usual around it, dB. */
  readonly strength: number;
  /** What it has to be, at least. */
  readonly needed: number;
}

/** What is usual is taken from so much sound on both sides. */
const AROUND = Math.round(0.75 / HOP_SEC);
/** Two onsets are at least this far apart. */
const APART = Math.round(0.08 / HOP_SEC);
/** A rise stands out when it exceeds the median by so many times the usual deviation (of a normal distribution), and by so much. */
const DEVIATIONS = 7;
const LEAST_DB = 2;

/** The peaks. @param rises as of `Rise`, a value for each hop */
export function onsetsOf(rises: ArrayLike<number>): Onset[] {
  const found: Onset[] = [];
  for (let hop = 0; hop < rises.length; hop++) {
    if (rises[hop] < LEAST_DB || !isPeak(rises, hop)) continue;
    const { level, deviation } = usual(rises, hop);
    const strength = rises[hop] - level;
    const needed = Math.max(LEAST_DB, DEVIATIONS * deviation);
    if (strength >= needed) found.push({ hop, strength, needed });
  }
  return found;
}

/** Whether no value nearby is larger; of equal ones the first is the peak. */
function isPeak(rises: ArrayLike<number>, hop: number): boolean {
  for (let i = Math.max(0, hop - APART); i <= Math.min(rises.length - 1, hop + APART); i++)
    if (rises[i] > rises[hop] || (i < hop && rises[i] === rises[hop])) return false;
  return true;
}

/** 1 / Φ⁻¹(3/4): the deviation of normal values as a multiple of their median absolute deviation. */
const NORMAL = 1.4826;

function usual(rises: ArrayLike<number>, hop: number): { level: number; deviation: number } {
  const near: number[] = [];
  for (let i = Math.max(0, hop - AROUND); i <= Math.min(rises.length - 1, hop + AROUND); i++) near.push(rises[i]);
  const level = median(near);
  return { level, deviation: NORMAL * median(near.map((value) => Math.abs(value - level))) };
}
