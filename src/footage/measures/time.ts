/**
 * @file Frames and time: the rate, uneven spacing, gaps, jumps of the clock, repeated frames and a picture that stands
 * still. Spacing comes from the timestamp table alone; repeats from how much the small picture changes.
 */
import { median } from "../../core/median.ts";
import type { ClipInfo, FrameView, Place } from "../frameView.ts";
import type { Measure, Reading } from "../measure.ts";

/** A step of time longer than so many usual ones is a gap (one of two is a rate that was converted), … */
const GAP = 2.5;
/** … and one that is longer than this too is a jump of the clock, seconds. */
const JUMP_SEC = 5;
/** Frames on both sides of one that tell whether things move there. */
const AROUND = 4;
/** A repeat changes less than this share of what new frames around it bring, … */
const REPEAT_SHARE = 0.1;
/** … where new frames change at least this much, mean grey levels of the small picture. */
const LEAST_CHANGE = 0.5;
/** Fewer repeats are chance, not a habit of the recorder. */
const LEAST_REPEATS = 3;
/** A picture that changes less than this stands still, mean grey levels. */
const FROZEN_CHANGE = 0.005;

/** Makes the measure. */
export function timeMeasure(clip: ClipInfo): Measure {
  return new Time(clip);
}

/** Mean absolute difference of two small pictures. */
export function changeOf({ small, previous }: FrameView): number {
  if (previous === undefined || previous.small.data.length !== small.data.length) return 0;
  const [now, before] = [small.data, previous.small.data];
  let sum = 0;
  for (let i = 0; i < now.length; i++) sum += Math.abs(now[i] - before[i]);
  return sum / now.length;
}

class Time implements Measure {
  private readonly clip: ClipInfo;
  private readonly repeats = new RepeatWatch();
  private still: Place | undefined;
  private frozen: { place: Place | undefined; seconds: number } = { place: undefined, seconds: 0 };

  constructor(clip: ClipInfo) {
    this.clip = clip;
  }

  add(frame: FrameView): void {
    if (frame.previous === undefined) return;
    const change = changeOf(frame);
    this.repeats.add(frame, change);
    if (change >= FROZEN_CHANGE) this.still = undefined;
    else this.still ??= { frame: frame.previous.index, timeSec: frame.previous.timeSec };
    const seconds = this.still === undefined ? 0 : frame.timeSec - this.still.timeSec;
    if (seconds > this.frozen.seconds) this.frozen = { place: this.still, seconds };
  }

  finish(): Reading[] {
    const spacing = spacingOf(this.clip.timesSec);
    if (spacing === undefined) return [];
    const repeats = this.repeats.finish();
    const nominal = 1 / spacing.stepSec;
    const real = nominal * (1 - repeats.share);
    return [
      { key: "frameRate", value: nominal, facts: { real } },
      { key: "jitter", value: 100 * spacing.jitter },
      { key: "gaps", value: 100 * spacing.missing, at: spacing.gap, facts: { seconds: spacing.gapSec } },
      { key: "clockJumps", value: spacing.jumps, at: spacing.jump, facts: { seconds: spacing.jumpSec } },
      {
        key: "repeats",
        value: 100 * repeats.share,
        at: repeats.at,
        facts: { nominal, real },
      },
      { key: "frozen", value: this.frozen.seconds, at: this.frozen.place },
    ];
  }
}

/** What the timestamps say. */
interface Spacing {
  /** The usual time from frame to frame, seconds. */
  readonly stepSec: number;
  /** Root mean square of the other steps' difference from it, gaps left out, in steps. */
  readonly jitter: number;
  /** Frames that gaps left out, in frames there should be. */
  readonly missing: number;
  readonly gap: Place | undefined;
  readonly gapSec: number;
  readonly jumps: number;
  readonly jump: Place | undefined;
  readonly jumpSec: number;
}

/** Undefined for a single frame. */
function spacingOf(times: Float64Array): Spacing | undefined {
  if (times.length < 2) return undefined;
  const steps = Array.from(times.subarray(1), (time, i) => time - times[i]);
  const stepSec = median(steps);
  const isJump = (step: number): boolean => step > Math.max(GAP * stepSec, JUMP_SEC);
  const isGap = (step: number): boolean => step > GAP * stepSec && !isJump(step);
  const regular = steps.filter((step) => step <= GAP * stepSec);
  const squares = regular.reduce((sum, step) => sum + (step / stepSec - 1) ** 2, 0);
  const lost = steps.filter(isGap).reduce((sum, step) => sum + Math.round(step / stepSec) - 1, 0);
  const [gap, jump] = [isGap, isJump].map((is) => longest(steps, is));
  const placeOf = (i: number): Place | undefined => (i < 0 ? undefined : { frame: i + 1, timeSec: times[i + 1] });
  return {
    stepSec,
    jitter: Math.sqrt(squares / Math.max(1, regular.length)),
    missing: lost / (times.length + lost),
    gap: placeOf(gap),
    gapSec: steps[gap] ?? 0,
    jumps: steps.filter(isJump).length,
    jump: placeOf(jump),
    jumpSec: steps[jump] ?? 0,
  };
}

/** Index of the longest step of a kind; −1 without any. */
function longest(steps: readonly number[], is: (step: number) => boolean): number {
  return steps.reduce((best, step, i) => (is(step) && step > (steps[best] ?? 0) ? i : best), -1);
}

/** Finds frames that repeat the one before although things move around them. */
class RepeatWatch {
  private readonly window: { readonly place: Place; readonly change: number }[] = [];
  private judged = 0;
  private repeated = 0;
  private at: Place | undefined;

  add({ index, timeSec }: FrameView, change: number): void {
    this.window.push({ place: { frame: index, timeSec }, change });
    if (this.window.length > 2 * AROUND + 1) this.window.shift();
    if (this.window.length === 2 * AROUND + 1) this.judge(this.window[AROUND]);
  }

  private judge({ place, change }: { readonly place: Place; readonly change: number }): void {
    const changes = this.window.map((one) => one.change);
    // Things move before and after: where they begin or stop to, nothing is repeated.
    const fresh = Math.min(Math.max(...changes.slice(0, AROUND)), Math.max(...changes.slice(AROUND + 1)));
    if (fresh < LEAST_CHANGE) return;
    this.judged++;
    if (change >= REPEAT_SHARE * fresh) return;
    this.repeated++;
    this.at ??= place;
  }

  /** The share of repeats among the frames where things move. */
  finish(): { readonly share: number; readonly at: Place | undefined } {
    if (this.repeated < LEAST_REPEATS) return { share: 0, at: undefined };
    return { share: this.repeated / this.judged, at: this.at };
  }
}
