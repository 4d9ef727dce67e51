/** @file Fits the confidence of masks to clips with exact truth. */
import { fitSigned, type LogisticModel, type Observation } from "../../tracking/confidence/logistic.ts";
import { OBJECT_SIGNS, type ObjectCalibration, RETURN_SIGNS } from "../../tracking/confidence/objectCalibration.ts";
import type { ObjectSignals } from "../../tracking/confidence/objectSignals.ts";
import { RIGHT } from "./objectObservations.ts";
import type { ReturnObservation } from "./returnObservations.ts";

/** Least IoU of a mask that lies on its object at all. */
const TOUCHING = 0.1;

/**
 * Pull towards 0, in observations. Signals correlate; a strong pull lets several share what one would have alone, so that
 * none decides where it does not hold: real footage is lit and moves in more ways than made clips.
 */
const RIDGE = 30;

/**
 * The models of masks that were carried (frames in which nothing carried the label are left out), and of objects that
 * come back: what is found of them may be a part at first, but has to lie on them.
 */
export function calibrateObjects(
  carried: readonly ReturnObservation[],
  returns: readonly ReturnObservation[],
): ObjectCalibration {
  return {
    overlapping: fit(carried, OBJECT_SIGNS, ({ iou }) => iou >= RIGHT),
    present: fit(carried, OBJECT_SIGNS, ({ iou }) => iou >= TOUCHING),
    returning: fit(returns, RETURN_SIGNS, (one) => ownShare(one) >= RIGHT),
    returned: fit(returns, RETURN_SIGNS, ({ iou }) => iou >= RIGHT),
  };
}

function fit<Signal extends keyof ObjectSignals>(
  all: readonly ReturnObservation[],
  signs: Readonly<Record<Signal, 1 | -1>>,
  isTrue: (one: ReturnObservation) => boolean,
): LogisticModel<Signal> {
  const observations = all.flatMap((one): Observation<Signal>[] =>
    one.signals === null ? [] : [{ signals: { ...one.signals }, truth: one.trueArea > 0 && isTrue(one) }],
  );
  return fitSigned(observations, signs, RIDGE);
}

/** Share of a mask that is the object's. */
function ownShare({ iou, area, trueArea }: ReturnObservation): number {
  return (iou * (area + trueArea)) / (1 + iou) / area;
}
