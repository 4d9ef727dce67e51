/** @file Where a run begins: seeded random values, or those of a weights file where it holds them. */
import { UserError } from "../core/errors.ts";
import type { EncoderValues } from "../method/encoderWeights.ts";
import { DEFAULT_WEIGHTS, readEncoderWeights } from "../method/node/weightsFile.ts";
import type { ParameterValues } from "../tensor/index.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { DEFAULT_INIT, RANDOM_INIT, type TrainingConfig } from "./config.ts";
import { partsOf, type RunParts } from "./runParts.ts";
import { startValues, type TrainingStep } from "./step.ts";

/**
 * The state before the first step.
 * @throws UserError `training/init` when the default weights are of another variant; when the file of `init` cannot be
 * read or is of another variant.
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

/** In words, for the terminal. */
export function startOf({ init = RANDOM_INIT }: Pick<TrainingConfig, "init">): string {
  if (init === RANDOM_INIT) return "random weights";
  return init === DEFAULT_INIT ? "the default weights (--init none: random ones)" : `the weights ${init}`;
}

async function firstValues(config: TrainingConfig, run: RunParts): Promise<ParameterValues> {
  const start = startValues(config, run);
  const { init = RANDOM_INIT } = config;
  if (init === RANDOM_INIT) return start;
  const values = await valuesOf(init, config.variant);
  return new Map([...start].map(([name, value]) => [name, values.get(name) ?? value]));
}

async function valuesOf(init: string, variant: TrainingConfig["variant"]): Promise<EncoderValues> {
  if (init !== DEFAULT_INIT) return (await readEncoderWeights(init, variant)).values;
  const weights = await readEncoderWeights(DEFAULT_WEIGHTS);
  if (weights.variant === variant) return weights.values;
  throw new UserError("training/init", {
    what: "training starts from the default weights, which do not fit this encoder",
    got: `variant ${variant}`,
    expected: weights.variant,
    todo: "say --init none to start from random weights (init: none in a configuration), or --init FILE of this variant",
  });
}
