/** @file For tests of what could wait for ever: a failure instead of a hang. */
import { setTimeout } from "node:timers/promises";

/** The work's result; rejects if it is not there in time. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = setTimeout(ms, undefined, { ref: false }).then(() => Promise.reject(new Error(`not done in ${ms} ms`)));
  return Promise.race([work, late]);
}

/** Resolves once something is true. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await setTimeout(5);
}
