/** @file Fits the confidence of masks to clips with exact truth. */
import { fitSigned, type LogisticModel, type Observation } from "../../tracking/confidence/logistic.ts";
import { OBJECT_SIGNS, type ObjectCalibration } from "../../tracking/confidence/objectCalibration.ts";
import type { ReturnObservation } from "./returnObservations.ts";

/** Least IoU of a right mask, and of a mask that lies on the object at all. */
export const RIGHT = 0.5;
const TOUCHING = 0.1;

/** A thing may be away for long: what is taken for it then counts so many times. */
const AWAY_COUNTS = 3;

/** Pull towards 0, in observations: enough to separate the coefficients of correlated signals. */
const RIDGE = 3;

/**
 * The models of masks that were carried (frames in which nothing carried the label are left out), and of objects that
 * come back.
 */
export function calibrateObjects(
  carried: readonly ReturnObservation[],
  returns: readonly ReturnObservation[],
): ObjectCalibration {
  return { overlapping: fit(carried, RIGHT), present: fit(carried, TOUCHING), returning: fit(returns, RIGHT) };
}

function fit(all: readonly ReturnObservation[], least: number): LogisticModel<keyof typeof OBJECT_SIGNS> {
  const observations = all.flatMap(({ signals, iou, trueArea }): Observation<keyof typeof OBJECT_SIGNS>[] =>
    signals === null
      ? []
      : [{ signals: { ...signals }, truth: trueArea > 0 && iou >= least, weight: trueArea > 0 ? 1 : AWAY_COUNTS }],
  );
  return fitSigned(observations, OBJECT_SIGNS, RIDGE);
}
