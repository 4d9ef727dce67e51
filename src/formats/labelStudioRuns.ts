/**
 * @file The run lengths of Label Studio's brush (rle-pack of thi.ng/umbrella; `brush.py` of the Label Studio SDK): bits,
 * the highest first. 32 bits: number of values; 5 bits: bits of a value, less 1; four times 4 bits: sizes of a count, less
 * 1. Then, until all values are there: 1 bit: whether a run or values one by one follow; 2 bits: which size the count has;
 * the count, less 1; the run's value, or as many values. Values are red, green, blue and alpha of each pixel along the rows;
 * alpha is the mask.
 */
import { UserError } from "../core/errors.ts";
import type { FrameSize } from "../annotations/point.ts";
import { requirePictureSize } from "./limits.ts";

/** Bits of a count, as Label Studio writes them. */
const SIZES = [3, 4, 8, 16];

/** From this alpha on a pixel is marked: brushes have soft edges. */
const MARKED = 128;

class Bits {
  private readonly bytes: readonly number[];
  private at = 0;

  constructor(bytes: readonly number[]) {
    this.bytes = bytes;
  }

  /** Undefined at the end. */
  read(count: number): number | undefined {
    if (this.at + count > this.bytes.length * 8) return undefined;
    let value = 0;
    for (let i = 0; i < count; i++, this.at++)
      value = value * 2 + ((this.bytes[this.at >> 3] >> (7 - (this.at & 7))) & 1);
    return value;
  }
}

/**
 * `[height, width]`, 1 = marked.
 * @param where for messages. @throws UserError `format/value`, `format/limit`
 */
export function brushMask(bytes: readonly number[], size: FrameSize, where: string): Uint8Array {
  const { width, height } = requirePictureSize(size, where);
  const bits = new Bits(bytes);
  const read = (count: number): number =>
    bits.read(count) ?? refuse(where, "an end in the middle", "values for all pixels");
  const length = read(32);
  if (length !== width * height * 4) refuse(where, `${length} values`, `${width * height * 4} for ${width}x${height}`);
  const wordSize = read(5) + 1;
  const sizes = SIZES.map(() => read(4) + 1);
  const mask = new Uint8Array(width * height);
  for (let at = 0; at < length;) {
    const isRun = read(1) === 1;
    const end = at + read(sizes[read(2)]) + 1;
    if (end > length) refuse(where, `a run to value ${end}`, `at most ${length}`);
    const run = isRun ? read(wordSize) : 0;
    for (; at < end; at++) {
      const value = isRun ? run : read(wordSize);
      if (at % 4 === 3 && value >= MARKED) mask[at >> 2] = 1;
    }
  }
  return mask;
}

function refuse(where: string, got: string, expected: string): never {
  throw new UserError("format/value", { what: `${where}: the brush's run lengths are damaged`, got, expected });
}

/** The bytes of a mask; all four values of a marked pixel are 255. @param mask `[height, width]`, 1 = marked */
export function brushBytes(mask: Uint8Array): number[] {
  const bytes: number[] = [];
  let [current, filled] = [0, 0];
  const write = (value: number, count: number): void => {
    for (let i = count - 1; i >= 0; i--) {
      current = (current << 1) | (Math.floor(value / 2 ** i) & 1);
      if (++filled < 8) continue;
      bytes.push(current);
      [current, filled] = [0, 0];
    }
  };
  write(mask.length * 4, 32);
  write(7, 5);
  for (const size of SIZES) write(size - 1, 4);
  for (let from = 0; from < mask.length;) {
    let to = from + 1;
    while (to < mask.length && mask[to] === mask[from]) to++;
    for (let left = (to - from) * 4; left > 0;) {
      const count = Math.min(left, 2 ** 16);
      const which = SIZES.findIndex((size) => count <= 2 ** size);
      write(1, 1);
      write(which, 2);
      write(count - 1, SIZES[which]);
      write(mask[from] === 0 ? 0 : 255, 8);
      left -= count;
    }
    from = to;
  }
  if (filled > 0) write(0, 8 - filled);
  return bytes;
}
