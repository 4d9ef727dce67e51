/** @file Which files of a folder are frames, by their names alone, and in which order they follow each other. */
import { extname } from "node:path";

const READABLE = new Set([".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".avif"]);

/** Pictures that cannot be read here: they would be missing among the frames. */
const UNREADABLE = new Set([
  ".bmp",
  ".dib",
  ".ppm",
  ".pgm",
  ".pbm",
  ".pnm",
  ".tga",
  ".exr",
  ".hdr",
  ".jp2",
  ".j2k",
  ".dpx",
  ".heic",
  ".heif",
  ".jxl",
  ".dng",
  ".cr2",
  ".nef",
  ".raw",
  ".gif",
]);

const extensionOf = (path: string): string => extname(path).toLowerCase();

/** Whether the file name is that of an image that we read. */
export function isImagePath(path: string): boolean {
  return READABLE.has(extensionOf(path));
}

/** Whether the file name is that of a picture of a kind that we cannot read. */
export function isOtherPicturePath(path: string): boolean {
  return UNREADABLE.has(extensionOf(path));
}

/** What a list of file names for messages shows at most. */
const SHOWN = 3;

/** The first few names, and how many more there are. */
export function someOf(names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return `${names.slice(0, SHOWN).join(", ")}${more}`;
}

/** A name as a decimal number after a prefix, as `time.time()` gives it in Python: `1700000000.94`. */
const DECIMAL = /^(?<prefix>.*?)(?<whole>\d+)\.(?<fraction>\d+)$/u;

/**
 * Sorts names without extension as people count: 2 before 10. Names that are one decimal number each are sorted by its value, so that
 * `1700000001.1` (one tenth) comes after `1700000001.06`; numbers of parts (`take.9`, `take.10`) are told from them by a fraction that
 * ends in 0, which numbers written without trailing zeros never have.
 * @returns the indices of `names` in order
 */
export function frameOrder(names: readonly string[]): number[] {
  const values = decimals(names);
  const natural = new Intl.Collator("en", { numeric: true });
  const byName = (a: number, b: number): number =>
    natural.compare(names[a], names[b]) || (names[a] < names[b] ? -1 : names[a] > names[b] ? 1 : a - b);
  const compare = (a: number, b: number): number =>
    values === undefined
      ? byName(a, b)
      : values[a].whole - values[b].whole || values[a].part - values[b].part || byName(a, b);
  return names.map((_, i) => i).sort(compare);
}

interface Decimal {
  readonly whole: number;
  /** 0 to 1. */
  readonly part: number;
}

/** The names as decimal numbers; undefined where they are something else. */
function decimals(names: readonly string[]): Decimal[] | undefined {
  const parts = names.map((name) => DECIMAL.exec(name)?.groups);
  if (parts.some((groups) => groups === undefined)) return undefined;
  const known = parts as Record<string, string>[];
  const fractions = known.map(({ fraction }) => fraction);
  const onePrefix = known.every(({ prefix }) => prefix === known[0]["prefix"]);
  const isShortened = fractions.every((fraction) => fraction === "0" || !fraction.endsWith("0"));
  const differs = fractions.some(({ length }) => length !== fractions[0].length);
  if (!onePrefix || !isShortened || !differs) return undefined;
  return known.map(({ whole, fraction }) => ({ whole: Number(whole), part: Number(`0.${fraction}`) }));
}

/** What a name is made of beside its numbers: `frame_#` for `frame_007`. */
const patternOf = (name: string): string => name.replaceAll(/\d+/gu, "#");

/** Names of another pattern than nearly all the others, such as `mask` among `00000`, `00001`, …: hardly frames of the same clip. */
export function strangeNames(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(patternOf(name), (counts.get(patternOf(name)) ?? 0) + 1);
  const [usual, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  const isSeries = usual.includes("#") && count >= 3 && count >= 0.8 * names.length;
  return isSeries ? names.filter((name) => patternOf(name) !== usual) : [];
}
