/** @file The name that a user may have meant: the nearest by Levenshtein distance. */

/** The nearest of the names, ignoring case; the first of several equally near; undefined if there are none. */
export function nearest(text: string, names: readonly string[]): string | undefined {
  const distance = (name: string): number => editDistance(name.toLowerCase(), text.toLowerCase());
  return names.toSorted((a, b) => distance(a) - distance(b))[0];
}

/** Levenshtein distance of two short words: insertions, deletions and replacements count 1 each. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
