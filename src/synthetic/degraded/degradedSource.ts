/** @file A clip whose frames are changed, left out or resized on the way. */
import type { Frame, FrameRange, FrameSource } from "../../video/frame.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { resolveRange } from "../../video/sources/frameRange.ts";
import { TimedSource } from "../../video/sources/timedSource.ts";

/** How a clip is changed. */
export interface Change {
  /** Indices of the frames that stay, ascending. */
  readonly indices: readonly number[];
  /** Of the pictures that `picture` makes. */
  readonly width: number;
  readonly height: number;
  /** The changed picture of a frame. */
  readonly picture: (frame: Frame) => Promise<RgbPicture>;
  /** What the labels of a frame become. @param index of the clip as it was */
  readonly labels: (labels: LabelMap, index: number) => LabelMap;
  /** Ends what the pictures are made with. */
  readonly close?: () => Promise<void>;
}

/** A changed clip. */
export interface DegradedClip {
  /** Does not close the clip that it is made of. */
  readonly source: FrameSource;
  /** Indices that its frames had. */
  readonly indices: readonly number[];
  readonly labels: Change["labels"];
}

/** The clip with this change. */
export function degradedClip(source: FrameSource, change: Change): DegradedClip {
  return { source: new DegradedSource(source, change), indices: change.indices, labels: change.labels };
}

class DegradedSource extends TimedSource {
  private readonly origin: FrameSource;
  private readonly change: Change;

  constructor(origin: FrameSource, change: Change) {
    const { indices, width, height } = change;
    super({
      path: origin.path,
      width,
      height,
      timesSec: Float64Array.from(indices, (i) => origin.timesSec[i]),
      names: indices.map((i) => origin.names[i]),
    });
    this.origin = origin;
    this.change = change;
  }

  async *frames(range?: FrameRange): AsyncGenerator<Frame> {
    const { start, end } = resolveRange(this, range);
    const { indices, picture } = this.change;
    if (start >= end) return;
    let next = start;
    for await (const frame of this.origin.frames({ start: indices[start], end: indices[end - 1] + 1 }))
      if (frame.index === indices[next]) yield this.framed(next++, await picture(frame));
  }

  async frame(index: number): Promise<Frame> {
    return this.framed(index, await this.change.picture(await this.origin.frame(this.change.indices[index])));
  }

  async close(): Promise<void> {
    await this.change.close?.();
  }
}
