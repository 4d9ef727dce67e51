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

/** By number, from its best value to its worst; where less was lost than nothing, nothing. */
export const ladder: Readonly<Partial<Record<ReadingKey, readonly LadderStep[]>>> = {
  blur: steps([2, 0], [2.8, 0.1], [4.7, 0.2], [8.4, 0.7], [14.3, 3.5]),
  smear: steps([2.2, 0], [3.4, 0.1], [5.1, 0.3], [7.3, 2.5], [9.4, 11.4]),
  noise: steps([0.6, 0], [3.3, 0], [6.2, 0], [11.9, 0.2], [22.5, 3.1]),
  dark: steps([0, 0], [1, 0.4], [2, 0.4], [3.1, 0.5], [5.4, 1.6]),
  burnt: steps([0, 0], [7.7, 1], [50.6, 27.7], [76.2, 42], [86.2, 50.9]),
  flicker: steps([0.5, 0], [8.2, 2.9], [16.6, 14.3], [33.6, 37.7], [68.4, 70.9]),
  blocks: steps([30, 0], [72.2, 0], [145.2, 0.3], [233.4, 1.1], [399.9, 8.3]),
};

function steps(...pairs: readonly (readonly [value: number, lost: number])[]): LadderStep[] {
  return pairs.map(([value, lost]) => ({ value, lost }));
}
