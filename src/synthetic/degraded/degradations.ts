/**
 * @file Footage made worse in steps, one fault at a time. Lengths are pixels of a frame whose shorter side is 480; larger
 * frames are changed by as much more.
 */
import { Random } from "../../core/random.ts";
import type { FrameSource } from "../../video/frame.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { resizeLabels, resizeRgb } from "../../video/resize.ts";
import { type Change, degradedClip, type DegradedClip } from "./degradedSource.ts";
import { blocky, blurred, exposed, greyed, moved, noisy, scaled } from "./pictures.ts";
import { Smear } from "./smear.ts";

/** A fault. */
export interface Degradation {
  /** What a step's strength is. */
  readonly unit: string;
  /** Strengths, from the weakest to the strongest. */
  readonly steps: readonly number[];
  /** The change of a clip. @param indices frames to take */
  readonly change: (source: FrameSource, strength: number, indices: readonly number[]) => Change;
}

/** Frames in a period of the flicker: no whole number, so that it does not hide. */
const FLICKER_PERIOD = 3.7;

/** The faults by name. */
export const degradations = {
  blur: {
    unit: "σ of a Gaussian, px of 480",
    steps: [1, 2, 4, 8],
    change: inPlace((picture, sigma) => blurred(picture, sigma * scaleOf(picture))),
  },
  motionBlur: { unit: "frames of exposure more", steps: [0.5, 1, 2, 4], change: smeared },
  noise: {
    unit: "σ, levels of 255",
    steps: [5, 10, 20, 40],
    change: inPlace((picture, sigma, index) => noisy(picture, sigma, index + 1)),
  },
  dark: { unit: "stops less", steps: [1, 2, 3, 5], change: inPlace((picture, stops) => exposed(picture, -stops)) },
  burnt: { unit: "stops more", steps: [1, 2, 3, 4], change: inPlace((picture, stops) => exposed(picture, stops)) },
  flicker: {
    unit: "from darkest to brightest, share",
    steps: [0.1, 0.2, 0.4, 0.8],
    change: inPlace((picture, depth, index) =>
      scaled(picture, 1 + (depth / 2) * Math.sin((2 * Math.PI * index) / FLICKER_PERIOD)),
    ),
  },
  blocks: { unit: "JPEG quality", steps: [30, 15, 8, 4], change: inPlace(blocky) },
  lowRate: {
    unit: "frames apart",
    steps: [2, 3, 4, 6],
    change: (source, every, indices) =>
      unchanged(
        source,
        indices.filter((_, i) => i % every === 0),
      ),
  },
  shake: { unit: "σ, px of 480", steps: [2, 4, 8, 16], change: shaken },
  small: { unit: "times smaller", steps: [2, 3, 4, 6], change: shrunk },
  grey: { unit: "share of the colour lost", steps: [0.5, 1], change: inPlace(greyed) },
} as const satisfies Record<string, Degradation>;

/** A fault's name. */
export type DegradationName = keyof typeof degradations;

/** A clip with a fault. @param frames only so many, the first ones */
export function degrade(
  source: FrameSource,
  { name, strength }: { readonly name: DegradationName; readonly strength: number },
  frames: number = source.frameCount,
): DegradedClip {
  return degradedClip(source, degradations[name].change(source, strength, firstOf(source, frames)));
}

/** A clip as it is. @param frames only so many, the first ones */
export function clean(source: FrameSource, frames: number = source.frameCount): DegradedClip {
  return degradedClip(source, unchanged(source, firstOf(source, frames)));
}

function firstOf({ frameCount }: FrameSource, frames: number): number[] {
  return Array.from({ length: Math.min(frames, frameCount) }, (_, i) => i);
}

function unchanged({ width, height }: FrameSource, indices: readonly number[]): Change {
  return { indices, width, height, picture: async (frame) => frame, labels: (labels) => labels };
}

function scaleOf({ width, height }: { readonly width: number; readonly height: number }): number {
  return Math.min(width, height) / 480;
}

/** A fault of single pictures that moves nothing. */
function inPlace(
  make: (picture: RgbPicture, strength: number, index: number) => RgbPicture | Promise<RgbPicture>,
): Degradation["change"] {
  return (source, strength, indices) => ({
    ...unchanged(source, indices),
    picture: async (frame) => make(frame, strength, frame.index),
  });
}

function smeared(source: FrameSource, exposure: number, indices: readonly number[]): Change {
  const smear = new Smear(source);
  return {
    ...unchanged(source, indices),
    picture: (frame) => smear.picture(frame, exposure),
    close: () => smear.close(),
  };
}

/** Every frame jumps to a place of its own; the first one stays, since it has the labels. */
function shaken(source: FrameSource, sigma: number, indices: readonly number[]): Change {
  const offsetOf = (index: number): readonly [number, number] => {
    if (index === 0) return [0, 0];
    const random = new Random(index);
    const px = sigma * scaleOf(source);
    return [Math.round(px * random.normal()), Math.round(px * random.normal())];
  };
  return {
    ...unchanged(source, indices),
    picture: async (frame) => moved(frame, offsetOf(frame.index)),
    labels: (labels, index) => movedLabels(labels, offsetOf(index)),
  };
}

function movedLabels({ width, height, data }: LabelMap, [dx, dy]: readonly [number, number]): LabelMap {
  const out = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < height; y++) {
    const row = Math.min(height - 1, Math.max(0, y - dy)) * width;
    for (let x = 0; x < width; x++, to++) out[to] = data[row + Math.min(width - 1, Math.max(0, x - dx))];
  }
  return { width, height, data: out };
}

function shrunk(source: FrameSource, times: number, indices: readonly number[]): Change {
  const [width, height] = [source.width, source.height].map((side) => Math.max(16, Math.round(side / times)));
  return {
    indices,
    width,
    height,
    picture: async (frame) => ({ width, height, data: resizeRgb(frame, width, height) }),
    labels: (labels) => resizeLabels(labels, width, height),
  };
}
