/**
 * @file The timestamp table: one time per decoded frame, ascending, on the container's own clock.
 * Variable frame rates and start offsets are kept as they are; only missing or running-backwards times are mended.
 */

/** Times of all frames and whether the container's own times can be trusted to find a frame by. */
export interface TimestampTable {
  /** Seconds, strictly ascending. */
  readonly timesSec: Float64Array;
  /** True when every time came from the container, strictly ascending: then a time names exactly one frame. */
  readonly exact: boolean;
}

/**
 * Builds the table from what the decoder reported, in the order of decoding output.
 * A time that is missing (NaN) or not later than the one before becomes the time before plus `stepSec`.
 * @param reportedSec seconds per decoded frame, NaN where the container has none
 * @param stepSec the nominal frame duration, used only to mend, > 0
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

/** What outputs for frames of a video file are called: the index in at least five digits. */
export function frameNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i).padStart(5, "0"));
}
