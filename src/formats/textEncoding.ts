/**
 * @file The encoding of a text file. In this order: what the caller names; a byte-order mark; UTF-16 by its zero bytes;
 * strict UTF-8; then the most plausible of Shift-JIS, GB18030 and Windows-1252, which is a guess. Names and tables are
 * those of the WHATWG Encoding Standard (https://encoding.spec.whatwg.org), as `TextDecoder` has them. A byte that an
 * encoding lacks is an error, never a replacement character.
 */
import { UserError } from "../core/errors.ts";

/** A text, and how its bytes were read. */
export interface DecodedText {
  readonly text: string;
  /** The standard's name, for example `shift_jis`. */
  readonly encoding: string;
  /** Whether the bytes allow other encodings as well. */
  readonly isGuess: boolean;
}

/** What bytes that are neither UTF-8 nor UTF-16 may be; of equally plausible ones the first. */
const LEGACY = ["shift_jis", "gb18030", "windows-1252"] as const;
type Legacy = (typeof LEGACY)[number];

/**
 * What Windows-1252 has for the bytes 0x80 to 0x9F; some Node versions decode them as Latin-1's controls. Controls here
 * are undefined bytes.
 */
const WINDOWS = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8DŽ\x8F\x90‘’“”•–—˜™š›œ\x9DžŸ";

/** Below this no legacy encoding makes words of the bytes. */
const LEAST_PLAUSIBLE = 0.25;

/** The encoding's name in the standard; undefined for a label that the standard does not have. */
export function encodingNamed(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/**
 * Decodes a text without its byte-order mark.
 * @param name of the file in messages.
 * @param wanted the encoding to use, any label of the standard; absent: found out.
 * @throws UserError `text/encoding` for bytes that are no text in this encoding, or in any
 */
export function decodeText(bytes: Uint8Array, name: string, wanted?: string): DecodedText {
  if (wanted !== undefined) return decodeAs(bytes, name, wanted);
  const encoding = markedEncoding(bytes) ?? unmarkedUtf16(bytes) ?? "utf-8";
  const text = decoded(bytes, encoding);
  if (text !== undefined) return { text, encoding, isGuess: false };
  const guess = encoding === "utf-8" ? likeliest(bytes) : undefined;
  if (guess !== undefined) return guess;
  throw new UserError("text/encoding", {
    what: `cannot tell the encoding of ${name}`,
    expected: "UTF-8, UTF-16, Shift-JIS, GB18030 or Windows-1252",
    todo: "name it with --encoding, or save the file as UTF-8",
  });
}

function decodeAs(bytes: Uint8Array, name: string, label: string): DecodedText {
  const encoding = encodingNamed(label);
  if (encoding === undefined)
    throw new UserError("text/encoding", {
      what: `there is no encoding ${JSON.stringify(label)}`,
      expected: "a name such as utf-8, utf-16le, shift_jis, gb18030 or windows-1252",
    });
  const text = decoded(bytes, encoding);
  if (text !== undefined) return { text, encoding, isGuess: false };
  throw new UserError("text/encoding", {
    what: `${name} is not ${encoding}`,
    got: "bytes that mean nothing in it",
    todo: "leave --encoding out, or name another one",
  });
}

/** Undefined where bytes have no meaning in the encoding, or the result has characters that no text of it has. */
function decoded(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (encoding !== "windows-1252") return text.includes("\0") ? undefined : text;
    const windows = text.replaceAll(/[\u0080-\u009F]/gu, (control) => WINDOWS[control.charCodeAt(0) - 0x80]);
    return /[\0\u0080-\u009F]/u.test(windows) ? undefined : windows;
  } catch {
    return undefined;
  }
}

function markedEncoding([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  return a === 0xfe && b === 0xff ? "utf-16be" : undefined;
}

/**
 * In UTF-16 every digit, comma and line break has a zero byte, all of them on the same side, and a table has many of
 * those.
 */
function unmarkedUtf16(bytes: Uint8Array): string | undefined {
  let [even, odd] = [0, 0];
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== 0) continue;
    if (i % 2 === 0) even++;
    else odd++;
  }
  const isSided = Math.max(even, odd) >= bytes.length / 8 && Math.min(even, odd) <= Math.max(even, odd) / 8;
  if (even + odd === 0 || !isSided) return undefined;
  return odd > even ? "utf-16le" : "utf-16be";
}

function likeliest(bytes: Uint8Array): DecodedText | undefined {
  const found = LEGACY.flatMap((encoding) => {
    const text = decoded(bytes, encoding);
    return text === undefined ? [] : [{ text, encoding, score: plausibility(bytes, text, encoding) }];
  });
  const [best] = found.toSorted((a, b) => b.score - a.score);
  if (best === undefined || best.score < LEAST_PLAUSIBLE) return undefined;
  return { text: best.text, encoding: best.encoding, isGuess: true };
}

/** 0..1: how much the characters beyond ASCII look like words. */
function plausibility(bytes: Uint8Array, text: string, encoding: Legacy): number {
  return encoding === "windows-1252" ? latinPlausibility(text) : widePlausibility(bytes, encoding);
}

/** A Latin letter with an accent stands beside plain letters, and seldom beside many of its kind. */
function latinPlausibility(text: string): number {
  let [score, count] = [0, 0];
  for (const { 0: run, index } of text.matchAll(/[^\0-\x7F]+/gu)) {
    count += run.length;
    if (!/^[\p{Script=Latin}ªº]+$/u.test(run)) score += /^[°µ±²³·–—‘’“”]$/u.test(run) ? 0.3 : 0;
    else if (run.length <= 2)
      score +=
        run.length * (/[a-z]/iu.test(text.slice(index + run.length).charAt(0) + text.charAt(index - 1)) ? 1 : 0.3);
  }
  return count === 0 ? 0 : score / count;
}

/**
 * Characters of two bytes: the common ones lie together in either table, and a single one seldom stands between Latin
 * letters.
 */
function widePlausibility(bytes: Uint8Array, encoding: "shift_jis" | "gb18030"): number {
  const [next, rate] = encoding === "shift_jis" ? [jisLength, jisRate] : [gbLength, gbRate];
  let [score, count] = [0, 0];
  for (let i = 0; i < bytes.length;) {
    if (bytes[i] < 0x80) {
      i++;
      continue;
    }
    const begin = i;
    let sum = 0;
    let run = 0;
    for (; i < bytes.length && bytes[i] >= 0x80; i += next(bytes[i], bytes[i + 1])) {
      sum += rate(bytes[i], bytes[i + 1]);
      run++;
    }
    score += run === 1 && (isLetter(bytes[begin - 1]) || isLetter(bytes[i])) ? sum * 0.2 : sum;
    count += run;
  }
  return count === 0 ? 0 : score / count;
}

const isLetter = (byte: number | undefined): boolean => byte !== undefined && /[a-z]/iu.test(String.fromCharCode(byte));

/** JIS X 0201: half-width katakana have one byte. */
const jisLength = (lead: number): number => (lead >= 0xa1 && lead <= 0xdf ? 1 : 2);

/** JIS X 0208: rows of kana and the kanji of level 1 (0x889F to 0x9872) are common, level 2 is rare. */
function jisRate(lead: number, trail: number): number {
  if (jisLength(lead) === 1) return 0.4;
  const code = lead * 256 + trail;
  if (code >= 0x889f && code <= 0x9872) return 1;
  if (code >= 0x829f && code <= 0x8396) return 1;
  if (code >= 0x8140 && code <= 0x829e) return 0.6;
  return lead <= 0xea ? 0.3 : 0;
}

/** GB 18030: a second byte that is a digit begins a character of four bytes. */
const gbLength = (_: number, trail: number): number => (trail >= 0x30 && trail <= 0x39 ? 4 : 2);

/** GB 2312: level 1 (0xB0 to 0xD7) is common, level 2 (to 0xF7) is rare; the rest is GBK's or GB 18030's. */
function gbRate(lead: number, trail: number): number {
  if (trail < 0xa1) return 0.1;
  if (lead >= 0xb0 && lead <= 0xd7) return 1;
  if (lead >= 0xa1 && lead <= 0xa3) return 0.6;
  return lead >= 0xd8 && lead <= 0xf7 ? 0.3 : 0.1;
}
