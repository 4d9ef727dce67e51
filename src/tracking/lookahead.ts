/** @file One item ahead: the next item of a stream is made while the current one is being used. */

/** The same items in the same order; at most one more than was asked for is made. */
export async function* lookahead<T>(items: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  const iterator = items[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = iterator.next();
      // Its failure is reported when it is awaited, not as an unhandled rejection in between.
      next.catch(() => {});
      yield value;
    }
  } finally {
    await next.catch(() => {});
    await iterator.return?.();
  }
}
