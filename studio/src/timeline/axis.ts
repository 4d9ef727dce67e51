/** @file Which frames the timeline shows, and where. */

/** Frames from `from` to `to`, which is outside; fractions while zooming. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** At least so many frames stay in sight. */
const LEAST = 8;

export const wholeRange = (frameCount: number): Range => ({ from: 0, to: Math.max(1, frameCount) });

/** Position of a frame's left edge, 0..width. */
export const positionOf = ({ from, to }: Range, width: number, frame: number): number =>
  ((frame - from) / (to - from)) * width;

/** The frame at a position. */
export const frameAt = ({ from, to }: Range, width: number, x: number): number =>
  Math.floor(from + (x / Math.max(1, width)) * (to - from));

/** Less or more, so that the frame at a share of the width stays there. */
export function rescaled({ from, to }: Range, factor: number, share: number, frameCount: number): Range {
  const span = Math.min(frameCount, Math.max(Math.min(LEAST, frameCount), (to - from) * factor));
  return within(from + share * (to - from - span), span, frameCount);
}

/** Moved so that a frame is in sight. */
export function showing({ from, to }: Range, frame: number, frameCount: number): Range {
  const span = to - from;
  if (frame < from) return within(frame - span * 0.1, span, frameCount);
  if (frame + 1 > to) return within(frame + 1 - span * 0.9, span, frameCount);
  return { from, to };
}

function within(from: number, span: number, frameCount: number): Range {
  const start = Math.max(0, Math.min(frameCount - span, from));
  return { from: start, to: start + span };
}

/** Frames between two numbers of the ruler: 1, 2 or 5 times a power of ten. */
export function tickStep({ from, to }: Range, width: number, apart = 64): number {
  const least = Math.max(1, ((to - from) * apart) / Math.max(1, width));
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= least) ?? least;
}
