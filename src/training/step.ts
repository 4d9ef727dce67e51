/** @file One training step as one graph: encode, reconstruct, differentiate, update, average. */
import {
  channelsOf,
  encode,
  encoderParameters,
  encoderStatistics,
  type EncoderVariant,
  isNormOrBias,
} from "../method/encoder.ts";
import { reconstruct } from "../method/reconstruction.ts";
import {
  adam,
  type AdamOptions,
  add,
  concat,
  gradients,
  input,
  l2Normalise,
  mul,
  ParameterLayout,
  reshape,
  slice,
  sub,
  type Tensor,
  type TensorLike,
} from "../tensor/index.ts";

/** What the step's graph depends on. */
export interface StepOptions {
  readonly variant: EncoderVariant;
  /** Targets a step, P. */
  readonly pairs: number;
  /** Reference frames a target, R. */
  readonly references: number;
  /** Side of the square crops in pixels, a multiple of the stride. */
  readonly size: number;
  /** Cells to each side of the window. */
  readonly radius: number;
  /** How features are compared: MAST's dot products over √d, or cosines over a temperature. */
  readonly similarity: { readonly kind: "scaledDot" } | { readonly kind: "cosine"; readonly temperature: number };
  readonly adam: AdamOptions;
}

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

/** The graph of a step. */
export interface TrainingStep {
  readonly parameterLayout: ParameterLayout;
  readonly statisticsLayout: ParameterLayout;
  /** New state, and what to look at: loss, gradient norm, reconstruction `[P, 1, S, S]`. */
  readonly outputs: Readonly<Record<(typeof STATE_NAMES)[number] | "loss" | "gradientNorm" | "reconstruction", Tensor>>;
}

/** Builds the graph of one step. */
export function buildStep(options: StepOptions): TrainingStep {
  const { variant, pairs, references, size } = options;
  const parameterLayout = new ParameterLayout(encoderParameters(variant));
  const statisticsLayout = new ParameterLayout(encoderStatistics(variant));
  const count = pairs * (1 + references);
  const frames = input(STEP_INPUTS.frames, [count, 3, size, size]);
  const hidden = input(STEP_INPUTS.hidden, [count, 1, size, size]);
  const flat = input(STEP_INPUTS.parameters, [parameterLayout.size]);
  const views = parameterLayout.views(flat);
  const collected = new Map<string, Tensor>();
  const features = encode(variant, views, frames, { kind: "training", collected });
  const { loss, reconstruction } = reconstructionOf(features, hidden, options);
  const gradient = parameterLayout.flatten(gradients(loss, [...views.values()]));
  const decayMask = parameterLayout.fill((spec) => (isNormOrBias(spec) ? 0 : 1));
  const update = adam(flat, gradient, { ...options.adam, decayMask });
  const outputs = {
    parameters: update.parameters,
    m: update.m,
    v: update.v,
    average: blend(input(STEP_INPUTS.average, flat.shape), update.parameters, input(STEP_INPUTS.averageShare, [])),
    statistics: runningStatistics(statisticsLayout, collected),
    loss,
    gradientNorm: update.gradientNorm,
    reconstruction,
  };
  return { parameterLayout, statisticsLayout, outputs };
}

function reconstructionOf(
  features: Tensor,
  hidden: Tensor,
  { variant, pairs, references, radius, similarity }: StepOptions,
) {
  const cosine = similarity.kind === "cosine";
  const compared = cosine ? l2Normalise(features, 1) : features;
  const frame = (x: Tensor, i: number): Tensor => slice(x, 0, i * pairs, pairs);
  const others = Array.from({ length: references }, (_, i) => i + 1);
  return reconstruct(
    {
      target: frame(compared, 0),
      references: others.map((i) => frame(compared, i)),
      hidden: frame(hidden, 0),
      sources: others.map((i) => frame(hidden, i)),
    },
    { radius, scale: cosine ? 1 / similarity.temperature : 1 / Math.sqrt(channelsOf(variant)) },
  );
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
