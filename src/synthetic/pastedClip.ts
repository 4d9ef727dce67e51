/**
 * @file Clips with exact truth out of footage without labels: patches of one clip move over another. Some pass behind
 * patches without a label, some leave the picture and come back, some have an unlabelled double; so tracking fails on
 * them in all the ways in which it fails on real objects.
 */
import { UserError } from "../core/errors.ts";
import { Random } from "../core/random.ts";
import { madeFrame } from "../video/madeFrame.ts";
import type { RgbPicture } from "../video/picture.ts";
import type { Point } from "../video/point.ts";
import { Patch, type PatchOptions } from "./patch.ts";
import type { LabelledFrame } from "./productionLine.ts";

/** The footage and the number of patches. */
export interface PastedClipOptions {
  /** Frames of the background clip; all of one size. */
  readonly background: readonly RgbPicture[];
  /** Frames of the clips that patches are cut out of; at least one clip of at least one frame. */
  readonly donors: readonly (readonly RgbPicture[])[];
  /** Labelled patches, 1..20; default 3. */
  readonly objects?: number;
  /** Determines everything random; default 1. */
  readonly seed?: number;
}

/** A place on an object in one frame. */
export interface TruePoint extends Point {
  /** False when something covers it, the outline has receded from it or it is outside the picture. */
  readonly visible: boolean;
}

/** A frame, its mask, and places on its objects. */
export interface PastedFrame extends LabelledFrame {
  /** Those that are visible in the first frame, pixels. */
  readonly points: readonly TruePoint[];
}

interface Layer {
  readonly patch: Patch;
  readonly donor: readonly RgbPicture[];
  /** 1, 2, … for the objects, then the patches without a label. */
  readonly owner: number;
}

/** Share of the patches that are cut out of the clip that they move over, so that they resemble their surroundings. */
const CAMOUFLAGED = 0.4;
/** Followed places per object. */
const POINTS = 6;
const FPS = 25;

/**
 * Renders the clip frame by frame, as long as the background; the same options always give the same bytes.
 * @throws UserError `synthetic/options` without frames.
 */
export function* renderPastedClip(options: PastedClipOptions): Generator<PastedFrame, void, void> {
  const { background, donors, objects = 3, seed = 1 } = options;
  if (background.length === 0 || donors.length === 0 || donors.some((donor) => donor.length === 0))
    throw new UserError("synthetic/options", {
      what: "a clip of pasted patches",
      got: `${background.length} background frames, ${donors.length} clips to cut from`,
      expected: "at least one frame of each",
    });
  const random = new Random(seed);
  const layers = makeLayers(random, () => (random.chance(CAMOUFLAGED) ? background : random.choose(donors)), objects);
  const places = layers.filter(({ owner }) => owner <= objects).flatMap((layer) => placesOn(layer, random));
  let seen: (typeof places)[number][] | undefined;
  for (const [time, { width, height, data: behind }] of background.entries()) {
    const picture = { width, height, data: behind.slice() };
    const owners = new Uint8Array(width * height);
    for (const { patch, donor, owner } of layers)
      patch.draw(picture, donor[time % donor.length], owners, { label: owner, time });
    const points = (chosen: typeof places): TruePoint[] =>
      chosen.map((place) => truePoint(place, time, picture, owners));
    seen ??= places.filter((_, i) => points(places)[i].visible);
    const frame = madeFrame(picture, time, FPS);
    const labels = { width, height, data: owners.map((owner) => (owner <= objects ? owner : 0)) };
    yield { frame, labels, points: points(seen) };
  }
}

/** From the back to the front. */
function makeLayers(random: Random, chooseDonor: () => readonly RgbPicture[], objects: number): Layer[] {
  const layers: Layer[] = [];
  for (let owner = 1; owner <= objects; owner++) {
    const donor = chooseDonor();
    const options = movingPatch(random);
    layers.push({ patch: new Patch(options, random), donor, owner });
    if (random.chance(0.3))
      layers.push({ patch: new Patch({ ...movingPatch(random), cut: options.cut }, random), donor, owner: 255 });
  }
  const occluders = random.integer(3);
  for (let i = 0; i < occluders; i++)
    layers.push({ patch: new Patch(standingPatch(random), random), donor: chooseDonor(), owner: 255 });
  return layers;
}

function movingPatch(random: Random): PatchOptions {
  const speed = random.choose([0.004, 0.012, 0.03]);
  const swing = random.choose([0, 0.1, 0.5], [2, 1, 1]);
  return {
    radius: random.uniform(0.05, 0.17),
    start: { x: random.uniform(0.15, 0.85), y: random.uniform(0.2, 0.8) },
    velocity: { x: random.uniform(-speed, speed), y: random.uniform(-speed, speed) * 0.7 },
    swing: { x: random.uniform(-swing, swing), y: random.uniform(-swing, swing) * 0.6, period: random.uniform(25, 60) },
    spin: random.choose([0, random.uniform(-0.06, 0.06)]),
    growth: random.uniform(0.985, 1.015),
    cut: { x: random.uniform(0.15, 0.85), y: random.uniform(0.15, 0.85) },
  };
}

/** A patch that objects pass behind. */
function standingPatch(random: Random): PatchOptions {
  return {
    ...movingPatch(random),
    radius: random.uniform(0.12, 0.25),
    velocity: { x: 0, y: 0 },
    swing: { x: 0, y: 0, period: 50 },
    spin: 0,
    growth: 1,
  };
}

interface PlaceOnLayer extends Layer {
  readonly local: Point;
}

function placesOn(layer: Layer, random: Random): PlaceOnLayer[] {
  const out: PlaceOnLayer[] = [];
  for (let tries = 0; out.length < POINTS && tries < 40 * POINTS; tries++) {
    const local = { x: random.uniform(-0.2, 0.2), y: random.uniform(-0.2, 0.2) };
    if (layer.patch.inside(local, 0)) out.push({ ...layer, local });
  }
  return out;
}

function truePoint(
  { patch, owner, local }: PlaceOnLayer,
  time: number,
  picture: RgbPicture,
  owners: Uint8Array,
): TruePoint {
  const { width, height } = picture;
  const { x, y } = patch.place(local, time, picture);
  const within = x >= 0 && y >= 0 && x < width && y < height;
  const visible = within && owners[Math.floor(y) * width + Math.floor(x)] === owner;
  return { x, y, visible };
}
