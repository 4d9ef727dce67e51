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
    bias: -9.8504,
    weights: {
      overlap: 12.2639,
      found: 0.8944,
      back: 0,
      likeness: 0,
      layout: 2.1106,
      tint: -41.0527,
      areaJump: 0,
      placeJump: -0.0758,
    },
  },
  present: {
    bias: -6.7525,
    weights: {
      overlap: 6.0217,
      found: 1.5887,
      back: 0,
      likeness: 3.1452,
      layout: 2.4843,
      tint: -43.0702,
      areaJump: 0,
      placeJump: -0.0881,
    },
  },
  returning: {
    bias: -2.4586,
    weights: {
      found: 3.0887,
      back: 1.8103,
      likeness: 1.673,
      layout: 1.7184,
      tint: -64.6635,
      areaJump: -0.4768,
    },
  },
  returned: {
    bias: -3.2597,
    weights: {
      found: 3.8009,
      back: 1.895,
      likeness: 1.1229,
      layout: 2.051,
      tint: -51.867,
      areaJump: -1.6198,
    },
  },
};
