/** @file The border between footage and everything else: frames, their times, and where they come from. */

/** One decoded picture. */
export interface Frame {
  /** Position in the decoded sequence, from 0. */
  readonly index: number;
  /** Seconds from the timestamp table (never index / fps). */
  readonly timeSec: number;
  /** Name of the outputs for this frame, without extension: the image's own name, or the index in five digits. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** sRGB, `[height, width, 3]` uint8, rotation metadata already applied. */
  readonly data: Uint8Array;
}

/** A half-open range of frame indices. */
export interface FrameRange {
  /** First index; default 0. */
  readonly start?: number;
  /** One past the last index; default the frame count. */
  readonly end?: number;
}

/** A clip whose frames can be read in order with bounded memory, or one by one exactly. */
export interface FrameSource extends AsyncDisposable {
  /** The file or folder. */
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** The number of decodable frames; exact, from the timestamp table. */
  readonly frameCount: number;
  /** Seconds of every frame, ascending, the container's own clock (a start offset is kept). */
  readonly timesSec: Float64Array;
  /** Names of every frame, see `Frame.name`. */
  readonly names: readonly string[];
  /** Frames in order, decoded on demand. */
  frames(range?: FrameRange): AsyncIterable<Frame>;
  /** Exactly the frame with this index. */
  frame(index: number): Promise<Frame>;
  close(): Promise<void>;
}
