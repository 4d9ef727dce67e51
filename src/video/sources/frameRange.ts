/** @file Checks of frame indices and ranges, the same for every frame source. */
import { UserError } from "../../core/errors.ts";
import type { FrameRange, FrameSource } from "../frame.ts";

type Counted = Pick<FrameSource, "path" | "frameCount">;

/** @throws UserError `video/frame-index` unless index is a whole number in [0, frameCount). */
export function checkFrameIndex(source: Counted, index: number): void {
  if (Number.isInteger(index) && index >= 0 && index < source.frameCount) return;
  throw new UserError("video/frame-index", {
    what: `${source.path} has no such frame`,
    got: `frame ${index}`,
    expected: `0 to ${source.frameCount - 1}`,
  });
}

/**
 * Fills in the defaults of a range; an `end` beyond the clip is clamped to it.
 * @throws UserError `video/frame-index` when a bound is not a whole number, negative, or start lies beyond the clip.
 */
export function resolveRange(source: Counted, range: FrameRange = {}): { start: number; end: number } {
  const { start = 0, end = source.frameCount } = range;
  const whole = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end >= 0;
  if (!whole || start > source.frameCount)
    throw new UserError("video/frame-index", {
      what: `${source.path} has no such range of frames`,
      got: `${start} to ${end}`,
      expected: `whole numbers within 0 to ${source.frameCount}`,
    });
  return { start, end: Math.min(end, source.frameCount) };
}
