/** @file Durations for people to read. */

/** A duration: 1 h 05 min, 12 min, 40 s, 0.4 s. @param seconds 0 or more. */
export function duration(seconds: number): string {
  if (seconds >= 3600)
    return `${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, "0")} min`;
  if (seconds >= 90) return `${Math.round(seconds / 60)} min`;
  // What is short but something is not called nothing.
  const isShort = seconds > 0 && seconds < 1;
  return `${isShort ? Math.max(0.1, Math.round(seconds * 10) / 10) : Math.round(seconds)} s`;
}
