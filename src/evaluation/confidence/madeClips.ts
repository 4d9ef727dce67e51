/**
 * @file Clips with exact truth made of footage without labels, for fitting confidences: see `renderPastedClip` and
 * `renderAbsentClip`.
 */
import { ABSENCES, renderAbsentClip, type ThingFrame } from "../../synthetic/absentClip.ts";
import { Patch } from "../../synthetic/patch.ts";
import { type PastedFrame, renderPastedClip } from "../../synthetic/pastedClip.ts";
import type { LabelledFrame } from "../../synthetic/productionLine.ts";
import { Random } from "../../core/random.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { asSeenIn, type Footage } from "./footage.ts";

/** Mean radius of a piece of footage, as a part of the shorter side; its size in the made clip does not depend on it. */
const PIECE_RADIUS = 0.2;

/** Two clips: patches that move about, and a thing that is out of sight for a while. */
export interface MadeClips {
  readonly pasted: readonly PastedFrame[];
  readonly absent: readonly LabelledFrame[];
}

/**
 * Makes the clips one by one: the i-th are laid over the i-th piece of footage and cut out of others.
 * @param count of each kind.
 */
export function* madeClips(footage: Footage, count: number): Generator<MadeClips, void, void> {
  for (let clip = 0; clip < count; clip++) {
    const scene = sceneOf(footage, clip);
    yield { pasted: pastedClip(scene, clip), absent: absentClip(scene, clip) };
  }
}

/** Ways to make the clips with pasted patches alone, in order: the same clips as those of `madeClips`. */
export function pastedClips(footage: Footage, count: number): (() => PastedFrame[])[] {
  return Array.from({ length: count }, (_, clip) => () => pastedClip(sceneOf(footage, clip), clip));
}

/** What a clip is laid over, and what is cut out. */
interface Scene {
  readonly background: readonly RgbPicture[];
  readonly donors: readonly (readonly RgbPicture[])[];
}

function sceneOf(footage: Footage, clip: number): Scene {
  const seen = asSeenIn(footage, clip);
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
