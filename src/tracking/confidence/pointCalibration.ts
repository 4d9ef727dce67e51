/** @file The coefficients of the confidence of points, as `tsumugi calibrate` fitted them, see docs/confidence.md. */
import type { PointSignals } from "../points/pointAgreement.ts";
import { type LogisticModel, probability } from "./logistic.ts";

/** The signals that count, all of which speak for a place. */
export const POINT_SIGNS = { first: 1, recent: 1, likeness: 1 } as const satisfies Partial<
  Record<keyof PointSignals, 1>
>;

/** Of the place being right. */
export type PointCalibration = LogisticModel<keyof typeof POINT_SIGNS>;

export const POINT_CALIBRATION: PointCalibration = {
  bias: -3.7273,
  weights: { first: 0, recent: 1.3926, likeness: 4.1468 },
};

/** Probability that a place is right, 0..1; 0 without evidence. */
export function pointConfidence(signals: PointSignals | null): number {
  return signals === null ? 0 : probability(POINT_CALIBRATION, { ...signals });
}
