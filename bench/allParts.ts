/** @file What a training step costs with all parts of the method, against plain reconstruction. */
import type { BenchRow } from "./row.ts";
import { stepRows } from "./stepForms.ts";

/** A row for each encoder; "ours" is MER with everything on, "peer" plain reconstruction. */
export function allPartsBench(): Promise<BenchRow[]> {
  const on = { enabled: true };
  const parts = {
    motionEnhancement: on,
    valueExtraction: on,
    multiClusterSampler: on,
    adaptiveFusion: on,
    cycleConsistency: on,
  };
  return stepRows(
    (["nano", "small"] as const).map((variant) => ({
      name: `training step, ${variant}, 6 pairs of 192x192: all parts / reconstruction, CPU`,
      ours: { variant, ...parts },
      peer: { variant },
    })),
  );
}
