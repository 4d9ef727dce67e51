/**
 * @file What no honest file of labels exceeds: a file that claims more is refused before memory is taken for it.
 */
import { UserError } from "../core/errors.ts";
import type { FrameSize } from "../annotations/point.ts";

/** Bytes of a text file; one of a gigabyte would not fit a string. */
export const MOST_TEXT_BYTES = 400 * 2 ** 20;

/** Pixels of a side of a picture. */
const LONGEST_SIDE = 32_768;

/** Pixels of a picture. */
const MOST_PIXELS = 2 ** 27;

/** Frames of a clip: more than four days at 25 frames a second. */
export const MOST_FRAMES = 10_000_000;

/** Shapes that are filled in between labelled frames, in a file. */
const MOST_FILLED_IN = 2_000_000;

/** Counts the shapes that a file's key frames stand for: a few lines of text can mean any number of them. */
export class FillBudget {
  private left = MOST_FILLED_IN;

  /** @param where for messages. @throws UserError `format/limit` */
  take(count: number, where: string): void {
    this.left -= count;
    if (this.left >= 0) return;
    throw new UserError("format/limit", {
      what: `${where}: there are too many frames to fill in between key frames`,
      got: `${count} more, ${MOST_FILLED_IN - this.left} in all`,
      expected: `at most ${MOST_FILLED_IN} in a file`,
    });
  }
}

/** @throws UserError `format/limit` for a picture larger than any that can be read */
export function requirePictureSize<Size extends FrameSize>(size: Size, where: string): Size {
  const { width, height } = size;
  const isSize = [width, height].every((side) => Number.isInteger(side) && side > 0 && side <= LONGEST_SIDE);
  if (isSize && width * height <= MOST_PIXELS) return size;
  throw new UserError("format/limit", {
    what: `${where} is not the size of a picture`,
    got: `${width}x${height}`,
    expected: `whole numbers from 1 to ${LONGEST_SIDE}, at most ${MOST_PIXELS} pixels`,
  });
}

/** A size as files have it, known or not. */
interface GivenSize {
  readonly width?: number | null | undefined;
  readonly height?: number | null | undefined;
}

/** The size that all pictures have; undefined where one has another, or none. @throws UserError `format/limit` */
export function commonSize(sizes: readonly GivenSize[], where: string): FrameSize | undefined {
  const { width, height } = sizes[0] ?? {};
  const isCommon = sizes.every((size) => size.width === width && size.height === height);
  return isCommon && width && height ? requirePictureSize({ width, height }, where) : undefined;
}

/** @throws UserError `format/limit` for anything but a whole number from 0 to the last frame of the longest clip */
export function requireFrameIndex(frame: number, where: string): number {
  if (Number.isInteger(frame) && frame >= 0 && frame < MOST_FRAMES) return frame;
  throw new UserError("format/limit", {
    what: `${where} is not the index of a frame`,
    got: String(frame),
    expected: `a whole number, counted from 0 at most ${MOST_FRAMES - 1}`,
  });
}
