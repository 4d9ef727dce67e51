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
  colour: -1,
  tint: -1,
  areaJump: -1,
  placeJump: -1,
} as const satisfies Partial<Record<keyof ObjectSignals, 1 | -1>>;

type Signal = keyof typeof OBJECT_SIGNS;

/** Three models of the signals of a mask. */
export interface ObjectCalibration {
  /** Of its IoU with the truth being at least 0.5. */
  readonly overlapping: LogisticModel<Signal>;
  /** Of its IoU being at least 0.1: the mask lies on the object at all. */
  readonly present: LogisticModel<Signal>;
  /** Of the IoU being at least 0.5 where only the labelled frame says that the object is there. */
  readonly returning: LogisticModel<Signal>;
}

export const OBJECT_CALIBRATION: ObjectCalibration = {
  overlapping: {
    bias: -6.9226,
    weights: {
      overlap: 7.3642,
      found: 0.9041,
      back: 1.405,
      likeness: 0.7164,
      layout: 2.3504,
      colour: 0,
      tint: -14.8553,
      areaJump: 0,
      placeJump: -0.0916,
    },
  },
  present: {
    bias: -5.1732,
    weights: {
      overlap: 3.9965,
      found: 1.6688,
      back: 0,
      likeness: 4.124,
      layout: 2.3827,
      colour: 0,
      tint: -18.8011,
      areaJump: 0,
      placeJump: -0.0673,
    },
  },
  returning: {
    bias: 0.9424,
    weights: {
      overlap: 0.422,
      found: 0,
      back: 0,
      likeness: 0,
      layout: 2.1202,
      colour: -12.4033,
      tint: -28.0692,
      areaJump: -1.2935,
      placeJump: 0,
    },
  },
};
