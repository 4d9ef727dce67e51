/** @file Weights scored by J&F on annotated sequences, tracked with the default protocol. */
import { scoreDavis } from "../../evaluation/benchmarks/davisBenchmark.ts";
import { trackedMasks } from "../../evaluation/benchmarks/trackedMasks.ts";
import { readSplit } from "../../formats/splitFile.ts";
import { openEncoder } from "../../method/node/openEncoder.ts";
import { resolveProtocol } from "../../tracking/protocols.ts";
import type { TrainOptions } from "../../training/trainer.ts";
import type { RunContext } from "../task.ts";
import type { ScoreSettings } from "./scoreKey.ts";

/** @throws UserError those of `readSplit` and of the sequences */
export async function labelledScore(
  { data, split, resolution, frames }: ScoreSettings,
  { machine, signal }: Pick<RunContext, "machine" | "signal">,
): Promise<NonNullable<TrainOptions["score"]>> {
  const benchmark = { root: data, sequences: await readSplit(split), resolution };
  const limits = { signal, maxFrames: frames };
  return async (weights) => {
    await using encoder = await openEncoder({ weights, ...machine });
    const method = trackedMasks({ encoder, protocol: resolveProtocol("default"), threads: machine.threads });
    return (await scoreDavis(benchmark, method, limits)).JF_mean;
  };
}
