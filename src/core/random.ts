/** @file A small seeded generator (mulberry32), so that runs can be repeated bit for bit. */

export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** Uniform in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number in [0, n). */
  integer(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** True with probability p. */
  chance(p: number): boolean {
    return this.next() < p;
  }

  /** Standard normal (Box–Muller, one of the two values). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** One of the items, with the given weights (equal if none). */
  choose<T>(items: readonly T[], weights?: readonly number[]): T {
    if (weights === undefined) return items[this.integer(items.length)];
    let left = this.next() * weights.reduce((a, b) => a + b, 0);
    const found = items.findIndex((_, i) => (left -= weights[i] ?? 0) < 0);
    return items[found < 0 ? items.length - 1 : found];
  }
}
