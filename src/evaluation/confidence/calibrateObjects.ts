/** @file Fits the confidence of masks to clips with exact truth. */
import { fitSigned, type LogisticModel, type Observation } from "../../tracking/confidence/logistic.ts";
import { OBJECT_SIGNS, type ObjectCalibration, RETURN_SIGNS } from "../../tracking/confidence/objectCalibration.ts";
import type { ReturnObservation } from "./returnObservations.ts";

/** Least IoU of a right mask, and of a mask that lies on the object at all. */
export const RIGHT = 0.5;
const TOUCHING = 0.1;

/**
 * Pull towards 0, in observations. Signals correlate; a strong pull lets several share what one would have alone, so that
 * none decides where it does not hold: real footage is lit and moves in more ways than made clips.
 */
const RIDGE = 30;

/** A thing may be away for long, and what is taken for it is then followed: such returns count so many times. */
const AWAY_COUNTS = 3;

/** How a model is fitted. */
interface Fitting {
  /** Least IoU of what counts as true. */
  readonly least: number;
  /** How many times masks of objects that are away count; default 1. */
  readonly away?: number;
}

/**
 * The models of masks that were carried (frames in which nothing carried the label are left out), and of objects that
 * come back.
 */
export function calibrateObjects(
  carried: readonly ReturnObservation[],
  returns: readonly ReturnObservation[],
): ObjectCalibration {
  return {
    overlapping: fit(carried, OBJECT_SIGNS, { least: RIGHT }),
    present: fit(carried, OBJECT_SIGNS, { least: TOUCHING }),
    returning: fit(returns, RETURN_SIGNS, { least: RIGHT, away: AWAY_COUNTS }),
  };
}

function fit<Signal extends keyof typeof OBJECT_SIGNS>(
  all: readonly ReturnObservation[],
  signs: Readonly<Record<Signal, 1 | -1>>,
  { least, away = 1 }: Fitting,
): LogisticModel<Signal> {
  const observations = all.flatMap(({ signals, iou, trueArea }): Observation<Signal>[] =>
    signals === null
      ? []
      : [{ signals: { ...signals }, truth: trueArea > 0 && iou >= least, weight: trueArea > 0 ? 1 : away }],
  );
  return fitSigned(observations, signs, RIDGE);
}
