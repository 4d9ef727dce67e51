/** @file How far a run is, and the learning rate that follows from it. */
import type { TrainingConfig } from "./config.ts";

/** Where a run stands. */
export interface Position {
  /** Steps done. */
  readonly step: number;
  /** Minutes of training so far, over all resumed parts. */
  readonly minutes: number;
}

/** Share of the run that is done, 0..1. */
export function progress({ steps, minutes }: Pick<TrainingConfig, "steps" | "minutes">, position: Position): number {
  return Math.min(1, steps === undefined ? position.minutes / (minutes ?? 1) : position.step / steps);
}

/** Linear warm-up, then half a cosine down to 0 (Loshchilov & Hutter 2017). */
export function learningRateAt(
  { learningRate, warmUp }: Pick<TrainingConfig, "learningRate" | "warmUp">,
  done: number,
): number {
  if (done < warmUp) return (learningRate * (done + 1e-3)) / (warmUp + 1e-3);
  const falling = (done - warmUp) / (1 - warmUp);
  return learningRate * 0.5 * (1 + Math.cos(Math.PI * falling));
}

/** Share of the new weights in the average: the first steps count more, or the start would stay in it for long. */
export function averageShare(emaDecay: number, step: number): number {
  return 1 - Math.min(emaDecay, step / (step + 10));
}
