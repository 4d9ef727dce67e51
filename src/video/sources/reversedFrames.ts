/** @file A clip read backwards with bounded memory: pieces are decoded forwards and returned from their end. */
import type { Frame, FrameRange, FrameSource } from "../frame.ts";
import { resolveRange } from "./frameRange.ts";

/** Pictures of one piece, bytes; every piece begins with a seek, so smaller pieces cost more decoding. */
const PIECE_BYTES = 64e6;

/**
 * The frames of a range, the last one first. Holds at most one piece of about 64 MB (or one frame, if that is larger).
 * @throws UserError `video/frame-index`, `video/changed`
 */
export async function* reversedFrames(
  source: FrameSource,
  range?: FrameRange,
  pieceBytes: number = PIECE_BYTES,
): AsyncGenerator<Frame, void, void> {
  const { start, end } = resolveRange(source, range);
  const length = Math.max(1, Math.floor(pieceBytes / (source.width * source.height * 3)));
  for (let to = end; to > start; to -= length) {
    const piece: Frame[] = [];
    for await (const frame of source.frames({ start: Math.max(start, to - length), end: to })) piece.push(frame);
    for (let frame = piece.pop(); frame !== undefined; frame = piece.pop()) yield frame;
  }
}
