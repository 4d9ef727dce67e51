/**
 * @file A rendered clip: textured parts on a conveyor under a gantry, seen by a plausible factory
 * camera (shadows, occlusion, rotation, exposure drift and flicker, noise, shake, vignetting), with the exact truth.
 */
import { UserError } from "../core/errors.ts";
import { Random } from "../core/random.ts";
import type { Frame } from "../video/frame.ts";
import type { LabelMap } from "../video/labelMap.ts";
import { Renderer } from "./renderer.ts";

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
  const renderer = new Renderer(width, height, random);
  for (let index = 0; index < frames; index++) {
    const { data, labels } = renderer.render(index, index / Math.max(1, frames - 1));
    const name = String(index).padStart(5, "0");
    yield {
      frame: { index, timeSec: index / fps, name, width, height, data },
      labels: { width, height, data: labels },
    };
  }
}

function checkOptions(sizes: Record<"width" | "height" | "frames", number>): void {
  for (const [name, value] of Object.entries(sizes)) {
    const least = name === "frames" ? 1 : 32;
    if (!Number.isSafeInteger(value) || value < least)
      throw new UserError("synthetic/options", {
        what: `the ${name} of the rendered clip`,
        got: String(value),
        expected: `a whole number from ${least} on`,
      });
  }
}
