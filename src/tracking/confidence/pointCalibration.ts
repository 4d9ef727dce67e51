/** @file Placeholder. */
import type { PointSignals } from "../points/pointAgreement.ts";
import type { LogisticModel } from "./logistic.ts";

/** The signals that count, all of which speak for a place. */
export const POINT_SIGNS = { first: 1, recent: 1, likeness: 1 } as const satisfies Partial<
  Record<keyof PointSignals, 1>
>;

/** Of the place being right. */
export type PointCalibration = LogisticModel<keyof typeof POINT_SIGNS>;

export const POINT_CALIBRATION: PointCalibration = { bias: -2, weights: { first: 2, recent: 2, likeness: 0 } };
