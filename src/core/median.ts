/** @file The median of a list of numbers. */

/** The upper one of the two in the middle. @param values at least one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
