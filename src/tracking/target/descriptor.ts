/**
 * @file What a cell looks like to the target model: its unit feature, the means of these over 3×3 and 7×7 cells (the
 * context, without which a linear model tells little), its colour, the mean colour of 5×5 cells, how it moves
 * (motionPlanes.ts) and how far away it is (depthPlanes.ts) with the means of 5×5 cells, where that is known, and a
 * constant. In grids of many rows the means reach as far over the picture.
 */
import { padded } from "../../kernels/kernelInstance.ts";
import type { CellModels } from "../../kernels/moments.ts";
import type { FeatureMap, PictureSize } from "../../method/features.ts";
import { unitLength } from "../../method/unitLength.ts";
import { LabShrinker } from "../../method/shrunkLab.ts";
import type { RgbPicture } from "../../video/picture.ts";

/** Cells on each side of a mean of features, and of the means of colours and cues, in a grid of `USUAL_ROWS` rows. */
const CONTEXT = [1, 3];
const NEAR_CONTEXT = 2;
const USUAL_ROWS = 60;
/** Of L/50 − 1, a/127 and b/127 against a unit feature. */
const COLOUR_WEIGHTS = [0.25, 0.635, 0.635];
/** Of what motion and depth say, −1..1, against a unit feature. */
const CUE_WEIGHT = 0.5;

/**
 * Numbers of a descriptor, the padding to whole vectors included.
 * @param cues planes that tell how cells move and how far away they are.
 */
export function descriptorDims(channels: number, cues = 0): number {
  return padded(constantDim(channels, cues) + 1);
}

/** Where the constant stands: behind all other numbers. */
export function constantDim(channels: number, cues = 0): number {
  return firstCue(channels) + 2 * cues;
}

/** Where the numbers of cues begin; they end at the constant. */
export function firstCue(channels: number): number {
  return channels * (1 + CONTEXT.length) + 2 * COLOUR_WEIGHTS.length;
}

/** By how much everything that is measured in cells is larger than in a grid of the usual size, a whole number. */
export function contextScale({ width, height }: PictureSize): number {
  return Math.max(1, Math.round(Math.min(width, height) / USUAL_ROWS));
}

/** Describes the cells of a clip's frames. */
export class CellDescriptor {
  private readonly into: CellModels;
  private readonly grid: PictureSize;
  private readonly cues: number;
  private shrinker: LabShrinker | undefined;

  /** @param into takes the descriptors. @param grid cells. @param cues planes that tell how cells move and how far away they are. */
  constructor(into: CellModels, { width, height }: PictureSize, cues = 0) {
    this.into = into;
    this.cues = cues;
    this.grid = { width, height };
  }

  /**
   * Writes the frame's descriptors; the first `channels` numbers are the unit feature.
   * @param planes `[cues, cells]`, −1..1; undefined: nothing is known of it, as if all were 0.
   * @returns the features of unit length.
   */
  describe(frame: RgbPicture, features: FeatureMap, planes?: Float32Array): FeatureMap {
    const { into } = this;
    const scale = contextScale(this.grid);
    const unit = unitLength(features);
    const { channels, data } = unit;
    for (let c = 0; c < channels; c++) {
      into.plane(c).set(data.subarray(c * into.cells, (c + 1) * into.cells));
      for (const [k, radius] of CONTEXT.entries()) into.boxMeans(c, (k + 1) * channels + c, scale * radius);
    }
    const first = channels * (1 + CONTEXT.length);
    const lab = this.colours(frame);
    for (const [c, weight] of COLOUR_WEIGHTS.entries()) {
      const own = into.plane(first + c);
      for (let i = 0, from = c * into.cells; i < own.length; i++, from++) own[i] = weight * lab[from];
      into.boxMeans(first + c, first + COLOUR_WEIGHTS.length + c, scale * NEAR_CONTEXT);
    }
    this.describeCues(planes, firstCue(channels));
    into.plane(constantDim(channels, this.cues)).fill(1);
    return unit;
  }

  private describeCues(planes: Float32Array | undefined, first: number): void {
    const { into, cues } = this;
    for (let k = 0; k < cues; k++) {
      const own = into.plane(first + k);
      for (let i = 0, from = k * into.cells; i < own.length; i++, from++)
        own[i] = planes === undefined ? 0 : CUE_WEIGHT * planes[from];
      into.boxMeans(first + k, first + cues + k, contextScale(this.grid) * NEAR_CONTEXT);
    }
  }

  /** `[3, cells]`. */
  private colours(frame: RgbPicture): Float32Array {
    if (this.shrinker?.fits(frame, this.grid) !== true) this.shrinker = new LabShrinker(frame, this.grid, this.grid);
    return this.shrinker.shrink(frame);
  }
}
