/** @file Where a run begins: seeded random values, or those of a weights file where it holds them. */
import { readEncoderWeights } from "../method/node/weightsFile.ts";
import type { ParameterValues } from "../tensor/index.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { TrainingConfig } from "./config.ts";
import { partsOf, type RunParts } from "./runParts.ts";
import { startValues, type TrainingStep } from "./step.ts";

/**
 * The state before the first step.
 * @throws UserError when the file of `init` cannot be read or is of another variant.
 */
export async function firstCheckpoint(
  config: TrainingConfig,
  graph: TrainingStep,
  run: RunParts = partsOf(config),
): Promise<Checkpoint> {
  const { parameterLayout, statisticsLayout } = graph;
  const values = await firstValues(config, run);
  const parameters = parameterLayout.pack(values);
  const state = {
    parameters,
    statistics: statisticsLayout.pack(values),
    average: parameters.slice(),
    m: new Float32Array(parameters.length),
    v: new Float32Array(parameters.length),
  };
  return { step: 0, minutes: 0, state };
}

async function firstValues(config: TrainingConfig, run: RunParts): Promise<ParameterValues> {
  const start = startValues(config, run);
  if (config.init === undefined) return start;
  const { values } = await readEncoderWeights(config.init, config.variant);
  return new Map([...start].map(([name, value]) => [name, values.get(name) ?? value]));
}
