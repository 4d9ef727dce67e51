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
  likeness: 1,
  layout: 1,
  tint: -1,
  areaJump: -1,
} as const satisfies Partial<typeof OBJECT_SIGNS>;

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
    bias: -2.4065,
    weights: {
      found: 0.7658,
      back: 3.9703,
      likeness: 1.0451,
      layout: 2.8976,
      tint: -53.1993,
      areaJump: -1.2044,
    },
  },
  returned: {
    bias: -3.2295,
    weights: {
      found: 0.5851,
      back: 4.8483,
      likeness: 1.4918,
      layout: 1.7803,
      tint: -47.7298,
      areaJump: -1.88,
    },
  },
};
