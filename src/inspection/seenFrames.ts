/** @file Frames of a clip with their features and motion, computed only for the frames that are needed. */
import type { CueFrame } from "../method/cue.ts";
import type { FeatureExtractor, FeatureMap, PictureSize } from "../method/features.ts";
import type { MotionMap } from "../motion/motionEstimator.ts";
import type { MotionSequence } from "../motion/motionSequence.ts";
import type { Frame, FrameSource } from "../video/frame.ts";
import type { RgbPicture } from "../video/picture.ts";
import { resizeRgb } from "../video/resize.ts";

/** A frame with its features and motion. */
export interface SeenFrame {
  readonly index: number;
  /** See `Frame.name`. */
  readonly name: string;
  /** At the size used for inspection. */
  readonly picture: RgbPicture;
  readonly features: FeatureMap;
  /** Pixels of the picture per feature cell. */
  readonly stride: number;
  readonly motion: MotionMap;
}

/** The clip, and what processes its frames. */
export interface Seeing {
  readonly source: FrameSource;
  readonly encoder: FeatureExtractor;
  readonly motion: MotionSequence;
  /** The motion of the frame encoded last, from an encoder that looks for it; undefined from another. */
  readonly encoderMotion?: (() => MotionMap | undefined) | undefined;
  /** Frames are resized to this. */
  readonly size: PictureSize;
}

/**
 * Frames in order. The first of each run of indices has no motion: the frame before it is not read.
 * @param indices ascending, within the clip.
 */
export async function* seenFrames(seeing: Seeing, indices: readonly number[]): AsyncGenerator<SeenFrame, void, void> {
  const { source, encoder, motion, encoderMotion, size } = seeing;
  for (const [start, end] of runs(indices)) {
    encoder.restart?.();
    motion.restart();
    for await (const frame of source.frames({ start, end })) {
      const picture = seen(frame, size);
      const features = await encoder.encode(picture);
      const map = encoderMotion?.() ?? (await motion.next(picture));
      yield { index: frame.index, name: frame.name, picture, features, stride: encoder.stride, motion: map };
    }
  }
}

/** Consecutive indices as half-open ranges. */
export function runs(indices: readonly number[]): [start: number, end: number][] {
  const found: [number, number][] = [];
  for (const index of indices) {
    const last = found.at(-1);
    if (last?.[1] === index) last[1]++;
    else found.push([index, index + 1]);
  }
  return found;
}

/** Features of single frames, without motion. */
export async function someFeatures(
  { source, encoder, size }: Seeing,
  indices: readonly number[],
): Promise<FeatureMap[]> {
  const maps: FeatureMap[] = [];
  for (const index of indices) {
    encoder.restart?.();
    maps.push(await encoder.encode(seen(await source.frame(index), size)));
  }
  return maps;
}

/** The frame at the size used for inspection. */
function seen(frame: Frame, { width, height }: PictureSize): CueFrame {
  return { width, height, data: resizeRgb(frame, width, height), index: frame.index };
}
