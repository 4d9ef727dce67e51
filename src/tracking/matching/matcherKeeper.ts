/**
 * @file One matcher for many passes of the same shape. Its memory and threads are costly to make, and memory shared
 * with threads is only freed by a garbage collection, which may come long after a pass ends.
 */
import { Matcher, type MatcherOptions } from "../../kernels/matcher.ts";

/** Lends its matcher to one pass at a time. */
export class MatcherKeeper implements AsyncDisposable {
  private held: { readonly shape: string; readonly matcher: Matcher } | undefined;

  /** A matcher as new. @throws UserError `tracking/memory` */
  async take(options: MatcherOptions): Promise<Matcher> {
    const shape = JSON.stringify(options);
    if (this.held?.shape === shape) this.held.matcher.reset();
    else {
      await this[Symbol.asyncDispose]();
      this.held = { shape, matcher: await Matcher.open(options) };
    }
    return this.held.matcher;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.held?.matcher.close();
    this.held = undefined;
  }
}
