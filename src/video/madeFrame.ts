/** @file Pictures that were made or taken out of their clip, as frames of one of their own. */
import type { Frame } from "./frame.ts";
import type { RgbPicture } from "./picture.ts";

/** The frame of a clip whose first one is at 0 s. @param fps frames a second. */
export function madeFrame({ width, height, data }: RgbPicture, index: number, fps: number): Frame {
  return { index, timeSec: index / fps, name: String(index).padStart(5, "0"), width, height, data };
}
