/**
 * @file What a camera usually sees, cell by cell, and what has become of each cell: the same, without its fine detail, or
 * something else. Light does not count: only contrast is compared.
 */
import { median } from "../core/median.ts";
import type { Resumable } from "../core/resumable.ts";
import type { CellPicture } from "./cellPicture.ts";

/** What has become of a cell; `plain` ones never had detail that could be lost. */
export const CELL_STATES = { plain: 0, same: 1, blurred: 2, other: 3 } as const;

/** A cell with less fine detail than this says nothing, grey levels, … */
const LEAST_FINE = 2;
/** … and so does one with less than so many times what noise makes. */
const OVER_NOISE = 1.5;
/** Coarse contrast that tells a place from another, variance of grey levels. */
const LEAST_CONTRAST = 6;
/** Cells whose surroundings correlate so well show what they usually show. */
const SAME = 0.7;
/** With less than this share of its fine detail, at the same contrast, a cell is blurred, … */
const BLURRED = 0.45;
/** … if it is as light as it would be in the light of the picture, within so many grey levels. */
const SAME_LEVEL = 15;
/** Contrast may change by the light, between these factors, … */
const GAIN = { least: 0.15, most: 1.3 } as const;
/** … and where it falls more than the light does, so many times, that is blur. */
const OF_LIGHT = 0.7;
/** The usual view follows the scene with this time constant, once it was averaged over the first looks. */
const FOLLOW_SEC = 30;
/** Of the fine detail, what is there now and then does not count: it grows so many times as slowly as it falls. */
const SLOWER_UP = 0.25;
/** What is seen in a cell may be there in passing: it is known once it was the same at so many looks in a row. */
const PROVEN_LOOKS = 8;
/** What is in a cell for so long is usual there. */
const ADOPT_SEC = 60;
/** Noise beside the mean change of small pictures. */
const OF_CHANGE = 2;

/** What has become of the cells. */
export interface CellsNow {
  /** `[rows, columns]` of `CELL_STATES`. */
  readonly states: Uint8Array;
  /** How many cells have detail. */
  readonly textured: number;
  /** Shares of these, 0..1. */
  readonly blurred: number;
  readonly other: number;
  /** The median share of the fine detail that is left in them, 0..1 or more; and in those that are not `other`. */
  readonly left: number;
  readonly leftInPlace: number;
  /** How bright the picture is beside the usual one, as a factor. */
  readonly light: number;
}

export interface UsualViewState {
  readonly coarse: Float32Array;
  readonly fine: Float32Array;
  readonly otherSec: Float32Array;
  /** Looks in a row at which each cell was the same, until it is known. */
  readonly sameLooks: Uint8Array;
  readonly looks: number;
}

/** Learns the usual view, and compares. */
export class UsualView implements Resumable<UsualViewState | null> {
  private known: UsualViewState | null = null;

  state(): UsualViewState | null {
    const { known } = this;
    if (known === null) return null;
    const { coarse, fine, otherSec, sameLooks, looks } = known;
    const series = { otherSec: otherSec.slice(), sameLooks: sameLooks.slice() };
    return { coarse: coarse.slice(), fine: fine.slice(), ...series, looks };
  }

  resume(state: UsualViewState | null): void {
    this.known = state;
  }

  /** Learns anew from what comes. */
  forget(): void {
    this.known = null;
  }

  /** Undefined while nothing is usual yet. @param change mean change from frame to frame that noise makes, grey levels. */
  compare(now: CellPicture, change: number): CellsNow | undefined {
    const { known } = this;
    if (known === null || known.fine.length !== now.fine.length) return undefined;
    const states = new Uint8Array(now.fine.length);
    const noise = OF_CHANGE * change;
    const [left, inPlace]: [number[], number[]] = [[], []];
    const counts = [0, 0, 0, 0];
    const light = meanOf(now.coarse) / Math.max(1, meanOf(known.coarse));
    for (let cell = 0; cell < states.length; cell++) {
      const usual = withoutNoise(known.fine[cell], noise);
      const surroundings = known.sameLooks[cell] < PROVEN_LOOKS ? undefined : alike(now, known.coarse, cell);
      if (usual < Math.max(LEAST_FINE, OVER_NOISE * noise) || surroundings === undefined) {
        counts[0]++;
        continue;
      }
      const share = withoutNoise(now.fine[cell], noise) / usual;
      left.push(share);
      const { correlation, gain } = surroundings;
      const isSame = correlation >= SAME;
      // In so little light noise would hide its detail.
      const isTold = usual * Math.min(1, gain) >= OVER_NOISE * noise;
      const isBlurred =
        isSame &&
        isTold &&
        share < BLURRED * Math.min(GAIN.most, Math.max(GAIN.least, gain, OF_LIGHT * Math.min(1, light))) &&
        isAsLight(now, known, cell, light);
      states[cell] = isBlurred ? CELL_STATES.blurred : isSame ? CELL_STATES.same : CELL_STATES.other;
      counts[states[cell]]++;
      if (isSame) inPlace.push(share);
    }
    const textured = states.length - counts[0];
    const shareOf = (state: number): number => counts[state] / Math.max(1, textured);
    return {
      states,
      textured,
      blurred: shareOf(CELL_STATES.blurred),
      other: shareOf(CELL_STATES.other),
      left: left.length === 0 ? 1 : median(left),
      leftInPlace: inPlace.length === 0 ? 1 : median(inPlace),
      light,
    };
  }

  /** Takes in what is seen. @param cells what `compare` said of it; undefined at the beginning. */
  learn(now: CellPicture, cells: CellsNow | undefined, sinceSec: number): void {
    if (this.known === null || this.known.fine.length !== now.fine.length) {
      const { coarse, fine } = now;
      const series = { otherSec: new Float32Array(fine.length), sameLooks: new Uint8Array(fine.length) };
      this.known = { coarse: coarse.slice(), fine: fine.slice(), ...series, looks: 1 };
      return;
    }
    const { known } = this;
    const share = Math.max(1 / (known.looks + 1), Math.min(1, sinceSec / FOLLOW_SEC));
    for (let cell = 0; cell < known.fine.length; cell++) {
      if (known.sameLooks[cell] < PROVEN_LOOKS) {
        prove(known, now, cell);
        continue;
      }
      const isOther = cells !== undefined && cells.states[cell] >= CELL_STATES.blurred;
      known.otherSec[cell] = isOther ? known.otherSec[cell] + sinceSec : 0;
      const isAdopted = known.otherSec[cell] >= ADOPT_SEC;
      if (isAdopted) known.otherSec[cell] = 0;
      if (!isOther || isAdopted) mixIn(known, now, cell, isAdopted ? { share: 1, up: 1 } : { share, up: SLOWER_UP });
    }
    this.known = { ...known, looks: known.looks + 1 };
  }
}

function meanOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** @param light of the picture, beside that of the usual view. */
function isAsLight(now: CellPicture, usual: UsualViewState, cell: number, light: number): boolean {
  let sum = 0;
  forCoarse(now, cell, (p) => (sum += now.coarse[p] - light * usual.coarse[p]));
  return Math.abs(sum) / 16 <= SAME_LEVEL;
}

/** Every coarse pixel of a cell. */
function forCoarse({ columns }: CellPicture, cell: number, see: (p: number) => void): void {
  const [left, top] = [4 * (cell % columns), 4 * Math.floor(cell / columns)];
  for (let y = top; y < top + 4; y++) for (let p = y * 4 * columns + left, end = p + 4; p < end; p++) see(p);
}

/** A cell that is not known yet: what is there now takes the place of what is no longer there. */
function prove(known: UsualViewState, now: CellPicture, cell: number): void {
  const { sameLooks, coarse, fine } = known;
  const isSame = (alike(now, coarse, cell)?.correlation ?? 1) >= SAME;
  sameLooks[cell] = isSame ? sameLooks[cell] + 1 : 0;
  // Only the detail that is always there is the cell's own.
  const least = isSame ? Math.min(fine[cell], now.fine[cell]) : now.fine[cell];
  mixIn(known, now, cell, { share: 1 / (sameLooks[cell] + 1), up: 1 });
  fine[cell] = least;
}

/** @param up by what the share is multiplied where fine detail grows. */
function mixIn(
  { coarse, fine }: UsualViewState,
  now: CellPicture,
  cell: number,
  { share, up }: { readonly share: number; readonly up: number },
): void {
  const more = now.fine[cell] - fine[cell];
  fine[cell] += share * (more > 0 ? up : 1) * more;
  forCoarse(now, cell, (p) => (coarse[p] += share * (now.coarse[p] - coarse[p])));
}

/** Noise adds to the steps of what is there as squares do. */
function withoutNoise(fine: number, noise: number): number {
  return Math.sqrt(Math.max(0, fine * fine - noise * noise));
}

/** How a cell and the cells around it compare with before; undefined where nothing was to be seen. */
function alike(
  { columns, rows, coarse }: CellPicture,
  usual: Float32Array,
  cell: number,
): { readonly correlation: number; readonly gain: number } | undefined {
  const [column, row] = [cell % columns, Math.floor(cell / columns)];
  const [left, right] = [4 * Math.max(0, column - 1), 4 * Math.min(columns, column + 2)];
  const [top, bottom] = [4 * Math.max(0, row - 1), 4 * Math.min(rows, row + 2)];
  let [x, y, xx, yy, xy] = [0, 0, 0, 0, 0];
  for (let line = top; line < bottom; line++)
    for (let p = line * 4 * columns + left, end = p + right - left; p < end; p++) {
      const [a, b] = [coarse[p], usual[p]];
      x += a;
      y += b;
      xx += a * a;
      yy += b * b;
      xy += a * b;
    }
  const count = (right - left) * (bottom - top);
  const [varNow, varUsual] = [xx / count - (x / count) ** 2, yy / count - (y / count) ** 2];
  if (varUsual < LEAST_CONTRAST) return undefined;
  if (varNow < 1e-3) return { correlation: 0, gain: 0 };
  const correlation = (xy / count - (x / count) * (y / count)) / Math.sqrt(varNow * varUsual);
  return { correlation, gain: Math.sqrt(varNow / varUsual) };
}
