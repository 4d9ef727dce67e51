/** @file The output of an encoder, and the interface of encoders. */
import type { RgbPicture } from "../video/picture.ts";
import type { CueFrame } from "./cue.ts";

/** Features of one frame. */
export interface FeatureMap {
  readonly channels: number;
  /** Cells, `ceil(frame height / stride)`. */
  readonly height: number;
  /** Cells, `ceil(frame width / stride)`. */
  readonly width: number;
  /** `[channels, height, width]` float32, not normalised. */
  readonly data: Float32Array;
  /** The extremes of the clip's activations up to this picture; only of an encoder that computes in int8. */
  readonly reached?: Reached;
}

/** The largest values of an encoder's activations, by layer. */
export type Reached = Readonly<Record<string, readonly number[]>>;

/** Where in its clip the next picture lies, when the ones before it are not encoded now. */
export interface EncoderStart {
  /** Pictures of the clip before it. */
  readonly count: number;
  /** The ranges after those; null where they are not known or do not matter. */
  readonly reached: Reached | null;
}

/** Pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * An encoder's arithmetic: `int8` takes a quarter of the time on processors with dot products of bytes, and features
 * differ a little. An encoder that knows only float32 (the device `webgpu`, other encoders) may use it for both.
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
   * Frames of a clip are encoded in order: cues look back on the frames before (cue.ts).
   * @param precision default `float32`
   */
  encode(picture: CueFrame, precision?: Precision): Promise<FeatureMap>;
  /**
   * The next picture does not follow those encoded before: cues and ranges of values start over.
   * @param at where its clip continues; default: it begins.
   */
  restart?(at?: EncoderStart): void;
  /** As `encode` of the picture resized by `resizeRgb`; for encoders that can resize beside the caller's thread. */
  encodeResized?(picture: CueFrame, size: PictureSize, precision?: Precision): Promise<FeatureMap>;
  /**
   * Features of a frame, resized by `resizeRgb`, apart from its clip: without cues, and nothing of it is remembered.
   * @param precision default `float32`; `int8` takes the ranges that the clip had up to here, so that a picture of it
   * has to be encoded first.
   */
  encodeApart?(picture: RgbPicture, size: PictureSize, precision?: Precision): Promise<FeatureMap>;
}
