/**
 * @file The ranges that an encoder's activations have in a clip, for its form in 8-bit integers: from the first
 * picture, and again from a later one now and then, so that a stream whose light changes over hours is not clipped for
 * long.
 */
import { internal } from "../core/errors.ts";
import type { EncoderStart, Reached } from "./features.ts";
import { type Extremes, HEADROOM, type Ranges, rangesOf } from "./quantisedEncoder.ts";

/** A picture is measured again after so many. */
const MEASURED_AGAIN = 250;

/** What is known of the activations of one clip after the other. */
export class ActivationRanges {
  private readonly first: number;
  private found: { readonly extremes: Extremes; readonly ranges: Ranges } | undefined;
  /** Pictures of the clip so far. */
  private count = 0;

  /** @param first pictures at the beginning of a clip that are measured. */
  constructor(first: number) {
    this.first = first;
  }

  /**
   * The widest ranges of the clip's pictures that were measured; the same object as long as they do not change.
   * @throws when no picture was measured
   */
  get ranges(): Ranges {
    return this.known().ranges;
  }

  /** What was found so far. @throws when no picture was measured */
  get reached(): Reached {
    const { extremes } = this.known();
    return Object.fromEntries(Object.entries(extremes).map(([name, values]) => [name, [...values]]));
  }

  /** A new clip begins, or resumes at a later place. */
  restart({ count, reached }: EncoderStart = { count: 0, reached: null }): void {
    this.found = undefined;
    this.count = reached === null ? 0 : count;
    if (reached === null) return;
    this.set(Object.fromEntries(Object.entries(reached).map(([name, values]) => [name, Float32Array.from(values)])));
  }

  /** To be called for every picture. @param measure gives its extremes; called only where they are due. */
  async observe(measure: () => Promise<Extremes>): Promise<void> {
    const due = this.count < this.first || this.count % MEASURED_AGAIN === 0;
    this.count++;
    if (!due) return;
    const seen = await measure();
    const before = this.found?.extremes;
    if (before === undefined) this.set(seen);
    else if (Object.keys(seen).some((key) => !(seen[key][0] <= before[key][0] * (1 + HEADROOM))))
      this.set(widest(before, seen));
  }

  private set(extremes: Extremes): void {
    this.found = { extremes, ranges: rangesOf(extremes) };
  }

  private known(): { readonly extremes: Extremes; readonly ranges: Ranges } {
    if (this.found === undefined) throw internal("ranges of a clip without a picture");
    return this.found;
  }
}

function widest(a: Extremes, b: Extremes): Extremes {
  return Object.fromEntries(Object.keys(a).map((key) => [key, Float32Array.of(Math.max(a[key][0], b[key][0]))]));
}
