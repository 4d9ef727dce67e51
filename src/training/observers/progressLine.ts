/** @file A line on the terminal after every step. */
import { duration } from "../../core/duration.ts";
import type { Logger } from "../../core/log.ts";
import type { Observer } from "./observer.ts";

/** Step, smoothed loss, speed, and how long the rest will take. */
export function progressLine(logger: Logger): Observer {
  return {
    async after({ checkpoint: { step, minutes, smoothedLoss }, progress, row: { pairsPerSec } }) {
      const left = progress > 0 ? duration(((minutes * 60) / progress) * (1 - progress)) : "?";
      const speed = `${pairsPerSec.toFixed(1)} pairs/s`;
      const share = `${Math.round(progress * 100)} %`;
      logger.progress(`step ${step}  loss ${smoothedLoss.toFixed(4)}  ${speed}  ${share}  ${left} left`);
      return undefined;
    },
  };
}
