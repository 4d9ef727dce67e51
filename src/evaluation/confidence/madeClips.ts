/**
 * @file Clips with exact truth made of footage without labels, for fitting confidences: see `renderPastedClip` and
 * `renderAbsentClip`.
 */
import { counted } from "../../core/counted.ts";
import { UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import { ABSENCES, renderAbsentClip, type ThingFrame } from "../../synthetic/absentClip.ts";
import { Patch } from "../../synthetic/patch.ts";
import { type PastedFrame, renderPastedClip } from "../../synthetic/pastedClip.ts";
import type { LabelledFrame } from "../../synthetic/productionLine.ts";
import { Random } from "../../core/random.ts";
import { findClips } from "../../training/clipCache.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { lumaAt } from "../../video/luma.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { atShortSide } from "../../video/resize.ts";

/** Of what, how many, how large. */
export interface MadeClipsOptions {
  /** Videos, image folders, or folders of both; at least two clips. */
  readonly footage: readonly string[];
  /** Clips to make of each kind. */
  readonly count: number;
  /** Frames of footage read of each clip, and of every clip with pasted patches. */
  readonly frames: number;
  /** Shorter side, pixels. */
  readonly shortSide: number;
  readonly logger: Logger;
}

/** Clips of footage used at most; more are thinned out evenly. */
const MOST = 48;
/** Mean radius of a piece of footage, as a part of the shorter side; its size in the made clip does not depend on it. */
const PIECE_RADIUS = 0.2;
/** One in so many clips is grey, as cameras are at night: colours must not be all that counts. */
const GREY_EVERY = 3;
/** A background clip needs so many frames. */
const LEAST_FRAMES = 10;

/** Two clips: patches that move about, and a thing that is out of sight for a while. */
export interface MadeClips {
  readonly pasted: readonly PastedFrame[];
  readonly absent: readonly LabelledFrame[];
}

/**
 * Makes the clips one by one: the i-th are laid over the i-th piece of footage and cut out of others.
 * @throws UserError `calibrate/footage`
 */
export async function* madeClips(options: MadeClipsOptions): AsyncGenerator<MadeClips, void, void> {
  const footage = await readFootage(options);
  for (let clip = 0; clip < options.count; clip++) {
    const scene = sceneOf(footage, clip);
    yield { pasted: pastedClip(scene, clip), absent: absentClip(scene, clip) };
  }
}

/**
 * Ways to make the clips with pasted patches alone, in order: the same clips as those of `madeClips`.
 * @throws UserError `calibrate/footage`
 */
export async function pastedClips(options: MadeClipsOptions): Promise<(() => PastedFrame[])[]> {
  const footage = await readFootage(options);
  return Array.from({ length: options.count }, (_, clip) => () => pastedClip(sceneOf(footage, clip), clip));
}

/** What a clip is laid over, and what is cut out. */
interface Scene {
  readonly background: readonly RgbPicture[];
  readonly donors: readonly (readonly RgbPicture[])[];
}

function sceneOf(footage: readonly (readonly RgbPicture[])[], clip: number): Scene {
  const seen = clip % GREY_EVERY === GREY_EVERY - 1 ? footage.map((frames) => frames.map(grey)) : footage;
  const background = seen[clip % seen.length];
  return { background, donors: seen.filter((other) => other !== background) };
}

function pastedClip(scene: Scene, clip: number): PastedFrame[] {
  return [...renderPastedClip({ ...scene, seed: clip + 1 })];
}

/** Every kind of absence in turn; the thing is a piece of one donor, another one is what hides it or is cut in. */
function absentClip({ background, donors }: Scene, clip: number): LabelledFrame[] {
  const random = new Random(clip + 1);
  const [thing, foreign] = [random.choose(donors), random.choose(donors)];
  const { width, height } = background[0];
  const absence = ABSENCES[clip % ABSENCES.length];
  const piece = pieceOf(thing, random);
  return [...renderAbsentClip({ absence, thing: piece, background, foreign, width, height, seed: clip + 1 })];
}

/** A piece of footage with an outline of its own. */
function pieceOf(frames: readonly RgbPicture[], random: Random): ThingFrame[] {
  const cut = { x: random.uniform(0.3, 0.7), y: random.uniform(0.3, 0.7) };
  const swing = { x: 0, y: 0, period: 1 };
  const still = { velocity: { x: 0, y: 0 }, swing, spin: 0, growth: 1 };
  const patch = new Patch({ ...still, radius: PIECE_RADIUS, start: cut, cut }, random);
  return frames.map((picture, time) => {
    const { width, height } = picture;
    const owners = new Uint8Array(width * height);
    patch.draw({ width, height, data: picture.data.slice() }, picture, owners, { label: 1, time });
    return { picture, mask: { width, height, data: owners } };
  });
}

async function readFootage({ footage, frames, shortSide, logger }: MadeClipsOptions): Promise<RgbPicture[][]> {
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

/** Luma (Rec. 601) instead of colours. */
function grey({ width, height, data }: RgbPicture): RgbPicture {
  const out = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) out.fill(Math.round(lumaAt(data, i)), i, i + 3);
  return { width, height, data: out };
}
