/** @file What the parts make their inputs from: the frames of a batch, and what was measured on them. */
import type { CheckedFlow } from "../../kernels/opticalFlow.ts";
import type { SampledClusters } from "../../method/multiClusterSampler.ts";
import type { MotionMap } from "../../motion/motionEstimator.ts";
import type { RgbPicture } from "../../video/picture.ts";
import type { AffineView, rectangleView } from "../affineView.ts";
import type { ClipSegment } from "../clipCache.ts";
import type { PictureSize } from "../../method/features.ts";

/** One pair apart in time: its frames, target first. */
export interface TemporalPair {
  /** Where its frames come from, and their places there. */
  readonly segment: ClipSegment;
  readonly indices: readonly number[];
  readonly view: AffineView;
  /** Of the whole frames. */
  readonly frame: PictureSize;
  /** Whole frames' motion, when a part needs it. */
  readonly motion: readonly MotionMap[];
  /** The frames as cut, `[3, S, S]` Lab with all channels. */
  readonly labs: readonly Float32Array[];
}

/** The pictures of a batch, and their motion. */
export interface PictureMaterial {
  readonly pairs: readonly TemporalPair[];
  /** Motion as the views show it, `[pair][frame]`; no frames where no part needs motion. */
  readonly motion: readonly (readonly MotionMap[])[];
  /** m̂ of each target's cells `[h, w]` in 0..1; none where no part needs motion. */
  readonly strengths: readonly Float32Array[];
}

/** Everything that is known of a batch. */
export interface Material extends PictureMaterial {
  /** By pair, with a part that cuts frames into regions. */
  readonly regions: readonly SampledClusters[] | undefined;
  /** Pairs that a part cut for itself. */
  readonly views: readonly ViewPair[];
}

/** What a pair of views is cut from. */
export interface PairOrigin {
  /** The first view's frame, and the second view's if it is another one. */
  readonly pictures: readonly RgbPicture[];
  /** The part of the first frame that the first view shows. */
  readonly crop: Parameters<typeof rectangleView>[0];
  /** From the first frame to the second; undefined: both views show the first. */
  readonly flow: CheckedFlow | undefined;
}

/** Two views, `[S, S, 3]` 8-bit RGB each, and what corresponds. */
export interface ViewPair {
  readonly views: readonly [Uint8Array, Uint8Array];
  readonly at: PairCorrespondences;
}

/** Where N sampled cells of the first view lie in the second. */
export interface PairCorrespondences {
  /** Cells of the first view, `[N]`, in 0..cells²−1. */
  readonly queries: Int32Array;
  /** Bilinear weights of the second view's rows and columns, `[N, cells]` each. */
  readonly rows: Float32Array;
  readonly columns: Float32Array;
  /** 1, or 0 where the point lies outside the second view or the picture, `[N]`. */
  readonly valid: Float32Array;
}
