/** @file The progress line of tracking. */
import { duration } from "../core/duration.ts";

/** @param count frames done in `elapsed` seconds. @param total frames to track. */
export function progressLine({ count, elapsed }: { count: number; elapsed: number }, total: number): string {
  const rate = count / elapsed;
  const left = duration(Math.max(0, total - count) / rate);
  return `tracking ${count}/${total} frames, ${rate.toFixed(1)} frames/s, ${left} left`;
}
