/**
 * @file What a clip looks like, seen once and kept: its cuts, and a descriptor of some of its frames. A look is small
 * (a few hundred bytes a second), and a plan needs nothing else of the footage.
 */
import { z } from "zod";
import { CutDetector } from "../../motion/cutDetector.ts";
import type { FrameSource } from "../../video/frame.ts";
import { rgbToLab } from "../../video/lab.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { resizeRgb } from "../../video/resize.ts";

/** Cells of a descriptor. */
const COLUMNS = 8;
const ROWS = 6;
const CELLS = COLUMNS * ROWS;
/** Values of a descriptor that are colours. */
export const COLOURS = 3 * CELLS;
/** Values of a descriptor: L, a, b of each cell, and the change of L since the frame described before. */
export const DESCRIPTOR = 4 * CELLS;
/** Frames described in a second. */
const PER_SECOND = 2;
/** Frames described of a short clip, if it has them. */
const LEAST = 12;

export const lookSchema = z.strictObject({
  format: z.literal(1),
  /** The frame count of the clip it was made of. */
  frames: z.int().min(1),
  /** Frames that do not continue the one before. */
  cuts: z.array(z.int().min(1)),
  described: z.array(z.int().min(0)),
  /** Base64 of `[described, 4, 6, 8]` uint8. */
  descriptors: z.string(),
});
export type ClipLook = z.output<typeof lookSchema>;

/** Looks at all frames of a clip. @throws the signal's reason, and the UserErrors of the source */
export async function lookAt(
  source: FrameSource,
  signal: AbortSignal,
  onFrame: (index: number) => void,
): Promise<ClipLook> {
  const detector = new CutDetector();
  const every = stepOf(source);
  const cuts: number[] = [];
  const described: number[] = [];
  const descriptors: Uint8Array[] = [];
  for await (const frame of source.frames()) {
    signal.throwIfAborted();
    onFrame(frame.index);
    if (detector.next(frame).cut) cuts.push(frame.index);
    if (frame.index % every !== 0) continue;
    described.push(frame.index);
    descriptors.push(descriptorOf(frame, descriptors.at(-1)));
  }
  const all = Buffer.concat(descriptors).toString("base64");
  return { format: 1, frames: source.frameCount, cuts, described, descriptors: all };
}

/** Frames from one described to the next. */
function stepOf({ frameCount, timesSec }: FrameSource): number {
  const fps = (frameCount - 1) / Math.max(1e-6, timesSec[frameCount - 1] - timesSec[0]);
  return Math.max(1, Math.min(Math.round(fps / PER_SECOND), Math.floor(frameCount / LEAST)));
}

/**
 * What a picture looks like: `DESCRIPTOR` bytes.
 * @param before the descriptor of an earlier picture; default none: no change
 */
export function descriptorOf(frame: RgbPicture, before: Uint8Array | undefined): Uint8Array {
  const small = { width: COLUMNS, height: ROWS, data: resizeRgb(frame, COLUMNS, ROWS) };
  const colours = Uint8Array.from(rgbToLab(small), (value) => Math.round(127.5 * (1 + value)));
  const change = colours.slice(0, CELLS).map((value, i) => (before === undefined ? 0 : Math.abs(value - before[i])));
  return Buffer.concat([colours, change]);
}

/** The descriptors of a look, one per described frame. */
export function descriptorsOf({ described, descriptors }: ClipLook): Uint8Array[] {
  const bytes = Buffer.from(descriptors, "base64");
  return described.map((_, i) => bytes.subarray(DESCRIPTOR * i, DESCRIPTOR * (i + 1)));
}
