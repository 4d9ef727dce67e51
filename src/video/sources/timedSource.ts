/** @file What frame sources have in common: the table of their frames' times and names, and frames made from it. */
import type { Frame, FrameRange, FrameSource } from "../frame.ts";
import type { RgbPicture } from "../picture.ts";

/** A clip's frames, before any of them is decoded. */
export interface FrameTable {
  readonly path: string;
  /** Size of every frame, pixels. */
  readonly width: number;
  readonly height: number;
  /** See `FrameSource.timesSec`. */
  readonly timesSec: Float64Array;
  /** See `Frame.name`; one for each time. */
  readonly names: readonly string[];
}

/** A source whose frames are known by index; subclasses decode them. */
export abstract class TimedSource implements FrameSource {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly frameCount: number;
  readonly timesSec: Float64Array;
  readonly names: readonly string[];

  protected constructor({ path, width, height, timesSec, names }: FrameTable) {
    this.path = path;
    this.width = width;
    this.height = height;
    this.frameCount = timesSec.length;
    this.timesSec = timesSec;
    this.names = names;
  }

  abstract frames(range?: FrameRange): AsyncIterable<Frame>;
  abstract frame(index: number): Promise<Frame>;
  abstract close(): Promise<void>;

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The decoded picture of this index as a frame. */
  protected framed(index: number, { width, height, data }: RgbPicture): Frame {
    return { index, timeSec: this.timesSec[index], name: this.names[index], width, height, data };
  }
}
