/** @file Quantiles of any number of values in constant memory. */

/** Counts values in bins of equal width; values beyond the limit count in the last bin. */
export class Histogram {
  private readonly limit: number;
  private readonly bins: Float64Array;
  private weight = 0;
  private sum = 0;
  private least = Infinity;
  private most = -Infinity;

  /** @param limit the largest value that is told from larger ones. */
  constructor(limit: number, bins = 1024) {
    this.limit = limit;
    this.bins = new Float64Array(bins);
  }

  /** @param value 0 or more. */
  add(value: number, weight = 1): void {
    const { bins, limit } = this;
    bins[Math.min(bins.length - 1, Math.max(0, Math.floor((value / limit) * bins.length)))] += weight;
    this.weight += weight;
    this.sum += weight * value;
    this.least = Math.min(this.least, value);
    this.most = Math.max(this.most, value);
  }

  /** How much was added. */
  get count(): number {
    return this.weight;
  }

  /** 0 of nothing. */
  get mean(): number {
    return this.weight === 0 ? 0 : this.sum / this.weight;
  }

  /** The value below which a share of the others lies, exact to a bin; 0 of nothing. @param share 0..1 */
  quantile(share: number): number {
    const { bins, limit, weight } = this;
    if (weight === 0) return 0;
    let below = 0;
    const wanted = share * weight;
    const at = bins.findIndex((count) => (below += count) >= wanted && count > 0);
    const bin = at < 0 ? bins.length - 1 : at;
    const within = bins[bin] === 0 ? 0 : (wanted - (below - bins[bin])) / bins[bin];
    const value = ((bin + Math.min(1, Math.max(0, within))) / bins.length) * limit;
    return Math.min(this.most, Math.max(this.least, value));
  }

  /** The share of what was added that is `value` or more, exact to a bin; 0 of nothing. */
  shareFrom(value: number): number {
    const { bins, limit, weight } = this;
    if (weight === 0) return 0;
    const from = Math.ceil((value / limit) * bins.length);
    return bins.subarray(from).reduce((sum, count) => sum + count, 0) / weight;
  }
}
