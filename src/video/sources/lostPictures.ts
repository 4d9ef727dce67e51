/**
 * @file Pictures that a file holds and its decoder leaves out without an error, as after a damaged reference: packets whose time no
 * decoded picture has.
 */

/** Codecs with packets that are not meant to be shown (alternative reference frames). */
const HIDDEN_FRAMES = new Set(["vp8", "vp9", "av1"]);

/** What one pass over a stream met. */
export interface StreamPass {
  /** FFmpeg's name. */
  readonly codec: string;
  /** Whether any picture is interlaced: its two fields may be packets of their own. */
  readonly interlaced: boolean;
  /** Seconds, of packets that the container does not hide; NaN where it states none. */
  readonly packetSec: readonly number[];
  /** Seconds, of pictures that were decoded; NaN where there is none. */
  readonly pictureSec: readonly number[];
}

/** @returns the times of the pictures that are missing, ascending; none where a packet is no sure sign of a picture. */
export function lostPictures({ codec, interlaced, packetSec, pictureSec }: StreamPass): number[] {
  const timed = ![...packetSec, ...pictureSec].some(Number.isNaN);
  if (!timed || interlaced || HIDDEN_FRAMES.has(codec)) return [];
  const decoded = new Set(pictureSec);
  return packetSec.filter((time) => !decoded.has(time)).sort((a, b) => a - b);
}
