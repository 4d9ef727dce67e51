/** @file The weights that a run keeps: the averaged ones, with batch-norm statistics measured for them. */
import { messageOf } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";
import type { EncoderWeights } from "../method/encoderWeights.ts";
import { trainedNotes } from "../method/learned.ts";
import { writeSafetensors } from "../weights/safetensors.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { TrainingConfig } from "./config.ts";
import type { PreciseStatistics } from "./preciseStatistics.ts";
import type { TrainingStep } from "./step.ts";

/** Makes weights of checkpoints. */
export class KeptWeights {
  private readonly config: TrainingConfig;
  private readonly graph: TrainingStep;
  private readonly statistics: Pick<PreciseStatistics, "of">;
  private readonly logger: Logger;

  constructor(config: TrainingConfig, graph: TrainingStep, statistics: Pick<PreciseStatistics, "of">, logger: Logger) {
    this.config = config;
    this.graph = graph;
    this.statistics = statistics;
    this.logger = logger;
  }

  /**
   * The weights of a checkpoint. Where the statistics cannot be measured, the running ones are kept, with a warning.
   */
  async of({ state, step, minutes }: Checkpoint): Promise<EncoderWeights> {
    const { parameterLayout, statisticsLayout } = this.graph;
    const measured = await this.statistics.of(state.average).catch((error: unknown) => {
      this.logger.warn(`batch-norm statistics could not be measured, the running ones are kept: ${messageOf(error)}`);
      return state.statistics;
    });
    const values = new Map([...parameterLayout.unpack(state.average), ...statisticsLayout.unpack(measured)]);
    return { variant: this.config.variant, values, metadata: trainedNotes(this.config, { step, minutes }) };
  }
}

/** Writes weights with their metadata. @throws UserError `file/write` */
export async function writeWeights(path: string, { values, metadata }: EncoderWeights): Promise<void> {
  await writeSafetensors(path, new Map(values), { metadata });
}
