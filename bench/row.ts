/** @file A line of the benchmark: our time against a peer's, taken in the same run on the same machine. */
import { cpus } from "node:os";

/** One measurement; peer fields are null where there is none to compare with. */
export interface BenchRow {
  readonly name: string;
  /** Seconds for one unit of the named work. */
  readonly ours_s: number;
  readonly peer_s: number | null;
  /** ours_s / peer_s: below 1 we are faster. */
  readonly ratio: number | null;
  readonly ours_rss_mb: number;
  readonly peer_rss_mb: number | null;
  readonly machine: string;
  /** What else was measured, for example a mask IoU. */
  readonly note?: string | undefined;
}

/** The processor and how many of it, with Node's version. */
export function machine(): string {
  const all = cpus();
  return `${all.length} x ${all[0]?.model.trim() ?? "unknown"}, Node ${process.version}`;
}

/** Highest memory of this process so far, MB. */
export function peakRssMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

/** The middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/**
 * Processor seconds of `work`, all threads of this process together: steps that wait, and other programs, do not count.
 */
export async function processorSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
