/**
 * @file Flicker of the light. Places of the scene are followed with the flow, so that neither things nor the camera that
 * move count: the gain from frame to frame is the median change of their lightness. Its running sum is the lightness,
 * whose spectrum above the slow changes is flicker; what rows do beside the others are the bands of a rolling shutter.
 */
import { type ClipInfo, type FrameView, meanRate } from "../frameView.ts";
import { Histogram } from "../histogram.ts";
import { lightChanges, middle } from "../lightChange.ts";
import type { Measure, Reading } from "../measure.ts";
import { detrended, powerSpectrum } from "../spectrum.ts";
import { Worst } from "../worst.ts";

/** The most bands in a picture that strips can tell. */
const MOST_BANDS = 8;
/** Frames in a window of the spectrum, and the fewest of a clip. */
const WINDOW = 64;
const LEAST_WINDOW = 12;
/** Slower changes are those of the day, or of what is in the picture, Hz. */
const SLOWEST_HZ = 1.5;

/** Makes the measure. */
export function flickerMeasure(clip: ClipInfo): Measure {
  return new Flicker(clip);
}

class Flicker implements Measure {
  private readonly rateHz: number;
  private readonly lightness = new LightnessSpectrum();
  private readonly bands = new Histogram(1);
  private readonly worstBands = new Worst();
  private readonly bandPower = new Float64Array(MOST_BANDS + 1);

  constructor(clip: ClipInfo) {
    this.rateHz = meanRate(clip);
  }

  add(frame: FrameView): void {
    if (frame.motion === undefined) return this.lightness.restart();
    const { all, strips } = lightChanges(frame, frame.motion);
    const gain = middle(all);
    this.lightness.add(gain);
    if (strips.some((strip) => strip.length < 3)) return;
    const power = powerSpectrum(detrended(strips.map((strip) => middle(strip) - gain))).subarray(0, MOST_BANDS + 1);
    power.forEach((value, k) => (this.bandPower[k] += value));
    const strength = peakToPeak(Math.max(...power));
    this.bands.add(strength);
    this.worstBands.add(frame, strength);
  }

  finish(): Reading[] {
    const { depth, hz } = this.lightness.finish(this.rateHz);
    const bands = this.bandPower.indexOf(Math.max(...this.bandPower));
    return [
      ...(depth === undefined ? [] : [{ key: "flicker" as const, value: 100 * depth, facts: { hz } }]),
      ...(this.bands.count === 0
        ? []
        : [
            {
              key: "bands" as const,
              value: 100 * this.bands.quantile(0.75),
              at: this.worstBands.at,
              facts: { bands },
            },
          ]),
    ];
  }
}

/** Height of a wave of this power, from its lowest to its highest point. */
function peakToPeak(power: number): number {
  return 2 * Math.sqrt(2 * power);
}

/** The spectrum of the lightness, a mean over windows that overlap by half. */
class LightnessSpectrum {
  private level = 0;
  private window: number[] = [0];
  /** Sums over the windows, by their length: only one window may be shorter. */
  private power: Float64Array = new Float64Array();
  private windows = 0;
  private readonly short: { power: Float64Array; length: number }[] = [];

  add(gain: number): void {
    this.level += gain;
    this.window.push(this.level);
    if (this.window.length < WINDOW) return;
    const power = powerSpectrum(detrended(this.window));
    this.power = this.windows === 0 ? power : this.power.map((sum, k) => sum + power[k]);
    this.windows++;
    this.window = this.window.slice(WINDOW / 2);
  }

  /** What comes has nothing to do with what was. */
  restart(): void {
    this.keepShort();
    this.window = [0];
    this.level = 0;
  }

  finish(rateHz: number): { readonly depth: number | undefined; readonly hz: number } {
    this.keepShort();
    const whole = this.windows > 0 ? [{ power: this.power.map((sum) => sum / this.windows), length: WINDOW }] : [];
    const spectra = [...whole, ...this.short].map((spectrum) => strongest(spectrum, rateHz));
    const known = spectra.filter((one) => one !== undefined);
    if (known.length === 0) return { depth: undefined, hz: 0 };
    return known.reduce((best, one) => (one.depth > best.depth ? one : best));
  }

  /** A clip shorter than a window has only this; of a longer one, what is left over is not needed. */
  private keepShort(): void {
    const { length } = this.window;
    if (this.windows > 0 || length < LEAST_WINDOW || this.short.length > 0) return;
    this.short.push({ power: powerSpectrum(detrended(this.window)), length });
  }
}

/** What is above the slow changes; undefined where the series is too short. @param rateHz values a second */
export function strongest(
  { power, length }: { readonly power: Float64Array; readonly length: number },
  rateHz: number,
): { readonly depth: number; readonly hz: number } | undefined {
  const first = Math.max(2, Math.ceil((SLOWEST_HZ * length) / rateHz));
  if (first >= power.length) return undefined;
  const fast = power.subarray(first);
  const peak = first + fast.indexOf(Math.max(...fast));
  return { depth: peakToPeak(fast.reduce((sum, value) => sum + value, 0)), hz: (peak * rateHz) / length };
}
