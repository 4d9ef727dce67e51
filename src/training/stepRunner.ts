/** @file Runs the graph of a step: the state before it and a batch in, the state after it and what happened out. */
import { compile, type Feeds, type OpTime, type Program, type ProgramOptions } from "../tensor/index.ts";
import type { Batch } from "./batches.ts";
import type { Checkpoint, State } from "./checkpoint.ts";
import type { TrainingConfig } from "./config.ts";
import type { RunParts } from "./runParts.ts";
import { averageShare, learningRateAt, progress } from "./schedule.ts";
import { partLosses, STATE_NAMES, type TrainingStep } from "./step.ts";

/** What a step did. */
export interface StepOutcome {
  readonly state: State;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** The losses that the objective is made of, by name. */
  readonly losses: Readonly<Record<string, number>>;
  /** Values of the parameters that the parts want written down. */
  readonly learned: Readonly<Record<string, readonly number[]>>;
}

/** A compiled step. */
export class StepRunner implements AsyncDisposable {
  private readonly config: TrainingConfig;
  private readonly graph: TrainingStep;
  private readonly program: Program<string>;
  private readonly noted: ReadonlySet<string>;

  private constructor(config: TrainingConfig, graph: TrainingStep, program: Program<string>, noted: Iterable<string>) {
    this.config = config;
    this.graph = graph;
    this.program = program;
    this.noted = new Set(noted);
  }

  static async open(
    config: TrainingConfig,
    { active }: RunParts,
    graph: TrainingStep,
    runtime: ProgramOptions,
  ): Promise<StepRunner> {
    const program = await compile(graph.outputs, runtime);
    return new StepRunner(
      config,
      graph,
      program,
      active.flatMap(({ noted = [] }) => noted),
    );
  }

  /** The step after `before`, which is left as it is. */
  async step(before: Checkpoint, batch: Batch): Promise<StepOutcome> {
    const step = before.step + 1;
    const learningRate = learningRateAt(this.config, progress(this.config, before));
    const { loss, gradientNorm, ...outputs } = await this.program.run({
      ...stillFeeds(before, batch),
      learningRate: Float32Array.of(learningRate),
      averageShare: Float32Array.of(averageShare(this.config.emaDecay, step)),
      step: Float32Array.of(step),
    });
    return {
      state: Object.fromEntries(STATE_NAMES.map((name) => [name, outputs[name]])) as State,
      loss: loss[0],
      gradientNorm: gradientNorm[0],
      learningRate,
      losses: partLosses(outputs),
      learned: this.learned(outputs["parameters"]),
    };
  }

  /** The outputs of a step on this batch, without learning from it. */
  async preview(at: Checkpoint, batch: Batch): Promise<Record<string, Float32Array>> {
    return this.program.run(stillFeeds(at, batch));
  }

  /** Time per op type; needs the option `profile`. */
  async profile(): Promise<OpTime[]> {
    return this.program.profile();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program.close();
  }

  private learned(parameters: Float32Array): Record<string, number[]> {
    const values = [...this.graph.parameterLayout.unpack(parameters)].filter(([name]) => this.noted.has(name));
    return Object.fromEntries(values.map(([name, { data }]) => [name, [...data]]));
  }
}

/**
 * A batch and the state before it, for a step that changes nothing: a learning rate of 0 and no share in the average.
 */
function stillFeeds({ step, state }: Pick<Checkpoint, "step" | "state">, batch: Batch): Feeds {
  return {
    ...batch.parts,
    frames: batch.frames,
    hidden: batch.hidden,
    parameters: state.parameters,
    statistics: state.statistics,
    average: state.average,
    "adam.m": state.m,
    "adam.v": state.v,
    learningRate: Float32Array.of(0),
    averageShare: Float32Array.of(0),
    step: Float32Array.of(step),
  };
}
