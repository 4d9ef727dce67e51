/**
 * @file The timestamp table: one time per decoded frame, ascending, on the container's own clock.
 * Variable frame rates and start offsets are kept; only missing times and times that run backwards are repaired.
 */

/** Times of all frames and whether the container's own times can be used to find a frame. */
export interface TimestampTable {
  /** Seconds, strictly ascending. */
  readonly timesSec: Float64Array;
  /** True when every time came from the container, strictly ascending: then a time names exactly one frame. */
  readonly exact: boolean;
}

/**
 * Builds the table from what the decoder reported, in the order of decoding output.
 * A time that is missing (NaN) or not later than the previous one becomes the previous time plus `stepSec`.
 * @param reportedSec seconds per decoded frame, NaN where the container has none
 * @param stepSec the nominal frame duration, used only for repairs, > 0
 */
export function buildTimestampTable(reportedSec: readonly number[], stepSec: number): TimestampTable {
  const timesSec = Float64Array.from(reportedSec);
  let exact = true;
  let before = Number.isNaN(timesSec[0]) ? -stepSec : -Infinity;
  for (let i = 0; i < timesSec.length; i++) {
    if (!(timesSec[i] > before)) {
      timesSec[i] = before + stepSec;
      exact = false;
    }
    before = timesSec[i];
  }
  return { timesSec, exact };
}

/** Names of the outputs for a video file's frames: the index in at least five digits. */
export function frameNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i).padStart(5, "0"));
}
