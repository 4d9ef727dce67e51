/** @file Numbers of the sound for every frame of a video. */
import { BAND_EDGES_HZ, BANDS } from "./bands.ts";
import { decibels } from "./spectra.ts";

/** The sound while a frame is shown; levels in dB, 0 dB for a mean square of 1, -100 without sound. */
export interface HeardFrame {
  readonly level: number;
  /** Of frequencies below 300 Hz, up to 2 kHz, and above. */
  readonly low: number;
  readonly mid: number;
  readonly high: number;
  /** The largest rise of all bands together, dB. */
  readonly onset: number;
  /** How different the half second that begins here sounds from the one before: root mean square over bands, dB. */
  readonly novelty: number;
}

/** The largest `onset` and the power of all bands, frame by frame. */
export class FrameCurves {
  private readonly timesSec: ArrayLike<number>;
  /** `[frames, BANDS]` */
  private readonly power: Float32Array;
  private readonly onsets: Float32Array;
  private frame = 0;
  private hops = 0;

  constructor(timesSec: ArrayLike<number>) {
    this.timesSec = timesSec;
    this.power = new Float32Array(timesSec.length * BANDS);
    this.onsets = new Float32Array(timesSec.length);
  }

  /** Times ascend. @param bands power, `[BANDS]` */
  add(timeSec: number, bands: Float64Array, onset: number): void {
    while (this.frame + 1 < this.timesSec.length && timeSec >= this.timesSec[this.frame + 1]) {
      this.frame++;
      this.hops = 0;
    }
    this.hops++;
    this.onsets[this.frame] = Math.max(this.onsets[this.frame], onset);
    for (let band = 0, at = this.frame * BANDS; band < BANDS; band++, at++)
      this.power[at] += (bands[band] - this.power[at]) / this.hops;
  }

  end(): HeardFrame[] {
    const levels = Float32Array.from(this.power, decibels);
    const [low, mid] = [bandAt(300), bandAt(2000)];
    return Array.from({ length: this.timesSec.length }, (_, frame) => ({
      level: this.sum(frame, 0, BANDS),
      low: this.sum(frame, 0, low),
      mid: this.sum(frame, low, mid),
      high: this.sum(frame, mid, BANDS),
      onset: this.onsets[frame],
      novelty: novelty(levels, this.timesSec, frame),
    }));
  }

  private sum(frame: number, from: number, to: number): number {
    let sum = 0;
    for (let band = from; band < to; band++) sum += this.power[frame * BANDS + band];
    return decibels(sum);
  }
}

const bandAt = (hz: number): number => BAND_EDGES_HZ.findIndex((edge) => edge >= hz);

/** How much sound is compared on both sides, seconds. */
const AROUND_SEC = 0.5;

function novelty(levels: Float32Array, timesSec: ArrayLike<number>, frame: number): number {
  const [before, after] = [new Float64Array(BANDS), new Float64Array(BANDS)];
  const add = (into: Float64Array, at: number): void => {
    for (let band = 0; band < BANDS; band++) into[band] += levels[at * BANDS + band];
  };
  let [past, coming] = [0, 0];
  for (let at = frame - 1; at >= 0 && timesSec[frame] - timesSec[at] <= AROUND_SEC; at--, past++) add(before, at);
  for (let at = frame; at < timesSec.length && timesSec[at] - timesSec[frame] < AROUND_SEC; at++, coming++)
    add(after, at);
  if (past === 0) return 0;
  const square = before.reduce((sum, value, band) => sum + (after[band] / coming - value / past) ** 2, 0);
  return Math.sqrt(square / BANDS);
}
