/** @file A line on the terminal after every step. */
import { duration } from "../../core/duration.ts";
import type { Logger } from "../../core/log.ts";
import type { MetricsRow } from "../runFiles.ts";
import { RunningMean } from "../runningMean.ts";
import type { Observer } from "./observer.ts";

/**
 * Step, running mean of the loss, speed, and how long the rest will take.
 * @param earlier the steps of the run before, in order.
 */
export function progressLine(logger: Logger, earlier: readonly Pick<MetricsRow, "loss">[] = []): Observer {
  const mean = new RunningMean();
  for (const { loss } of earlier) mean.add(loss);
  return {
    async after({ checkpoint: { step, minutes }, progress, row: { pairsPerSec, loss } }) {
      const left = progress > 0 ? duration(((minutes * 60) / progress) * (1 - progress)) : "?";
      const speed = `${pairsPerSec.toFixed(1)} pairs/s`;
      const share = `${Math.round(progress * 100)} %`;
      logger.progress(`step ${step}  loss ${mean.add(loss).toFixed(4)}  ${speed}  ${share}  ${left} left`);
      return undefined;
    },
  };
}
