/** @file What takes events. */

/** Events that go out together. */
export interface Batch {
  /** JSON objects as text, one or more; each has its `id`. */
  readonly lines: readonly string[];
  /** The same whenever the same events are sent again. */
  readonly key: string;
}

/** What takes events. */
export interface Destination extends AsyncDisposable {
  /** The address without secrets, for people. */
  readonly name: string;
  /** Tells the address from others, without telling it. */
  readonly key: string;
  /** Resolves once all were taken. @throws whatever went wrong; then they are given again */
  deliver(batch: Batch, signal: AbortSignal): Promise<void>;
}
