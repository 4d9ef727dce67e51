/** @file What an encoder gives, and the border behind which encoders can be exchanged. */
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
  /** What the clip's activations have reached with this picture; only of an encoder that computed in int8. */
  readonly reached?: Reached;
}

/** The largest values of an encoder's activations, by layer. */
export type Reached = Readonly<Record<string, readonly number[]>>;

/** Where in its clip the next picture lies, when the ones before it are not encoded now. */
export interface EncoderStart {
  /** Pictures of the clip before it. */
  readonly count: number;
  /** As it was when those were encoded; null where that is not known or does not matter. */
  readonly reached: Reached | null;
}

/** Pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * An encoder's arithmetic: `int8` takes a quarter of the time on processors with dot products of bytes, and features differ a
 * little. An encoder that knows only float32 (the device `webgpu`, other encoders) may use it for both.
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
   * What was encoded before is no neighbour of what comes next, and no measure for its range of values.
   * @param at where its clip goes on; default: it begins.
   */
  restart?(at?: EncoderStart): void;
  /** As `encode` of the picture resized by `resizeRgb`; there where that can be done beside the caller's thread. */
  encodeResized?(picture: CueFrame, size: PictureSize, precision?: Precision): Promise<FeatureMap>;
}
