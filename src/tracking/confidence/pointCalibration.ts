/** @file Placeholder. */
import type { LogisticModel } from "./logistic.ts";

/** The signals that count. */
export const POINT_SIGNALS = ["first", "recent", "likeness"] as const;

/** Of the place being right. */
export type PointCalibration = LogisticModel<(typeof POINT_SIGNALS)[number]>;

export const POINT_CALIBRATION: PointCalibration = { bias: -2, weights: { first: 2, recent: 2, likeness: 0 } };
