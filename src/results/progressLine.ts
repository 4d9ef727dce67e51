/** @file The progress line of work on a clip's frames. */
import { duration } from "../core/duration.ts";

/**
 * @param count frames done in `elapsed` seconds. @param total frames of the work.
 * @param doing what is done, a verb.
 */
export function progressLine(
  { count, elapsed }: { count: number; elapsed: number },
  total: number,
  doing = "tracking",
): string {
  const rate = count / elapsed;
  const left = duration(Math.max(0, total - count) / rate);
  return `${doing} ${count}/${total} frames, ${rate.toFixed(1)} frames/s, ${left} left`;
}
