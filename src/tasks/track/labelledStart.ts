/**
 * @file Where tracking of a live source starts: with the first frame, or with the one among the first frames that looks
 * most like the labelled picture.
 */
import type { Frame } from "../../video/frame.ts";

/** From this likeness on a frame is taken for the labelled one (`Likeness`). */
export const ALIKE = 0.8;

/** A frame that is alike enough is chosen when so many after it are less alike; these are tracked after it. */
const FRAMES_AFTER = 5;

/** What is looked for. */
export interface StartSearch {
  /** How much a frame is like the labelled one, at most 1. */
  readonly likeness: (frame: Frame) => number;
  /** The number of frames to look at, 1 or more. */
  readonly most: number;
}

/** The frame to start with. */
export interface LabelledStart {
  readonly frame: Frame;
  /** Those that came after it while the search went on, at most five. */
  readonly after: readonly Frame[];
  readonly likeness: number;
  /** The number of frames that were looked at. */
  readonly looked: number;
}

/**
 * The first frame that no later one surpasses: the search ends when it is alike enough and the next five are less alike,
 * or after `most` frames, or with the source.
 * @returns undefined without any frame
 */
export async function labelledStart(
  frames: AsyncIterator<Frame, unknown>,
  { likeness, most }: StartSearch,
): Promise<LabelledStart | undefined> {
  let best: { readonly frame: Frame; readonly likeness: number } | undefined;
  let after: Frame[] = [];
  let looked = 0;
  let since = 0;
  while (looked < most && !(best !== undefined && best.likeness >= ALIKE && since >= FRAMES_AFTER)) {
    const next = await frames.next();
    if (next.done === true) break;
    const frame = next.value;
    const found = likeness(frame);
    looked++;
    since++;
    if (best === undefined || found > best.likeness) [best, after, since] = [{ frame, likeness: found }, [], 0];
    else if (after.length < FRAMES_AFTER) after.push(frame);
  }
  return best && { ...best, after, looked };
}
