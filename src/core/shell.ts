/** @file Command lines for people to copy. */

/** A word as a POSIX shell reads it: quoted where it holds more than letters, digits and harmless signs. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** The words of a command as one line. */
export function commandLine(words: readonly string[]): string {
  return words.map(shellQuoted).join(" ");
}
