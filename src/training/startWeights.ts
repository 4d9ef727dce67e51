/** @file The weights that a run begins with, of everything that it learns. */
import type { EncoderWeights } from "../method/encoderWeights.ts";
import { trainedNotes } from "../method/learned.ts";
import type { TrainingConfig } from "./config.ts";
import { firstCheckpoint } from "./firstCheckpoint.ts";
import { partsOf } from "./runParts.ts";
import { buildStep } from "./step.ts";

/**
 * As `init` of the configuration says, and seeded where its file holds nothing: also what is learned beside the
 * encoder. With these as `init`, every run of the configuration begins alike, whatever its seed.
 * @throws UserError those of `firstCheckpoint`
 */
export async function startWeights(config: TrainingConfig): Promise<EncoderWeights> {
  const parts = partsOf(config);
  const graph = buildStep(config, parts);
  const { parameterLayout, statisticsLayout } = graph;
  const { state } = await firstCheckpoint(config, graph, parts);
  const values = new Map([...parameterLayout.unpack(state.parameters), ...statisticsLayout.unpack(state.statistics)]);
  return { variant: config.variant, values, metadata: weightsNotes(config, 0) };
}

/** Notes of weights that were learned with a configuration; where they began is left out, since that may be a path. */
export function weightsNotes({ init: _init, ...config }: TrainingConfig, step: number): EncoderWeights["metadata"] {
  return trainedNotes(config, { step, minutes: 0 });
}
