/**
 * @file When something that happens every few minutes is due. Minutes are those of training, over all resumed parts.
 */
import type { Checkpoint } from "../checkpoint.ts";

/** Due when so many minutes of training have passed since it was last due. */
export class Interval {
  private readonly minutes: number;
  private last: number;

  /** @param last minutes at which the first interval began. */
  constructor(minutes: number, last: number) {
    this.minutes = minutes;
    this.last = last;
  }

  /** @param always true: now in any case. */
  due({ minutes }: Pick<Checkpoint, "minutes">, always = false): boolean {
    if (minutes - this.last < this.minutes && !always) return false;
    this.last = minutes;
    return true;
  }
}

/**
 * When pictures and scores are due: at the first step of a run, then by the clock.
 * @param from where the run starts or resumes.
 */
export function samplingInterval(sampleMinutes: number, from: Pick<Checkpoint, "step" | "minutes">): Interval {
  return new Interval(sampleMinutes, from.step === 0 ? Number.NEGATIVE_INFINITY : from.minutes);
}
