/**
 * @file What degraded footage costs the default tracker: J&F points lost against the same clips as they are, by the value
 * that the measure had. Made by `tsumugi evaluate degraded`; docs/measurements/2026-11-check.md says how much was run.
 */
import type { ReadingKey } from "./thresholds.ts";

/** A step of the ladder: means over the clips. */
export interface LadderStep {
  /** Of the measure. */
  readonly value: number;
  /** J&F points (hundredths). */
  readonly lost: number;
}

/** By number, from its best value to its worst. */
export const ladder: Readonly<Partial<Record<ReadingKey, readonly LadderStep[]>>> = {};
