/** @file `metrics.jsonl`: a line for every step. */
import { appendMetrics } from "../runFiles.ts";
import type { Observer } from "./observer.ts";

/** Stands behind the observers that add to the line. */
export function metricsLog(folder: string): Observer {
  return {
    async after({ row }) {
      await appendMetrics(folder, row);
      return undefined;
    },
  };
}
