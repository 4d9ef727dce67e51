/** @file What it costs to look for the windows' places (MCS). */
import type { BenchRow } from "./row.ts";
import { stepRows } from "./stepForms.ts";

/** A row for each encoder; "ours" is with window centres, "peer" without. */
export function windowCentresBench(): Promise<BenchRow[]> {
  const sampler = { enabled: true };
  return stepRows(
    (["nano", "small"] as const).map((variant) => ({
      name: `training step, ${variant}, 6 pairs of 192x192: with window centres / without, CPU`,
      ours: { variant, multiClusterSampler: { ...sampler, windowCentres: true } },
      peer: { variant, multiClusterSampler: sampler },
    })),
  );
}
