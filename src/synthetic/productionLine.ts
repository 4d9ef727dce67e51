/**
 * @file A rendered clip: textured parts on a conveyor under a gantry, seen by a plausible factory
 * camera (shadows, occlusion, rotation, exposure drift and flicker, noise, shake, vignetting), with the exact truth.
 */
import { UserError } from "../core/errors.ts";
import { Random } from "../core/random.ts";
import { madeFrame } from "../video/madeFrame.ts";
import type { Frame } from "../video/frame.ts";
import type { LabelMap } from "../video/labelMap.ts";
import { Renderer } from "./renderer.ts";
import { makeParts, makeSurroundings, type Part } from "./scene.ts";

/** Distance that the belt moves over the whole clip, cm: parts in the first frame remain in view. */
const TRAVEL = 24;

/** Settings of `renderProductionLine`. */
export interface ProductionLineOptions {
  /** Pixels, at least 32. Default 480. */
  readonly width?: number;
  /** Pixels, at least 32. Default 272. */
  readonly height?: number;
  /** How many frames; default 48. The belt moves the same distance in a clip of any length. */
  readonly frames?: number;
  /** Frames per second of the time stamps; default 24. */
  readonly fps?: number;
  /** Determines everything random; default 1. */
  readonly seed?: number;
}

/** One frame and its truth. */
export interface LabelledFrame {
  readonly frame: Frame;
  /** The visible pixels of every labelled part: what the ray through the pixel's centre hits. */
  readonly labels: LabelMap;
}

/**
 * Renders the clip frame by frame; the same options always give the same bytes. Four parts are labelled (see
 * `PART_NAMES`); a second bolt that enters later is background in the truth. Two parts pass under the gantry.
 * @throws UserError `synthetic/options` for sizes and counts that are not whole numbers in range.
 */
export function* renderProductionLine(options: ProductionLineOptions = {}): Generator<LabelledFrame, void, void> {
  const { width = 480, height = 272, frames = 48, fps = 24, seed = 1 } = options;
  checkOptions({ width, height, frames });
  const random = new Random(seed);
  let parts: readonly Part[] = [];
  const renderer = new Renderer(width, height, random, (noise) => {
    const surroundings = makeSurroundings(noise);
    parts = makeParts(noise, random);
    return surroundings;
  });
  for (let index = 0; index < frames; index++) {
    const progress = index / Math.max(1, frames - 1);
    const moved = TRAVEL * progress;
    for (const { solid, x, y, angle, turn } of parts) solid.place(x + moved, y, angle + turn * progress);
    const rendered = renderer.render(
      index,
      moved,
      parts.map(({ solid }) => solid),
    );
    yield labelledFrame({ index, fps, width, height }, rendered);
  }
}

/** A rendered frame under its name and time. */
export function labelledFrame(
  { index, fps, width, height }: { index: number; fps: number; width: number; height: number },
  { data, labels }: { data: Uint8Array; labels: Uint8Array },
): LabelledFrame {
  return { frame: madeFrame({ width, height, data }, index, fps), labels: { width, height, data: labels } };
}

/** @param sizes pixels from 32 on; other counts from 1 on. @throws UserError `synthetic/options` */
export function checkOptions(sizes: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(sizes)) {
    const least = name === "width" || name === "height" ? 32 : 1;
    if (!Number.isSafeInteger(value) || value < least)
      throw new UserError("synthetic/options", {
        what: `the ${name} of the rendered clip`,
        got: String(value),
        expected: `a whole number from ${least} on`,
      });
  }
}
