/** @file Frames that are in memory already, as a clip like any other. */
import { UserError } from "../core/errors.ts";
import type { Frame, FrameSource } from "./frame.ts";

/** A clip of these frames; their own indices and times stay. @param path what the clip is called in messages. @throws UserError `video/no-frames` */
export function frameList(frames: readonly Frame[], path: string): FrameSource {
  if (frames.length === 0) throw new UserError("video/no-frames", { what: `${path} has no frames` });
  const [{ width, height }] = frames;
  return {
    path,
    width,
    height,
    frameCount: frames.length,
    timesSec: Float64Array.from(frames, ({ timeSec }) => timeSec),
    names: frames.map(({ name }) => name),
    async *frames({ start = 0, end = frames.length } = {}) {
      yield* frames.slice(start, end);
    },
    frame: async (index) => frames[index],
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}
