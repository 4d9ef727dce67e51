/**
 * @file The coefficients of the confidence of masks, as `tsumugi calibrate` fitted them: without labels, on clips made
 * of unlabelled footage (docs/confidence.md has the command). They belong to the default weights and the protocol
 * `default`.
 */
import type { LogisticModel } from "./logistic.ts";
import type { ObjectSignals } from "./objectSignals.ts";

/** The signals that count, and whether they speak for a mask or against it. */
export const OBJECT_SIGNS = {
  overlap: 1,
  found: 1,
  back: 1,
  likeness: 1,
  layout: 1,
  tint: -1,
  areaJump: -1,
  placeJump: -1,
} as const satisfies Partial<Record<keyof ObjectSignals, 1 | -1>>;

/** The same for what only the labelled frame finds: nothing carried it there, and its place says nothing. */
export const RETURN_SIGNS = {
  found: 1,
  back: 1,
  layout: 1,
  tint: -1,
  mottle: -1,
  estrangement: -1,
  sprawl: -1,
  areaJump: -1,
} as const satisfies Partial<Record<keyof ObjectSignals, 1 | -1>>;

type Signal = keyof typeof OBJECT_SIGNS;

/** Models of the signals of a mask: of carried ones, and of what only the labelled frame finds. */
export interface ObjectCalibration {
  /** Of its IoU with the truth being at least 0.5. */
  readonly overlapping: LogisticModel<Signal>;
  /** Of its IoU being at least 0.1: the mask lies on the object at all. */
  readonly present: LogisticModel<Signal>;
  /** Of at least half of a found mask being the object's: what comes back may be a part at first. */
  readonly returning: LogisticModel<keyof typeof RETURN_SIGNS>;
  /** Of the IoU of a found mask being at least 0.5. */
  readonly returned: LogisticModel<keyof typeof RETURN_SIGNS>;
}

export const OBJECT_CALIBRATION: ObjectCalibration = {
  overlapping: {
    bias: -8.2371,
    weights: {
      overlap: 7.919,
      found: 0.8247,
      back: 0.5561,
      likeness: 2.9862,
      layout: 2.0633,
      tint: -16.1692,
      areaJump: 0,
      placeJump: -0.0981,
    },
  },
  present: {
    bias: -6.4645,
    weights: {
      overlap: 4.2907,
      found: 2.4484,
      back: 0,
      likeness: 4.4237,
      layout: 3.072,
      tint: -20.7545,
      areaJump: 0,
      placeJump: -0.1833,
    },
  },
  returning: {
    bias: -2.4607,
    weights: {
      found: 3.5846,
      back: 1.798,
      layout: 3.0711,
      tint: -20.3826,
      mottle: -6.0459,
      estrangement: -8.2287,
      sprawl: -0.3213,
      areaJump: -0.5648,
    },
  },
  returned: {
    bias: -3.0855,
    weights: {
      found: 4.3423,
      back: 2.288,
      layout: 2.3507,
      tint: -18.355,
      mottle: 0,
      estrangement: -7.4734,
      sprawl: -0.8819,
      areaJump: -1.6655,
    },
  },
};
