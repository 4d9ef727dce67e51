/** @file What can be wrong with a video file, in the same words whichever backend finds it out. */
import { counted } from "../../core/counted.ts";
import { UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";

/** @param why the backend's own words */
export function unreadable(path: string, why: string): UserError {
  return new UserError("video/unreadable", {
    what: `cannot read ${path} as a video: ${why}`,
    expected: "an intact video file (mp4, mov, avi, mkv, webm, gif) or a folder of images",
    todo: "check that the file is complete, for example by playing it",
  });
}

/** For sound files and the like. */
export function noVideo(path: string): UserError {
  return new UserError("video/no-video", { what: `${path} has no video in it`, todo: "name a video file" });
}

/** For files with a sound header and nothing after it. */
export function noFrames(path: string): UserError {
  return new UserError("video/no-frames", {
    what: `no frame of ${path} can be decoded`,
    expected: "at least one intact frame",
    todo: "check that the file is complete, for example by playing it",
  });
}

/** When a file no longer yields the frames that were found when it was opened. */
export function changed(path: string): UserError {
  return new UserError("video/changed", { what: `${path} changed while it was being read`, todo: "open it again" });
}

/** When frames are asked of a source after `close`. */
export function closed(path: string): UserError {
  return new UserError("video/closed", { what: `${path} was closed while its frames were being read` });
}

/** How a first pass over a file went. */
export interface PassResult {
  /** Packets or pictures that could not be decoded. */
  readonly damaged: number;
  /** The times of pictures that the decoder left out, see `lostPictures`, seconds, ascending. */
  readonly lostSec: readonly number[];
  /** The length that the header states, seconds; NaN when it states none. */
  readonly statedSec: number;
  /** Times of the frames that decode. */
  readonly timesSec: Float64Array;
  /** How long the last of them is shown: its own duration where it has one, else the nominal one, seconds. */
  readonly lastSec: number;
}

/** How much shorter than its header a file may be before we say so: containers round, and audio may be longer. */
const TOLERANCE_SEC = 0.5;

/** Warns when pictures were damaged or lost, or the file ends well before the length that its header states. */
export function warnIfIncomplete(path: string, pass: PassResult, logger: Logger): void {
  const { damaged, lostSec, statedSec, timesSec, lastSec } = pass;
  const count = timesSec.length;
  const reachedSec = timesSec[count - 1] - timesSec[0];
  if (lostSec.length > 0)
    logger.warn(
      `${path} is damaged: ${lostSec.length} of ${count + lostSec.length} pictures could not be decoded, ${between(lostSec)}; the clip has ${counted(count, "frame")}`,
    );
  else if (damaged > 0)
    logger.warn(
      `${path} is damaged: ${counted(damaged, "packet")} could not be decoded; the clip has ${counted(count, "frame")}`,
    );
  else if (statedSec > reachedSec + TOLERANCE_SEC + lastSec)
    logger.warn(
      `${path} seems cut off: its header states ${statedSec.toFixed(1)} s, but only ${counted(count, "frame")} over ${reachedSec.toFixed(1)} s can be decoded`,
    );
}

function between(timesSec: readonly number[]): string {
  const [first, last] = [timesSec[0], timesSec[timesSec.length - 1]].map((time) => time.toFixed(2));
  return first === last ? `at ${first} s` : `between ${first} s and ${last} s`;
}

/** Says which of several video tracks is read. */
export function warnOfTracks(path: string, tracks: number, logger: Logger): void {
  if (tracks > 1) logger.warn(`${path} has ${tracks} video tracks: the first one is read`);
}
