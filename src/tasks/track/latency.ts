/** @file How late results are, over any number of them: a histogram of fixed size, so that it can run for days. */

/** Seconds. */
export interface LatencySummary {
  readonly median: number;
  /** 95 of 100 are not later. */
  readonly p95: number;
  readonly largest: number;
}

/** Width of a bin, s; the last one holds everything beyond. */
const BIN = 0.005;
const BINS = 12_000;

/** Counts by latency. */
export class LatencyHistogram {
  count = 0;
  private readonly bins = new Uint32Array(BINS);
  private largest = 0;

  /** @param seconds 0 or more. */
  add(seconds: number): void {
    this.count++;
    this.bins[Math.min(BINS - 1, Math.floor(seconds / BIN))]++;
    this.largest = Math.max(this.largest, seconds);
  }

  /** Exact to a bin of 5 ms up to a minute; 0 without any. */
  get summary(): LatencySummary {
    return { median: this.quantile(0.5), p95: this.quantile(0.95), largest: this.largest };
  }

  private quantile(share: number): number {
    let sum = 0;
    const bin = this.bins.findIndex((count) => (sum += count) >= Math.max(1, share * this.count));
    return Math.min(this.largest, (bin + 1) * BIN);
  }
}
