/** @file Placeholder. */
import type { LogisticModel } from "./logistic.ts";

/** The signals that count. */
export const CALIBRATION_SIGNALS = ["overlap", "found", "back", "areaJump", "placeJump"] as const;

type Signal = (typeof CALIBRATION_SIGNALS)[number];

/** Two models of the signals of a mask. */
export interface ObjectCalibration {
  /** Of its IoU with the truth being at least 0.5. */
  readonly overlapping: LogisticModel<Signal>;
  /** Of its IoU being at least 0.1: the mask lies on the object at all. */
  readonly present: LogisticModel<Signal>;
}

export const OBJECT_CALIBRATION: ObjectCalibration = {
  overlapping: { bias: -9.96, weights: { overlap: 16.21, found: 1, back: 0, areaJump: 0, placeJump: 0 } },
  present: { bias: -5, weights: { overlap: 16, found: 1, back: 0, areaJump: 0, placeJump: 0 } },
};
