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
    bias: -7.5622,
    weights: {
      overlap: 7.7678,
      found: 0.5615,
      back: 1.0906,
      likeness: 2.5727,
      layout: 1.6576,
      tint: -20.689,
      areaJump: 0,
      placeJump: -0.1065,
    },
  },
  present: {
    bias: -6.0986,
    weights: {
      overlap: 4.3917,
      found: 1.3886,
      back: 0,
      likeness: 5.5897,
      layout: 2.2416,
      tint: -28.6032,
      areaJump: 0,
      placeJump: -0.0646,
    },
  },
  returning: {
    bias: 1.7221,
    weights: {
      overlap: 0,
      found: 0,
      back: 0,
      likeness: 0,
      layout: 2.9236,
      tint: -48.0467,
      areaJump: -1.4672,
      placeJump: 0,
    },
  },
};
