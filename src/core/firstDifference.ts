/** @file Where two plain values differ first: for messages about one setting among many. */

/** The place and what stands there. */
export interface Difference {
  /** Keys from the outside in, joined by dots; empty where the values themselves differ. */
  readonly path: string;
  readonly left: unknown;
  readonly right: unknown;
}

/**
 * The first difference of two values as JSON knows them, in the order of the right value's keys, then of those that only the
 * left one has. A key that is undefined counts as absent, and the order of keys does not matter.
 * @returns undefined if they are alike
 */
export function firstDifference(left: unknown, right: unknown, path: readonly string[] = []): Difference | undefined {
  if (isPlain(left) && isPlain(right)) {
    for (const key of new Set([...Object.keys(right), ...Object.keys(left)])) {
      const found = firstDifference(left[key], right[key], [...path, key]);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return JSON.stringify(left) === JSON.stringify(right) ? undefined : { path: path.join("."), left, right };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
