/** @file Watches the loss: smooths it, and stops a run whose loss is no number or has exploded. */
import { UserError } from "../core/errors.ts";

/** Steps in a row with a loss this many times above the usual one are an explosion. */
const EXPLODED = { factor: 4, steps: 20 };
/** Share of the old value that the usual loss keeps a step. */
const SMOOTHING = 0.98;

/** What a step gave. */
export interface StepLoss {
  /** From 1. */
  readonly step: number;
  readonly loss: number;
  readonly gradientNorm: number;
}

/**
 * The measure of whether a run goes well: the loss, or with learned weights (parts given) the plain sum of its parts. A
 * fused loss falls below zero as the parts get better, so that "four times as high" would mean nothing. A loss that is
 * no number stays one.
 */
export function watchedLoss(loss: number, parts?: Readonly<Record<string, number>>): number {
  if (parts === undefined || !Number.isFinite(loss)) return loss;
  return Object.values(parts).reduce((sum, part) => sum + part, 0);
}

/** The usual loss of a run, and how many steps in a row were far above it. */
export class LossGuard {
  private usual: number | undefined;
  private highLosses = 0;

  /** @param usual the smoothed loss where the run stands; undefined before its first step. */
  constructor(usual?: number) {
    this.usual = usual;
  }

  /**
   * Takes in the loss of a step.
   * @returns the smoothed loss.
   * @throws UserError `training/diverged` when the loss or the gradient is no number, or at the 20th loss in a row
   * above four times the usual one.
   */
  check({ step, loss, gradientNorm }: StepLoss): number {
    const usual = this.usual ?? loss;
    const high = loss > EXPLODED.factor * usual;
    this.highLosses = high ? this.highLosses + 1 : 0;
    const broken = !Number.isFinite(loss) || !Number.isFinite(gradientNorm);
    if (broken || this.highLosses >= EXPLODED.steps) {
      throw new UserError("training/diverged", {
        what: `training broke at step ${step}`,
        got: broken
          ? `loss ${loss}, gradient norm ${gradientNorm}`
          : `a loss of ${loss.toFixed(3)}, the ${EXPLODED.steps}th high one in a row`,
        expected: broken ? "finite numbers" : `about ${usual.toFixed(3)}`,
        todo: "start again with a smaller learning rate; the state before it is in the run's checkpoint",
      });
    }
    // High losses stay out of the usual one: it would rise with them, and after some steps none would count as high.
    this.usual = high ? usual : SMOOTHING * usual + (1 - SMOOTHING) * loss;
    return this.usual;
  }
}
