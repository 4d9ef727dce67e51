/**
 * @file A training step (4 pairs of 256², radius 6, Adam) against `../shared/peers/train_step.py`: time and peak
 * memory.
 */
import { join } from "node:path";
import { compare, jsonFrom, type Measured, ourProcess, peers } from "./peer.ts";
import type { BenchRow } from "./row.ts";

/** Steps measured in a turn; the peer does two more first, and so do we. */
const STEPS = 4;

/** One row for each variant. */
export async function trainStepBench(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const variant of ["small", "mast"]) rows.push(await trainStep(variant));
  return rows;
}

function trainStep(variant: string): Promise<BenchRow> {
  const peer = async (python: string): Promise<Measured> => {
    const script = join(peers, "train_step.py");
    const got = await jsonFrom(python, [script, "--variant", variant, "--steps", String(STEPS)]);
    return { seconds: got["step_s"], rssMb: got["peak_rss_mb"] };
  };
  return compare({
    name: `training step, ${variant}, 4 pairs of 256x256`,
    ours: () => ourProcess("./trainStepOurs.js", [variant, String(STEPS)]),
    peer,
    turns: 3,
  });
}
