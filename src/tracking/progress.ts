/** @file The line that says how far tracking is. */

/** @param count frames done in `elapsed` seconds. */
export function progressLine({ count, elapsed }: { count: number; elapsed: number }, total: number): string {
  const rate = count / elapsed;
  return `tracking ${count}/${total} frames, ${rate.toFixed(1)} frames/s, ${duration((total - count) / rate)} left`;
}

/** Seconds for people. */
function duration(seconds: number): string {
  const left = Math.ceil(seconds);
  if (left >= 3600) return `${Math.floor(left / 3600)} h ${Math.floor((left % 3600) / 60)} min`;
  return left >= 60 ? `${Math.floor(left / 60)} min ${left % 60} s` : `${left} s`;
}
