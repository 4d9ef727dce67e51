/**
 * @file Matchers for many passes of the same shape. Their memory and threads are costly to make, and memory shared
 * with threads is only freed by a garbage collection, which may come long after a pass ends.
 */
import { Matcher, type MatcherOptions } from "../../kernels/matcher.ts";

/** What a pass needs a matcher for: the frames themselves, or small pictures of them. */
export type MatcherUse = "frames" | "small";

interface Held {
  readonly shape: string;
  readonly matcher: Matcher;
}

/** Lends its matchers, one for each use, to one pass at a time. */
export class MatcherKeeper implements AsyncDisposable {
  private readonly held = new Map<MatcherUse, Held>();

  /** A matcher as new. @throws UserError `tracking/memory` */
  async take(options: MatcherOptions, use: MatcherUse): Promise<Matcher> {
    const shape = JSON.stringify(options);
    const held = this.held.get(use);
    if (held?.shape === shape) {
      held.matcher.reset();
      return held.matcher;
    }
    this.held.delete(use);
    await held?.matcher.close();
    const matcher = await Matcher.open(options);
    this.held.set(use, { shape, matcher });
    return matcher;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.held.values()].map(({ matcher }) => matcher.close()));
    this.held.clear();
  }
}
