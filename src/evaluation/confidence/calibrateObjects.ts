/** @file Fits the confidence of masks to clips with exact truth. */
import { fitSigned, type LogisticModel, type Observation } from "../../tracking/confidence/logistic.ts";
import { OBJECT_SIGNS, type ObjectCalibration } from "../../tracking/confidence/objectCalibration.ts";
import type { ObjectSignals } from "../../tracking/confidence/objectSignals.ts";
import type { ObjectObservation } from "./objectObservations.ts";

/** Least IoU of a right mask, and of a mask that lies on the object at all. */
export const RIGHT = 0.5;
const TOUCHING = 0.1;

/** Pull towards 0, in observations: enough to separate the coefficients of correlated signals. */
const RIDGE = 3;

/** The models of these observations; frames in which nothing carried the label are not among them. */
export function calibrateObjects(observations: readonly ObjectObservation[]): ObjectCalibration {
  const known = observations.flatMap((one) => (one.signals === null ? [] : [{ ...one, signals: one.signals }]));
  return { overlapping: fit(known, RIGHT), present: fit(known, TOUCHING) };
}

function fit(
  known: readonly (ObjectObservation & { readonly signals: ObjectSignals })[],
  least: number,
): LogisticModel<keyof typeof OBJECT_SIGNS> {
  const observations: Observation<keyof typeof OBJECT_SIGNS>[] = known.map(({ signals, iou, trueArea }) => ({
    signals: { ...signals },
    truth: trueArea > 0 && iou >= least,
  }));
  return fitSigned(observations, OBJECT_SIGNS, RIDGE);
}
