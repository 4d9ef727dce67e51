/**
 * @file Batch-norm statistics for the weights that are kept ("PreciseBN", Wu & Johnson 2021, Rethinking "Batch" in
 * BatchNorm, §3). What the running averages hold is not what tracking needs: they belong to the raw weights, not to the
 * averaged ones, and were gathered on frames with a hidden colour channel. So they are measured anew: the averaged
 * weights see whole frames.
 */
import { encode, encoderStatistics, encoderVariant } from "../method/encoder.ts";
import { compile, concat, input, type Program, type ProgramOptions, reshape, type Tensor } from "../tensor/index.ts";
import { type BatchSource, wholeFrames } from "./batches.ts";
import type { TrainingConfig } from "./config.ts";
import { seenFrames } from "./objective.ts";
import { partsOf, type RunParts } from "./runParts.ts";
import { stepParameters } from "./step.ts";

/** Batches that the statistics are averaged over; more change them by less than their own noise. */
const BATCHES = 16;

/** Measures the statistics of weights on the run's footage. */
export class PreciseStatistics implements AsyncDisposable {
  private readonly program: Program<"statistics">;
  private readonly sampler: BatchSource;
  private readonly run: RunParts;
  /** How many statistics there are. */
  private readonly length: number;

  private constructor(program: Program<"statistics">, sampler: BatchSource, run: RunParts, length: number) {
    this.program = program;
    this.sampler = sampler;
    this.run = run;
    this.length = length;
  }

  /** Compiles the measurement for frames of the run's batches. */
  static async open(
    config: TrainingConfig,
    sampler: BatchSource,
    runtime: ProgramOptions,
    run: RunParts = partsOf(config),
  ): Promise<PreciseStatistics> {
    const { pairs, references, size } = config;
    const variant = encoderVariant(config.variant);
    const layout = stepParameters(run);
    const views = layout.views(input("parameters", [layout.size]));
    const collected = new Map<string, Tensor>();
    const frames = input("frames", [pairs * (1 + references), 3, size, size]);
    encode(variant, views, seenFrames(run, views, frames), { kind: "training", collected });
    const parts = encoderStatistics(variant).map(({ name, shape }) => reshape(collected.get(name) as Tensor, shape));
    const statistics = concat(parts, 0);
    return new PreciseStatistics(await compile({ statistics }, runtime), sampler, run, statistics.size);
  }

  /**
   * @param parameters the flat parameters, as in a checkpoint.
   * @returns the flat statistics (`encoderStatistics` in their order): means over the same batches at every call.
   */
  async of(parameters: Float32Array): Promise<Float32Array> {
    const total = new Float64Array(this.length);
    for (let i = 1; i <= BATCHES; i++) {
      const batch = await this.sampler.batch(i);
      const frames = wholeFrames(batch, this.run);
      const { statistics } = await this.program.run({ ...batch.parts, parameters, frames });
      for (let k = 0; k < total.length; k++) total[k] += statistics[k] / BATCHES;
    }
    return Float32Array.from(total);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program.close();
  }
}
