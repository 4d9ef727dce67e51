/** @file What an encoder gives, and the border behind which encoders can be exchanged. */
import type { RgbPicture } from "../video/picture.ts";

/** Features of one frame. */
export interface FeatureMap {
  readonly channels: number;
  /** Cells, `ceil(frame height / stride)`. */
  readonly height: number;
  /** Cells, `ceil(frame width / stride)`. */
  readonly width: number;
  /** `[channels, height, width]` float32, not normalised. */
  readonly data: Float32Array;
}

/** Pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * An encoder's arithmetic: `int8` takes a quarter of the time on processors with dot products of bytes, and features differ a
 * little. Whoever knows only float32 (the device `webgpu`, other encoders) may take it for both.
 */
export type Precision = "float32" | "int8";

/** An encoder φ ready to run: any frame size, padding handled inside and cropped away again. */
export interface FeatureExtractor extends AsyncDisposable {
  /** A name for summaries, for example `small`. */
  readonly name: string;
  /** Pixels per cell, s. */
  readonly stride: number;
  /** Feature channels, d. */
  readonly channels: number;
  /**
   * Frames of a clip are encoded in order: with MEE, what moved since the frame before is added.
   * @param precision default `float32`
   */
  encode(picture: RgbPicture, precision?: Precision): Promise<FeatureMap>;
  /** A new clip begins: what was encoded before is no neighbour of what comes next, and no measure for its range of values. */
  restart?(): void;
  /** As `encode` of the picture resized by `resizeRgb`; there where that can be done beside the caller's thread. */
  encodeResized?(picture: RgbPicture, size: PictureSize, precision?: Precision): Promise<FeatureMap>;
}
