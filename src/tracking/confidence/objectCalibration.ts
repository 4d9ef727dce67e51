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
    bias: -8.7538,
    weights: {
      overlap: 11.5191,
      found: 2.5257,
      back: 2.4232,
      likeness: 0,
      layout: 0,
      colour: 0,
      tint: 0,
      areaJump: -1.3794,
      placeJump: -0.3605,
    },
  },
  present: {
    bias: -2.3298,
    weights: {
      overlap: 6.5561,
      found: 2.8594,
      back: 0,
      likeness: 0,
      layout: 0,
      colour: 0,
      tint: 0,
      areaJump: 0,
      placeJump: -0.2343,
    },
  },
  returning: {
    bias: -8.7538,
    weights: {
      overlap: 11.5191,
      found: 2.5257,
      back: 2.4232,
      likeness: 0,
      layout: 0,
      colour: 0,
      tint: 0,
      areaJump: 0,
      placeJump: 0,
    },
  },
};
