/** @file Counts the cuts detected in clips of one shot each, and at the borders between clips. */
import { type Logger, silent } from "../../core/log.ts";
import { CutDetector } from "../../motion/cutDetector.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { resizeRgb } from "../../video/resize.ts";

/** One frame. */
export interface JudgedFrame {
  readonly clip: string;
  /** Index in the clip; 0 at a border. */
  readonly frame: number;
  readonly likeness: number;
  readonly cut: boolean;
}

/** The outcome. */
export interface CutScore {
  /** Frames that continue the one before; a cut there is a false alarm, unless the clip has one. */
  readonly within: readonly JudgedFrame[];
  /** First frames of a clip after the last of another; no cut there is a miss, unless both show one place. */
  readonly borders: readonly JudgedFrame[];
  /** Milliseconds of processor time a frame, decoding not included. */
  readonly millisecondsPerFrame: number;
}

/** Options of `countCuts`. */
export interface CutBenchmarkOptions {
  /** At most so many frames of a clip. */
  readonly frames: number;
  readonly logger?: Logger | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Runs the detector through the clips, one after the other. */
export async function countCuts(clips: readonly string[], options: CutBenchmarkOptions): Promise<CutScore> {
  const { frames, logger = silent, signal } = options;
  const detector = new CutDetector();
  const [within, borders]: JudgedFrame[][] = [[], []];
  let microseconds = 0;
  for (const [index, clip] of clips.entries()) {
    signal?.throwIfAborted();
    logger.progress(`${clip} (${index + 1} of ${clips.length})`);
    await using source = await openFrameSource(clip, { logger });
    for await (const frame of source.frames({ end: Math.min(frames, source.frameCount) })) {
      const picture = sameSize(frame);
      const begin = process.cpuUsage();
      const verdict = detector.next(picture);
      const { user, system } = process.cpuUsage(begin);
      microseconds += user + system;
      if (index > 0 || frame.index > 0)
        (frame.index === 0 ? borders : within).push({ clip, frame: frame.index, ...verdict });
    }
  }
  return { within, borders, millisecondsPerFrame: microseconds / 1000 / (within.length + borders.length) };
}

/** Clips of several sizes follow one another, so all get one. */
const SIZE = { width: 320, height: 180 };

function sameSize(picture: RgbPicture): RgbPicture {
  return { ...SIZE, data: resizeRgb(picture, SIZE.width, SIZE.height) };
}
