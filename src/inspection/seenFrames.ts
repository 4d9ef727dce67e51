/** @file Frames of a clip with what the method sees in them: features and motion, only where somebody looks. */
import type { FeatureExtractor, FeatureMap, PictureSize } from "../method/features.ts";
import type { MotionEstimator, MotionMap } from "../motion/motionEstimator.ts";
import type { FrameSource } from "../video/frame.ts";
import type { RgbPicture } from "../video/picture.ts";
import { resizeRgb } from "../video/resize.ts";

/** A frame and what is known of it. */
export interface SeenFrame {
  readonly index: number;
  /** See `Frame.name`. */
  readonly name: string;
  /** At the size that is looked at. */
  readonly picture: RgbPicture;
  readonly features: FeatureMap;
  /** Pixels of the picture per feature cell. */
  readonly stride: number;
  readonly motion: MotionMap;
}

/** What looks at the frames. */
export interface Seeing {
  readonly source: FrameSource;
  readonly encoder: FeatureExtractor;
  readonly motion: MotionEstimator;
  /** Frames are brought to this size. */
  readonly size: PictureSize;
}

/** Frames that motion estimators look at, the one asked about included. */
const MOTION_FRAMES = 3;

/**
 * Frames in order. The first of each run of indices has no motion: nothing before it is looked at.
 * @param indices ascending, within the clip.
 */
export async function* seenFrames(seeing: Seeing, indices: readonly number[]): AsyncGenerator<SeenFrame, void, void> {
  const { source, encoder, motion, size } = seeing;
  for (const [start, end] of runs(indices)) {
    encoder.restart?.();
    let recent: RgbPicture[] = [];
    for await (const frame of source.frames({ start, end })) {
      const picture = { ...size, data: resizeRgb(frame, size.width, size.height) };
      recent = [...recent.slice(1 - MOTION_FRAMES), picture];
      const features = await encoder.encode(picture);
      const map = await motion.estimate(recent);
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
    const frame = await source.frame(index);
    maps.push(await encoder.encode({ ...size, data: resizeRgb(frame, size.width, size.height) }));
  }
  return maps;
}
