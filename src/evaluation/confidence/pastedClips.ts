/** @file Clips with exact truth made of footage without labels, for fitting confidences: see `renderPastedClip`. */
import { counted } from "../../core/counted.ts";
import { UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import { type PastedFrame, renderPastedClip } from "../../synthetic/pastedClip.ts";
import { findClips } from "../../training/clipCache.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { resizeRgb } from "../../video/resize.ts";

/** Of what, how many, how large. */
export interface PastedClipsOptions {
  /** Videos, image folders, or folders of both; at least two clips. */
  readonly footage: readonly string[];
  /** Clips to make. */
  readonly count: number;
  /** Frames of each. */
  readonly frames: number;
  /** Shorter side, pixels. */
  readonly shortSide: number;
  readonly logger: Logger;
}

/** Clips of footage used at most; more are thinned out evenly. */
const MOST = 48;
/** A background clip needs so many frames. */
const LEAST_FRAMES = 10;

/**
 * Makes the clips one by one: clip i is laid over the i-th piece of footage and cut out of all others.
 * @throws UserError `calibrate/footage`
 */
export async function* pastedClips(options: PastedClipsOptions): AsyncGenerator<PastedFrame[], void, void> {
  const footage = await readFootage(options);
  for (let clip = 0; clip < options.count; clip++) {
    const background = footage[clip % footage.length];
    const donors = footage.filter((other) => other !== background);
    yield [...renderPastedClip({ background, donors, seed: clip + 1 })];
  }
}

async function readFootage({ footage, frames, shortSide, logger }: PastedClipsOptions): Promise<RgbPicture[][]> {
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
      pictures.push(shrunk(frame, shortSide));
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

function shrunk({ width: w, height: h, data }: RgbPicture, shortSide: number): RgbPicture {
  const scale = shortSide / Math.min(w, h);
  const [width, height] = [Math.round(w * scale), Math.round(h * scale)];
  return { width, height, data: resizeRgb({ width: w, height: h, data }, width, height) };
}
