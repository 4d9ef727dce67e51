/**
 * @file The interface of cues. A cue knows something about a frame beside its colours (what moves by itself, how
 * far away it is) and gives it as planes that are fused into what the encoder sees (motionEnhancement.ts).
 */
import type { RgbPicture } from "../video/picture.ts";

/** A frame as a cue sees it: at the encoder's size. */
export interface CueFrame extends RgbPicture {
  /** Its position in the clip, for cues that are recorded frame by frame; undefined where it is not known. */
  readonly index?: number | undefined;
}

/** What an encoder's graph has to know of a cue. */
export interface CueShape {
  /** Names the input of the planes, and the factors `NAME.alpha` they are fused with. */
  readonly name: string;
  /** How many planes: 3, or 1 that is added to all channels of a frame. */
  readonly channels: number;
}

/** Planes of frames that come in order; it holds all the state that they depend on. One call at a time. */
export interface Cue extends CueShape, AsyncDisposable {
  /**
   * Frames before a frame that its planes depend on; 0 where every frame stands alone, at most 2: so many frames are
   * encoded again where tracking resumes.
   */
  readonly lookBack: number;
  /**
   * The next frame does not follow those before it.
   * @param before frames just before the next one, oldest first; default none: a clip begins.
   */
  restart(before?: readonly CueFrame[]): void;
  /** @returns `[channels, height, width]` float32 of the frame's size, values in −1..1; 0 where nothing is known. */
  next(frame: CueFrame): Promise<Float32Array>;
}
