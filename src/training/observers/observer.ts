/** @file Observers of a run: each is notified after every step, and may add to the step's line of metrics. */
import type { Checkpoint } from "../checkpoint.ts";
import type { MetricsRow } from "../runFiles.ts";

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

/** Notifies the observers of a step, one after the other. */
export async function notifyAll(observers: readonly Observer[], report: StepReport): Promise<void> {
  let { row } = report;
  for (const observer of observers) row = { ...row, ...(await observer.after({ ...report, row })) };
}
