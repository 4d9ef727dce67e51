/** @file A frame with all that the measures share: a small grey picture, the motion since the frame before, cuts. */
import type { GreyPicture } from "../kernels/opticalFlow.ts";
import type { CellFlow } from "../motion/opticalFlow.ts";
import type { ResidualFlow } from "../motion/residualFlow.ts";
import type { RgbPicture } from "../video/picture.ts";

/** What is known of a clip before its frames are read. */
export interface ClipInfo {
  readonly width: number;
  readonly height: number;
  readonly frameCount: number;
  /** Seconds of every frame, ascending. */
  readonly timesSec: Float64Array;
  /** Of the video file; undefined for images. */
  readonly fileBytes?: number | undefined;
}

/** Mean frames a second; 0 for a single frame. */
export function meanRate({ timesSec }: ClipInfo): number {
  const seconds = (timesSec.at(-1) ?? 0) - timesSec[0];
  return seconds > 0 ? (timesSec.length - 1) / seconds : 0;
}

/** Motion from the frame before. */
export interface FrameMotion {
  /** Frame pixels: where the contents of each cell were in the frame before. */
  readonly flow: CellFlow;
  /** What is left of it without the camera's motion, and that motion. */
  readonly residual: ResidualFlow;
}

/** A frame as the measures see it; valid until the next one comes. */
export interface FrameView {
  readonly index: number;
  readonly timeSec: number;
  readonly picture: RgbPicture;
  /** Luma in 0..255, the mean over squares of `factor` × `factor` pixels. */
  readonly small: GreyPicture;
  /** Pixels of the frame to a side of a small picture's pixel. */
  readonly factor: number;
  /** The frame before, without its motion; undefined for the first one. */
  readonly previous?: PreviousView | undefined;
  /** Undefined for the first frame, and where the two frames do not belong together. */
  readonly motion?: FrameMotion | undefined;
  /** Whether another shot begins here. */
  readonly cut: boolean;
  /** Whether measures that need every pixel look at this frame: one in `DETAIL_EVERY`, more of short clips. */
  readonly detailed: boolean;
  /** Luma of every pixel, `[height, width]` in 0..255; made when first asked for. */
  readonly luma: () => Float32Array;
}

/** What is kept of the frame before. */
export type PreviousView = Pick<FrameView, "index" | "timeSec" | "picture" | "small" | "luma">;

/** A place in a clip. */
export interface Place {
  /** Index of the frame. */
  readonly frame: number;
  /** Seconds on the clip's own clock. */
  readonly timeSec: number;
}
