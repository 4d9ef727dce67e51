/** @file The name that was probably meant: the nearest by edit distance, for messages about unknown names. */

/** The name nearest to a word, whatever its case; the first of equals. @param names at least one. */
export function nearestName(word: string, names: readonly string[]): string {
  const lower = word.toLowerCase();
  const distances = names.map((name) => editDistance(name.toLowerCase(), lower));
  return names[distances.indexOf(Math.min(...distances))];
}

/** Levenshtein distance of two short words. */
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
