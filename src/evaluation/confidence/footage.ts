/** @file Footage without labels, in memory, to fit confidences to. */
import { counted } from "../../core/counted.ts";
import { UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import { findClips } from "../../training/clipCache.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { lumaAt } from "../../video/luma.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { atShortSide } from "../../video/resize.ts";

/** Which, and how much of it. */
export interface FootageOptions {
  /** Videos, image folders, or folders of both; at least two clips. */
  readonly footage: readonly string[];
  /** Frames read of each clip. */
  readonly frames: number;
  /** Shorter side, pixels. */
  readonly shortSide: number;
  readonly logger: Logger;
}

/** The frames of some clips. */
export type Footage = readonly (readonly RgbPicture[])[];

/** Clips used at most; more are thinned out evenly. */
const MOST = 48;
/** A clip needs so many frames. */
const LEAST_FRAMES = 10;
/** One in so many uses of footage is grey, as cameras are at night: colours must not be all that counts. */
const GREY_EVERY = 3;

/**
 * Reads the first frames of every clip; those with too few are left out.
 * @throws UserError `calibrate/footage`, those of reading clips
 */
export async function readFootage({ footage, frames, shortSide, logger }: FootageOptions): Promise<Footage> {
  const all = await findClips(footage);
  const paths = all.filter(
    (_, i) => all.length <= MOST || Math.floor((i * MOST) / all.length) !== Math.floor(((i - 1) * MOST) / all.length),
  );
  const clips: RgbPicture[][] = [];
  for (const path of paths) {
    logger.progress(`reading ${path}`);
    await using source = await openFrameSource(path, { logger });
    const pictures: RgbPicture[] = [];
    for await (const frame of source.frames({ end: Math.min(frames, source.frameCount) }))
      pictures.push(atShortSide(frame, shortSide));
    if (pictures.length >= LEAST_FRAMES) clips.push(pictures);
  }
  if (clips.length >= 2) return clips;
  throw new UserError("calibrate/footage", {
    what: "too little footage to make clips of",
    got: `${counted(clips.length, "clip")} of ${LEAST_FRAMES} frames or more`,
    expected: "at least 2",
    todo: "name more videos or a folder with more of them",
  });
}

/** Footage as the i-th clip that is made of it sees it: some are grey. */
export function asSeenIn(footage: Footage, i: number): Footage {
  return i % GREY_EVERY === GREY_EVERY - 1 ? footage.map((frames) => frames.map(grey)) : footage;
}

/** Luma (Rec. 601) instead of colours. */
function grey({ width, height, data }: RgbPicture): RgbPicture {
  const out = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) out.fill(Math.round(lumaAt(data, i)), i, i + 3);
  return { width, height, data: out };
}
