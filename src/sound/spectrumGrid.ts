/** @file The spectrogram of a whole clip on a grid of bounded size. */
import { BIN_HZ, BINS, decibels } from "./spectra.ts";

/** Levels over time and frequency. */
export interface SpectrumPicture {
  /** Columns of equal time, from `startSec` to `endSec`. */
  readonly width: number;
  /** Rows of equal ratios of frequency, from `HIGHEST_HZ` down to `LOWEST_HZ`. */
  readonly height: number;
  readonly startSec: number;
  readonly endSec: number;
  /** The loudest of each cell, dB, `[height, width]`. */
  readonly levels: Float32Array;
}

export const LOWEST_HZ = 60;
export const HIGHEST_HZ = 8000;
const WIDTH = 1100;
const HEIGHT = 160;

/** Keeps the loudest spectrum of each column. */
export class SpectrumGrid {
  private readonly startSec: number;
  private readonly endSec: number;
  /** `[WIDTH, BINS]` power */
  private readonly loudest = new Float32Array(WIDTH * BINS);
  private readonly heard = new Uint8Array(WIDTH);

  constructor(startSec: number, endSec: number) {
    this.startSec = startSec;
    this.endSec = endSec;
  }

  /** @param power `[BINS]` */
  add(timeSec: number, power: Float64Array): void {
    const column = Math.floor(((timeSec - this.startSec) / (this.endSec - this.startSec)) * WIDTH);
    if (column < 0 || column >= WIDTH) return;
    this.heard[column] = 1;
    for (let bin = 0, at = column * BINS; bin < BINS; bin++, at++)
      if (power[bin] > this.loudest[at]) this.loudest[at] = power[bin];
  }

  picture(): SpectrumPicture {
    const levels = new Float32Array(WIDTH * HEIGHT);
    let last = 0;
    for (let column = 0; column < WIDTH; column++) {
      // A short clip has fewer spectra than columns: each is shown until the next.
      if (this.heard[column] === 1) last = column;
      for (let row = 0; row < HEIGHT; row++) levels[row * WIDTH + column] = decibels(this.at(last, row));
    }
    const { startSec, endSec } = this;
    return { width: WIDTH, height: HEIGHT, startSec, endSec, levels };
  }

  /** The loudest bin of a row, at least one. */
  private at(column: number, row: number): number {
    const [from, to] = [row + 1, row].map(
      (edge) => (HIGHEST_HZ * (LOWEST_HZ / HIGHEST_HZ) ** (edge / HEIGHT)) / BIN_HZ,
    );
    let most = 0;
    for (let bin = Math.round(from); bin <= Math.max(Math.round(from), Math.round(to) - 1); bin++)
      most = Math.max(most, this.loudest[column * BINS + Math.min(BINS - 1, bin)]);
    return most;
  }
}
