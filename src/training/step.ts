/** @file One training step as one graph: encode, take the objective, differentiate, update, average. */
import {
  encode,
  encoderParameters,
  encoderStatistics,
  encoderVariant,
  initialValues,
  isNormOrBias,
} from "../method/encoder.ts";
import {
  adam,
  add,
  concat,
  gradients,
  input,
  mul,
  ParameterLayout,
  type ParameterValues,
  reshape,
  sub,
  type Tensor,
  type TensorLike,
} from "../tensor/index.ts";
import type { TrainingConfig } from "./config.ts";
import { initialPartValues, type Objective, objective, objectiveParameters, seenFrames } from "./objective.ts";
import { partsOf, type RunParts } from "./runParts.ts";

/** Share of the batch's statistics in the running ones (PyTorch's momentum). */
const STATISTICS_MOMENTUM = 0.1;

/** Input names of a step. `P(1+R)` frames: all targets, then all first references, and so on. */
export const STEP_INPUTS = {
  /** `[P(1+R), 3, S, S]` Lab with the hidden channel set to 0. */
  frames: "frames",
  /** `[P(1+R), 1, S, S]`: the hidden channel. */
  hidden: "hidden",
  parameters: "parameters",
  statistics: "statistics",
  average: "average",
  /** `[]`: share of the new weights in the averaged ones (1 − EMA decay). */
  averageShare: "averageShare",
} as const;

/** The arrays that travel from step to step, all flat. */
export const STATE_NAMES = ["parameters", "statistics", "average", "m", "v"] as const;

/** Outputs of this prefix are the losses that the objective is made of. */
const PART_OUTPUT = "part.";

/** The losses that the objective is made of, by name, from the outputs of a step. */
export function partLosses(outputs: Readonly<Record<string, Float32Array>>): Record<string, number> {
  const named = Object.entries(outputs).filter(([name]) => name.startsWith(PART_OUTPUT));
  return Object.fromEntries(named.map(([name, value]) => [name.slice(PART_OUTPUT.length), value[0]]));
}

/** The graph of a step. */
export interface TrainingStep {
  readonly parameterLayout: ParameterLayout;
  readonly statisticsLayout: ParameterLayout;
  /** New state, and outputs to show: loss, gradient norm, the losses `part.NAME`, and what the parts show. */
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/** Learned parameters of a run: the encoder's and those of the parts that are switched on. */
export function stepParameters(run: RunParts): ParameterLayout {
  const variant = encoderVariant(run.settings.variant);
  return new ParameterLayout([...encoderParameters(variant), ...objectiveParameters(run)]);
}

/** First values of everything: the encoder's, and those of the parts. */
export function startValues(config: TrainingConfig, run: RunParts = partsOf(config)): ParameterValues {
  return new Map([
    ...initialValues(encoderVariant(config.variant), config),
    ...initialPartValues(objectiveParameters(run), config.seed),
  ]);
}

/** Builds the graph of one step. */
export function buildStep(config: TrainingConfig, run: RunParts = partsOf(config)): TrainingStep {
  const { pairs, references, size, weightDecay, clipNorm } = config;
  const variant = encoderVariant(config.variant);
  const parameterLayout = stepParameters(run);
  const statisticsLayout = new ParameterLayout(encoderStatistics(variant));
  const count = pairs * (1 + references);
  const frames = input(STEP_INPUTS.frames, [count, 3, size, size]);
  const hidden = input(STEP_INPUTS.hidden, [count, 1, size, size]);
  const flat = input(STEP_INPUTS.parameters, [parameterLayout.size]);
  const views = parameterLayout.views(flat);
  const collected = new Map<string, Tensor>();
  const features = encode(variant, views, seenFrames(run, views, frames), { kind: "training", collected });
  const aim = objective(run, views, features, hidden);
  const gradient = parameterLayout.flatten(gradients(aim.loss, [...views.values()]));
  const decayMask = parameterLayout.fill((spec) => (isNormOrBias(spec) ? 0 : 1));
  const update = adam(flat, gradient, { weightDecay, clipNorm, decayMask });
  const outputs = {
    parameters: update.parameters,
    m: update.m,
    v: update.v,
    average: blend(input(STEP_INPUTS.average, flat.shape), update.parameters, input(STEP_INPUTS.averageShare, [])),
    statistics: runningStatistics(statisticsLayout, collected),
    gradientNorm: update.gradientNorm,
    ...watched(aim),
  };
  return { parameterLayout, statisticsLayout, outputs };
}

/** Outputs to show, by name. */
function watched({ loss, losses, shown }: Objective): Record<string, Tensor> {
  const named = Object.entries(losses).map(([name, value]) => [`${PART_OUTPUT}${name}`, value] as const);
  return { loss, ...Object.fromEntries(named), ...shown };
}

/** old + share · (now − old). */
function blend(old: Tensor, now: Tensor, share: TensorLike): Tensor {
  return add(old, mul(sub(now, old), share));
}

function runningStatistics(layout: ParameterLayout, collected: ReadonlyMap<string, Tensor>): Tensor {
  const now = concat(
    layout.specs.map(({ name, shape }) => reshape(collected.get(name) as Tensor, shape)),
    0,
  );
  return blend(input(STEP_INPUTS.statistics, now.shape), now, STATISTICS_MOMENTUM);
}
