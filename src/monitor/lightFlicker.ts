/** @file Whether the light flickers: its level of the last moments goes up and down again and again, not only once. */
import type { Resumable } from "../core/resumable.ts";
import { strongest } from "../footage/measures/flicker.ts";
import { detrended, powerSpectrum } from "../footage/spectrum.ts";
import { turns } from "./steadiness.ts";

/** How much is looked at, seconds, and the fewest frames. */
const WINDOW_SEC = 1.4;
const LEAST_FRAMES = 12;
/** Ups and downs in it, each at least so large a share of the whole depth. */
const LEAST_TURNS = 6;
const LEAST_SHARE = 0.3;

export interface LightFlickerState {
  /** Seconds. */
  readonly times: readonly number[];
  /** Logarithms of the light, beside an arbitrary one. */
  readonly levels: readonly number[];
}

/** Remembers a moment of the light. */
export class LightFlicker implements Resumable<LightFlickerState> {
  private times: readonly number[] = [];
  private levels: readonly number[] = [];

  state(): LightFlickerState {
    const { times, levels } = this;
    return { times, levels };
  }

  resume({ times, levels }: LightFlickerState): void {
    [this.times, this.levels] = [times, levels];
  }

  /** @param gain since the frame before, as a logarithm; undefined where the two do not belong together. */
  add(gain: number | undefined, timeSec: number): void {
    if (gain === undefined) {
      [this.times, this.levels] = [[timeSec], [0]];
      return;
    }
    const from = this.times.findIndex((time) => timeSec - time <= WINDOW_SEC);
    this.times = [...(from < 0 ? [] : this.times.slice(from)), timeSec];
    const level = (this.levels.at(-1) ?? 0) + gain;
    this.levels = [...(from < 0 ? [] : this.levels.slice(from)), level];
  }

  /** From the darkest to the brightest, as a share; 0 where it does not go up and down. */
  depth(): number {
    const { times, levels } = this;
    const seconds = times.length < LEAST_FRAMES ? 0 : times[times.length - 1] - times[0];
    if (seconds < WINDOW_SEC / 2) return 0;
    const even = detrended(levels);
    const found = strongest({ power: powerSpectrum(even), length: even.length }, (times.length - 1) / seconds);
    const depth = found?.depth ?? 0;
    return turns(even, LEAST_SHARE * depth) >= LEAST_TURNS ? depth : 0;
  }
}
