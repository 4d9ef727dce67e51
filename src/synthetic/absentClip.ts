/**
 * @file Clips in which things are out of sight for a while, with exact truth: cut-outs of real things move over real
 * footage, leave the picture, pass behind something, are followed by something that looks like them, or cross it; or
 * another shot is cut in.
 */
import { Random } from "../core/random.ts";
import { madeFrame } from "../video/madeFrame.ts";
import type { LabelMap } from "../video/labelMap.ts";
import type { RgbPicture } from "../video/picture.ts";
import { resizeRgb } from "../video/resize.ts";
import type { Point } from "../video/point.ts";
import { type CutOut, cutOut, paste } from "./cutOut.ts";
import type { LabelledFrame } from "./productionLine.ts";

/** A frame of footage, and where its thing is: label 1. */
export interface ThingFrame {
  readonly picture: RgbPicture;
  readonly mask: LabelMap;
}

/** What happens to the labelled things. */
export const ABSENCES = ["cut", "leaving", "occlusion", "look-alike", "crossing"] as const;
export type Absence = (typeof ABSENCES)[number];

/** What a clip is made of. */
export interface AbsentClipOptions {
  readonly absence: Absence;
  /** The thing; frames in which it is not seen are passed over, at least one has it. */
  readonly thing: readonly ThingFrame[];
  /** What it moves over, and the other shot of `cut`; at least one frame each, of any size. */
  readonly background: readonly RgbPicture[];
  readonly foreign: readonly RgbPicture[];
  /** Of the made frames, px. */
  readonly width: number;
  readonly height: number;
  readonly seed: number;
}

/** Frames of every clip. */
export const CLIP_FRAMES = 60;
const FPS = 25;

/** Longer side of a thing's box, as a part of the picture's shorter side. */
const THING_SIZE = 0.4;
/** Factors of the colours of something that looks like the thing. */
const TINT = [0.82, 1, 1.18] as const;
/** The camera's exposure swings by up to this share. */
const EXPOSURE = 0.2;
/** How often something comes from where the thing left rather than from the other side. */
const SAME_SIDE: Partial<Record<Absence, number>> = { leaving: 0.75, "look-alike": 0.5 };
/** Something that hides a thing is so much wider. */
const COVER = 1.35;

/** Places along a path: time, and fractions of width and height; straight in between, standing before and after. */
type Path = readonly (readonly [time: number, x: number, y: number])[];

interface Mover {
  readonly looks: readonly CutOut[];
  readonly path: Path;
  /** 0 = nothing labelled. */
  readonly label: number;
}

/** What is where in a clip. */
interface Script {
  /** From the back to the front. */
  readonly movers: readonly Mover[];
  /** Amplitude of the exposure's swing. */
  readonly exposure: number;
  /** Frames that show the other shot; [0, 0) = none. */
  readonly foreign: readonly [from: number, to: number];
}

/**
 * Renders the clip frame by frame; the same options always give the same bytes. Label 1 is the thing; in `crossing`
 * label 2 is the one that looks like it.
 */
export function* renderAbsentClip(options: AbsentClipOptions): Generator<LabelledFrame, void, void> {
  const { background, foreign, width, height } = options;
  const script = scriptOf(options);
  for (let time = 0; time < CLIP_FRAMES; time++) {
    const away = time >= script.foreign[0] && time < script.foreign[1];
    const footage = away ? foreign : background;
    const behind = fitted(footage[thereAndBack(time, footage.length)], width, height);
    const picture = { width, height, data: behind };
    const owners = new Uint8Array(width * height);
    if (!away) for (const mover of script.movers) draw(mover, picture, owners, time);
    expose(behind, 1 + script.exposure * Math.sin((2 * Math.PI * time) / CLIP_FRAMES));
    yield { frame: madeFrame(picture, time, FPS), labels: { width, height, data: owners } };
  }
}

function scriptOf(options: AbsentClipOptions): Script {
  const random = new Random(options.seed);
  const { thing, width, height } = options;
  const size = THING_SIZE * Math.min(width, height);
  const seen = thing.filter(({ mask }) => mask.data.includes(1));
  const looks = seen.map(({ picture, mask }) => cutOut(picture, mask, 1, { size }));
  const twins = seen.map(({ picture, mask }) => cutOut(picture, mask, 1, { size, mirrored: true, tint: TINT }));
  const y = random.uniform(0.4, 0.65);
  const out = 1 + size / width;
  const script = scripts({ y, out, comesFrom: random.chance(SAME_SIDE[options.absence] ?? 0) ? out : 1 - out })[
    options.absence
  ];
  const movers: Mover[] = [{ looks, label: 1, path: script.thing }];
  if (script.twin !== undefined)
    movers.unshift({ looks: twins, label: Number(options.absence === "crossing") * 2, path: script.twin });
  if (script.cover !== undefined) movers.push({ looks: [coverOf(options, looks)], label: 0, path: script.cover });
  const exposure = random.uniform(-EXPOSURE, EXPOSURE);
  return { movers, exposure, foreign: script.foreign ?? [0, 0] };
}

interface Paths {
  readonly thing: Path;
  readonly twin?: Path;
  readonly cover?: Path;
  readonly foreign?: readonly [number, number];
}

interface Sides {
  /** Height of the paths. */
  readonly y: number;
  /** The least x at which nothing of a thing is in the picture; things leave there. */
  readonly out: number;
  /** Where it comes back, or something like it comes in. */
  readonly comesFrom: number;
}

function scripts({ y, out, comesFrom }: Sides): Record<Absence, Paths> {
  const leaves: Path = [
    [0, 0.55, y],
    [22, out, y],
  ];
  return {
    cut: {
      thing: [
        [0, 0.3, y],
        [60, 0.7, y],
      ],
      foreign: [20, 36],
    },
    leaving: { thing: [...leaves, [33, out, y], [34, comesFrom, y - 0.1], [48, 0.6, y - 0.1]] },
    occlusion: {
      thing: [
        [0, 0.15, y],
        [59, 0.85, y],
      ],
      cover: [[0, 0.5, y]],
    },
    "look-alike": {
      thing: leaves,
      twin: [
        [26, comesFrom, y],
        [52, 0.6, y],
      ],
    },
    crossing: {
      thing: [
        [0, 0.25, y],
        [59, 0.75, y],
      ],
      twin: [
        [0, 0.75, y],
        [59, 0.25, y],
      ],
    },
  };
}

/** A piece of the other footage, higher than every look of the thing. */
function coverOf({ foreign, height }: AbsentClipOptions, looks: readonly CutOut[]): CutOut {
  const width = Math.round(COVER * Math.max(...looks.map((look) => look.width)));
  const tall = Math.min(height, Math.round(COVER * Math.max(...looks.map((look) => look.height))));
  return { width, height: tall, data: fitted(foreign[0], width, tall), mask: new Uint8Array(width * tall).fill(1) };
}

function draw({ looks, path, label }: Mover, picture: RgbPicture, owners: Uint8Array, time: number): void {
  const { x, y } = placeAt(path, time);
  const place = { x: x * picture.width, y: y * picture.height };
  paste(looks[thereAndBack(time, looks.length)], picture, owners, place, label);
}

/** @param data changed in place. */
function expose(data: Uint8Array, gain: number): void {
  for (let i = 0; i < data.length; i++) data[i] = Math.min(255, Math.round(gain * data[i]));
}

function placeAt(path: Path, time: number): Point {
  const after = path.findIndex(([t]) => t > time);
  if (after <= 0) {
    const [, x, y] = after === 0 ? path[0] : path[path.length - 1];
    return { x, y };
  }
  const [[t0, x0, y0], [t1, x1, y1]] = [path[after - 1], path[after]];
  const share = (time - t0) / (t1 - t0);
  return { x: x0 + share * (x1 - x0), y: y0 + share * (y1 - y0) };
}

/** Footage that is too short runs back, so that it never jumps. */
function thereAndBack(time: number, length: number): number {
  if (length === 1) return 0;
  const at = time % (2 * length - 2);
  return at < length ? at : 2 * length - 2 - at;
}

/** A copy. */
function fitted(picture: RgbPicture, width: number, height: number): Uint8Array {
  return picture.width === width && picture.height === height
    ? picture.data.slice()
    : resizeRgb(picture, width, height);
}
