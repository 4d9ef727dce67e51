/** @file Short-time spectra of sound, one every 10 ms. */
import { PowerFft } from "../core/fft.ts";
import { SOUND_RATE } from "../video/sound/rate.ts";

/** Samples of a window (32 ms) and from one to the next (10 ms). */
export const WINDOW = 512;
export const HOP = 160;
export const HOP_SEC = HOP / SOUND_RATE;
/** Bins of a spectrum, from 0 Hz to half the rate. */
export const BINS = WINDOW / 2 + 1;
/** From one bin to the next, Hz. */
export const BIN_HZ = SOUND_RATE / WINDOW;

/** The middle of a window in seconds from the first sample. */
export const hopSec = (hop: number): number => hop * HOP_SEC;

/**
 * Cuts sound into windows, each in the middle of its hop, and gives their power: its sum over all bins is the mean square of
 * the samples. Window: Hann.
 */
export class Spectra {
  private readonly fft = new PowerFft(WINDOW);
  private readonly shape: Float64Array;
  private readonly scale: number;
  /** The latest samples, zeros before the first. */
  private readonly recent = new Float32Array(WINDOW);
  private readonly windowed = new Float64Array(WINDOW);
  /** Samples that are still needed for the next window. */
  private missing = WINDOW / 2;

  constructor() {
    this.shape = Float64Array.from({ length: WINDOW }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / WINDOW));
    // Parseval: both halves of the spectrum, and what the window takes away.
    this.scale = 2 / (WINDOW * this.shape.reduce((sum, value) => sum + value * value, 0));
  }

  /** @param samples mono, -1..1 @returns `[BINS]` for every window that is complete, valid until the next */
  *add(samples: Float32Array): Generator<Float64Array, void, void> {
    const { recent } = this;
    for (let used = 0; used < samples.length;) {
      const part = samples.subarray(used, used + this.missing);
      recent.copyWithin(0, part.length);
      recent.set(part, WINDOW - part.length);
      used += part.length;
      this.missing -= part.length;
      if (this.missing > 0) return;
      this.missing = HOP;
      yield this.power();
    }
  }

  /** The windows whose middle lies within the sound but whose end does not. */
  *end(): Generator<Float64Array, void, void> {
    yield* this.add(new Float32Array(WINDOW / 2 - 1));
  }

  private power(): Float64Array {
    for (let i = 0; i < WINDOW; i++) this.windowed[i] = this.recent[i] * this.shape[i];
    const power = this.fft.power(this.windowed);
    for (let k = 0; k < BINS; k++) power[k] *= this.scale;
    return power;
  }
}

/** Power as decibels, 0 dB for a mean square of 1; never below -100. */
export const decibels = (power: number): number => 10 * Math.log10(power + 1e-10);
