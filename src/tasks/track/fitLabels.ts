/** @file Labels brought into the frame, so that one bad box does not refuse all. */
import { fitToFrame, type Misfit } from "../../annotations/fit.ts";
import type { FrameSize } from "../../annotations/point.ts";
import { UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import { listed } from "../../formats/usable.ts";
import type { FrameLabels } from "../../tracking/session/keyFrame.ts";

/** A shape that could not stay as it was, and the labels that have it. */
interface LabelMisfit {
  readonly label: FrameLabels;
  readonly misfit: Misfit;
}

/**
 * Labels within the frame: boxes that reach over its edge are clipped, what lies beyond it is left out, with a warning.
 * @throws UserError `boxes/outside`, `points/outside` where no label is left
 */
export function fitLabels(labels: readonly FrameLabels[], size: FrameSize, logger: Logger): FrameLabels[] {
  const misfits: LabelMisfit[] = [];
  const fitted = labels.flatMap((label) => {
    const { points = [], boxes = [] } = label;
    if (points.length + boxes.length === 0) return [label];
    const { misfits: ownMisfits, ...shapes } = fitToFrame({ points, boxes }, size);
    misfits.push(...ownMisfits.map((misfit) => ({ label, misfit })));
    return shapes.points.length + shapes.boxes.length === 0 ? [] : [{ ...label, ...shapes }];
  });
  const outside = misfits.filter(({ misfit }) => misfit.fate === "outside");
  if (outside.length > 0 && !fitted.some(startsSomething)) throw nothingWithin(outside[0], size);
  for (const fate of ["moved", "outside"] as const) warnOf(fate, misfits, size, logger);
  return fitted;
}

const startsSomething = ({ mask, points = [], boxes = [] }: FrameLabels): boolean =>
  mask !== undefined || points.length + boxes.length > 0;

const WORDS = { moved: "clipped to the frame", outside: "left out, beyond the frame" };

function warnOf(
  fate: Misfit["fate"],
  misfits: readonly LabelMisfit[],
  { width, height }: FrameSize,
  logger: Logger,
): void {
  const those = misfits.filter(({ misfit }) => misfit.fate === fate);
  for (const name of new Set(those.map(({ label }) => label.name))) {
    const own = those.filter(({ label }) => label.name === name);
    const shapes = own.map(
      ({ label, misfit }) => `the ${misfit.shape} "${misfit.name}" in frame ${label.frame} (${misfit.place})`,
    );
    logger.warn(`${name}: ${WORDS[fate]} of ${width}x${height}: ${listed(shapes)}`);
  }
}

function nothingWithin({ label, misfit }: LabelMisfit, { width, height }: FrameSize): UserError {
  return new UserError(misfit.shape === "box" ? "boxes/outside" : "points/outside", {
    what: `${label.name}: the ${misfit.shape} "${misfit.name}" in frame ${label.frame} lies outside the frame`,
    got: misfit.place,
    expected: `at least one whole pixel within ${width}x${height}`,
    todo: "positions are pixels of this video; scale them if they belong to another size",
  });
}
