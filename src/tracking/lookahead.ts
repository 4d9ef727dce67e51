/**
 * @file Streams of which one item is made ahead. Their end reaches the source at once, also while an item is awaited: a
 * camera that has stalled would hold up an async generator for ever.
 */

/** The end of a stream. */
const END: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * @param next called again only when the item before has come.
 * @param end tells the source; an item that is still being made is waited for.
 */
function endable<T>(next: () => Promise<IteratorResult<T>>, end: () => Promise<unknown>): AsyncIterableIterator<T> {
  let pending: Promise<unknown> = Promise.resolve();
  let isOver = false;
  const stream: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => stream,
    async next() {
      if (isOver) return END;
      const item = next();
      pending = item.catch(() => {});
      const result = await item;
      isOver ||= result.done === true;
      return result;
    },
    async return() {
      isOver = true;
      await Promise.all([end(), pending]);
      return END;
    },
  };
  return stream;
}

/** The same items in the same order; at most one more than was asked for is made. */
export function lookahead<T>(items: AsyncIterable<T>): AsyncIterableIterator<T> {
  const iterator = items[Symbol.asyncIterator]();
  let ahead: Promise<IteratorResult<T>> | undefined;
  const ask = (): Promise<IteratorResult<T>> => {
    const item = iterator.next();
    // Its failure is reported when it is awaited, not as an unhandled rejection in between.
    item.catch(() => {});
    return item;
  };
  const next = async (): Promise<IteratorResult<T>> => {
    const result = await (ahead ??= ask());
    if (result.done !== true) ahead = ask();
    return result;
  };
  return endable(next, async () => Promise.all([iterator.return?.(), ahead?.catch(() => {})]));
}

/** What is made of every item. @param make also gets the seconds that the item took to come. */
export function mapped<T, Made>(
  items: AsyncIterable<T>,
  make: (item: T, seconds: number) => Made | Promise<Made>,
): AsyncIterableIterator<Made> {
  const iterator = items[Symbol.asyncIterator]();
  const end = async (): Promise<unknown> => iterator.return?.();
  const next = async (): Promise<IteratorResult<Made>> => {
    const begin = performance.now();
    const { done, value } = await iterator.next();
    if (done === true) return END;
    try {
      return { done: false, value: await make(value, (performance.now() - begin) / 1000) };
    } catch (error) {
      await end();
      throw error;
    }
  };
  return endable(next, end);
}
