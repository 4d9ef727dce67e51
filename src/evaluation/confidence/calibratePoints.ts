/** @file Fits the confidence of points to clips with exact truth. */
import { fitSigned, type Observation } from "../../tracking/confidence/logistic.ts";
import { pointConfidence, POINT_SIGNS, type PointCalibration } from "../../tracking/confidence/pointCalibration.ts";
import type { Judged } from "../../metrics/reliability.ts";
import type { PointObservation } from "./pointObservations.ts";

/**
 * A place is right within this part of the picture's shorter side: about 0.2 of the box of PCK for a person who fills
 * the picture's height.
 */
const RIGHT = 0.12;

const RIDGE = 3;

/** The model of these observations; places without evidence are left out. */
export function calibratePoints(observations: readonly PointObservation[]): PointCalibration {
  const known = observations.flatMap(({ signals, distance }): Observation<keyof typeof POINT_SIGNS>[] =>
    signals === null ? [] : [{ signals: { ...signals }, truth: isRight(distance) }],
  );
  return fitSigned(known, POINT_SIGNS, RIDGE);
}

/** The observations as the present coefficients see them. */
export function judgedPoints(observations: readonly PointObservation[]): Judged[] {
  return observations.map(({ signals, distance }) => ({
    confidence: pointConfidence(signals),
    right: isRight(distance),
  }));
}

function isRight(distance: number | null): boolean {
  return distance !== null && distance <= RIGHT;
}
