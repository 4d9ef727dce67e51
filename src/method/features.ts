/** @file What an encoder gives, and the border behind which encoders can be exchanged. */

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

/** The part of a frame that an encoder reads: sRGB, `[height, width, 3]` uint8. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** An encoder φ ready to run: any frame size, padding handled inside and cropped away again. */
export interface FeatureExtractor extends AsyncDisposable {
  /** A name for summaries, for example `small`. */
  readonly name: string;
  /** Pixels per cell, s. */
  readonly stride: number;
  /** Feature channels, d. */
  readonly channels: number;
  encode(picture: Picture): Promise<FeatureMap>;
}
