/** @file The coefficients of the confidence of points, as `tsumugi calibrate` fitted them, see docs/confidence.md. */
import { agreementOf, type PointSignals } from "../points/pointAgreement.ts";
import { type LogisticModel, probability } from "./logistic.ts";

/** The signals that count, all of which speak for a place. */
export const POINT_SIGNS = { first: 1, recent: 1, likeness: 1 } as const satisfies Partial<
  Record<keyof PointSignals, 1>
>;

/** Of the place being right. */
export type PointCalibration = LogisticModel<keyof typeof POINT_SIGNS>;

export const POINT_CALIBRATION: PointCalibration = {
  bias: -3.1725,
  weights: { first: 0.3254, recent: 1.603, likeness: 3.506 },
};

/** Least confidence with which a point counts as visible: it is more likely there than not. */
export const POINT_SEEN = 0.5;

/** With less agreement (`agreementOf`) a place is unlikely to be right, however like the point it looks. */
const LEAST_AGREEMENT = 0.25;
/** Highest confidence of such a place. */
const UNLIKELY = 0.49;

/** Probability that a place is right, 0..1; 0 without evidence. */
export function pointConfidence(signals: PointSignals | null): number {
  if (signals === null) return 0;
  const confidence = probability(POINT_CALIBRATION, { ...signals });
  return agreementOf(signals) < LEAST_AGREEMENT ? Math.min(UNLIKELY, confidence) : confidence;
}
