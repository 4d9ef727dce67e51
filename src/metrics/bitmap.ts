/**
 * @file Binary masks of one bit per pixel: one operation handles 32 pixels, so that a score costs far less than
 * reading the picture. Bit x % 32 (lowest first) of word floor(x / 32) of a row is the pixel in column x; the bits
 * beyond the last column are always 0.
 */
import { internal } from "../core/errors.ts";
import type { LabelMap } from "../video/labelMap.ts";

/** A set of pixels. */
export interface Bitmap {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** `ceil(width / 32)`. */
  readonly wordsPerRow: number;
  /** `[height, wordsPerRow]`, see the file comment. */
  readonly words: Int32Array;
}

/** No pixels. */
export function emptyBitmap(width: number, height: number): Bitmap {
  const wordsPerRow = Math.ceil(width / 32);
  return { width, height, wordsPerRow, words: new Int32Array(wordsPerRow * height) };
}

/** The pixels whose label is a member: `members[label]` is 1 (else 0), for every label 0..255. */
export function bitmapOfLabels({ width, height, data }: LabelMap, members: Uint8Array): Bitmap {
  const bitmap = emptyBitmap(width, height);
  for (let y = 0, pixel = 0, word = 0; y < height; y++) {
    for (let left = 0; left < width; left += 32, word++) {
      const end = Math.min(32, width - left);
      let bits = 0;
      for (let bit = 0; bit < end; bit++, pixel++) bits |= members[data[pixel]] << bit;
      bitmap.words[word] = bits;
    }
  }
  return bitmap;
}

/** The pixels of `a` that are not in `b`. */
export function without(a: Bitmap, b: Bitmap): Bitmap {
  requireSameSize(a, b);
  return { ...a, words: a.words.map((word, i) => word & ~b.words[i]) };
}

/** All pixels of the picture that are not in `a`. */
export function complement(a: Bitmap): Bitmap {
  const { width, wordsPerRow } = a;
  const inside = insideLastWord(width);
  const words = a.words.map((word, i) => ((i + 1) % wordsPerRow === 0 ? ~word & inside : ~word));
  return { ...a, words };
}

/** How many pixels are in `a`. */
export function countPixels(a: Bitmap): number {
  let count = 0;
  for (const word of a.words) count += onesIn(word);
  return count;
}

/** |a ∩ b|, pixels. */
export function countCommon(a: Bitmap, b: Bitmap): number {
  requireSameSize(a, b);
  let count = 0;
  for (let i = 0; i < a.words.length; i++) count += onesIn(a.words[i] & b.words[i]);
  return count;
}

/**
 * Dilation by a disk: every pixel with a pixel of `a` at (dx, dy), dx² + dy² ≤ radius². Pixels outside the
 * picture count as unset. The disk is a stack of row runs: row dy reaches floor(√(radius² − dy²)) to each side; from
 * the disk's rim to its middle the runs only grow, so one picture is widened step by step and combined with the result.
 * @param radius whole pixels ≥ 0.
 */
export function dilateByDisk(a: Bitmap, radius: number): Bitmap {
  const widened: Bitmap = { ...a, words: a.words.slice() };
  const result = emptyBitmap(a.width, a.height);
  for (let dy = radius, reach = 0; dy >= 0; dy--) {
    for (const wanted = Math.floor(Math.sqrt(radius * radius - dy * dy)); reach < wanted; reach++) widenByOne(widened);
    layOver(result, widened, dy);
    if (dy > 0) layOver(result, widened, -dy);
  }
  return result;
}

/** The bits of a row's last word that are pixels. */
function insideLastWord(width: number): number {
  return width % 32 === 0 ? -1 : (1 << (width % 32)) - 1;
}

/** Adds the left and right neighbour of every pixel, in place. */
function widenByOne({ width, height, wordsPerRow, words }: Bitmap): void {
  const inside = insideLastWord(width);
  for (let y = 0, i = 0; y < height; y++) {
    let before = 0;
    for (let column = 1; column <= wordsPerRow; column++, i++) {
      const here = words[i];
      const after = column < wordsPerRow ? words[i + 1] : 0;
      words[i] = here | (here << 1) | (before >>> 31) | (here >>> 1) | (after << 31);
      before = here;
    }
    words[i - 1] &= inside;
  }
}

/** Adds `source` moved down by `dy` rows to `target`. */
function layOver(target: Bitmap, source: Bitmap, dy: number): void {
  const shift = dy * target.wordsPerRow;
  const first = Math.max(0, shift);
  const end = Math.min(target.words.length, target.words.length + shift);
  for (let i = first; i < end; i++) target.words[i] |= source.words[i - shift];
}

/** How many of the 32 bits are 1: sums of pairs, of fours, of eights, then all four bytes by one product. */
function onesIn(word: number): number {
  const pairs = (word - ((word >>> 1) & 0x55555555)) | 0;
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function requireSameSize(a: Bitmap, b: Bitmap): void {
  if (a.width !== b.width || a.height !== b.height)
    throw internal(`bitmaps of ${a.width}x${a.height} and ${b.width}x${b.height} are compared`);
}
