/** @file What watches a run from the outside: after every step it is told, and may add to the step's line of metrics. */
import type { Checkpoint } from "../checkpoint.ts";
import type { MetricsRow } from "../runFolder.ts";

/** A step that was done. */
export interface StepReport {
  /** The state after the step, with which the run can be resumed. */
  readonly checkpoint: Checkpoint & { readonly smoothedLoss: number };
  /** Share of the run that is done, 0..1. */
  readonly progress: number;
  /** What is known of the step; observers before may have added to it. */
  readonly row: MetricsRow;
}

/** Watches a run. What it throws ends the run, which is saved first. */
export interface Observer {
  /** @returns what it adds to the step's line of metrics. */
  after(report: StepReport): Promise<Partial<MetricsRow> | undefined>;
}

/** Tells the observers of a step, one after the other. */
export async function tellAll(observers: readonly Observer[], report: StepReport): Promise<void> {
  let { row } = report;
  for (const observer of observers) row = { ...row, ...(await observer.after({ ...report, row })) };
}

/** Says when so many minutes of training have passed since it last said so. */
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

/** When pictures and scores are due: at the first step of a run, then by the clock. @param from where the run starts or resumes. */
export function samplingInterval(sampleMinutes: number, from: Pick<Checkpoint, "step" | "minutes">): Interval {
  return new Interval(sampleMinutes, from.step === 0 ? Number.NEGATIVE_INFINITY : from.minutes);
}
