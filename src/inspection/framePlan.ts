/** @file Which frames of a clip are shown, which go into the video, and which have to be read for that. */
import { UserError } from "../core/errors.ts";
import { lastingFrames, type Protocol, recentDistances } from "../tracking/protocols.ts";
import { spreadIndices } from "../video/drawing/contactSheet.ts";
import { checkFrameIndex } from "../video/sources/frameRange.ts";
import type { FrameSource } from "../video/frame.ts";

/** The user's choice of frames. */
export interface FrameChoice {
  /** Indices of the frames to show; default five, spread over the clip (the first 120 frames of a longer one). */
  readonly frames?: readonly number[] | undefined;
  /** Or every n-th frame. */
  readonly every?: number | undefined;
  /** Whether all frames from the first to the last shown are drawn, for the video. */
  readonly video: boolean;
  /** Frames from a frame back to the reference that its candidates and its value are taken from. */
  readonly gap: number;
  readonly protocol: Protocol;
}

/** Indices, each ascending. */
export interface FramePlan {
  /** Frames with pictures of their own. */
  readonly shown: readonly number[];
  /** Frames to draw: those shown and, with a video, the ones between. */
  readonly drawn: readonly number[];
  /** Frames to read: those drawn, their memory, their references, and one before each, for the motion. */
  readonly seen: readonly number[];
}

const DEFAULT_FRAMES = 5;
/** The default choice stays within this many frames, so that the video does not take hours. */
const DEFAULT_SPAN = 120;

/**
 * @throws UserError `inspect/short` for a clip of one frame, `video/frame-index` for frames beyond the end,
 * `inspect/every` for steps that leave no frame.
 */
export function planFrames(source: FrameSource, choice: FrameChoice): FramePlan {
  if (source.frameCount < 2)
    throw new UserError("inspect/short", {
      what: `${source.path} has only one frame, so nothing can move or be tracked in it`,
      expected: "a clip of two frames or more",
    });
  const shown = [...new Set(chosen(source, choice))].sort((a, b) => a - b);
  const [first, last] = [shown[0], shown[shown.length - 1]];
  const drawn = choice.video ? range(first, last) : shown;
  return { shown, drawn, seen: seenFor(drawn, choice) };
}

function chosen(source: FrameSource, { frames, every }: FrameChoice): number[] {
  for (const frame of frames ?? []) checkFrameIndex(source, frame);
  if (frames !== undefined) return [...frames];
  const { frameCount, path } = source;
  if (every !== undefined && every >= frameCount)
    throw new UserError("inspect/every", {
      what: `every ${every}th frame leaves no frame of ${path}`,
      expected: `1 to ${frameCount - 1}`,
    });
  // Frame 0 has nothing before it: no motion, no memory.
  if (every !== undefined) return range(1, frameCount - 1).filter((frame) => frame % every === 0);
  return spreadIndices(Math.min(frameCount, DEFAULT_SPAN) - 1, DEFAULT_FRAMES).map((frame) => frame + 1);
}

/** Both ends included. */
function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function seenFor(drawn: readonly number[], { protocol, gap }: FrameChoice): number[] {
  const back = lookBack(protocol, gap);
  const seen = new Set(lastingFrames(protocol));
  for (const frame of drawn) for (const other of range(Math.max(0, frame - back - 1), frame)) seen.add(other);
  const last = drawn[drawn.length - 1];
  return [...seen].filter((frame) => frame <= last).sort((a, b) => a - b);
}

/** How far back a drawn frame needs others, apart from those that every frame needs. */
export function lookBack(protocol: Protocol, gap: number): number {
  return Math.max(gap, ...recentDistances(protocol));
}
