/** @file Frames that are already in memory, as a frame source. */
import { UserError } from "../core/errors.ts";
import type { Frame, FrameRange, FrameSource } from "./frame.ts";
import { TimedSource } from "./sources/timedSource.ts";

/**
 * A clip of these frames, which keep their own indices and times.
 * @param path the clip's name in messages.
 * @throws UserError `video/no-frames`
 */
export function frameList(frames: readonly Frame[], path: string): FrameSource {
  if (frames.length === 0) throw new UserError("video/no-frames", { what: `${path} has no frames` });
  return new FrameList(frames, path);
}

class FrameList extends TimedSource {
  private readonly all: readonly Frame[];

  constructor(all: readonly Frame[], path: string) {
    const [{ width, height }] = all;
    const timesSec = Float64Array.from(all, ({ timeSec }) => timeSec);
    super({ path, width, height, timesSec, names: all.map(({ name }) => name) });
    this.all = all;
  }

  async *frames({ start = 0, end = this.frameCount }: FrameRange = {}): AsyncGenerator<Frame> {
    yield* this.all.slice(start, end);
  }

  async frame(index: number): Promise<Frame> {
    return this.all[index];
  }

  async close(): Promise<void> {}
}
