/** @file The time that an upload still takes. */

/** How long the rest takes at the pace so far, counted from the first bytes that were known to be there. */
export class Pace {
  private readonly size: number;
  private from: { readonly sent: number; readonly at: number } | undefined;

  constructor(size: number) {
    this.size = size;
  }

  /** Seconds; undefined while nothing can be said. */
  left(sent: number, now = performance.now()): number | undefined {
    this.from ??= { sent, at: now };
    const perMs = (sent - this.from.sent) / (now - this.from.at);
    return perMs > 0 ? (this.size - sent) / perMs / 1000 : undefined;
  }
}
