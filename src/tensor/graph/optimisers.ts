/** @file Adam and AdamW inside the graph, on one flat parameter vector, with clipping of the gradient's norm. */
import { add, div, minimum, mul, neg, sub } from "./ops/arithmetic.ts";
import { exp, sqrt, tanh } from "./ops/functions.ts";
import { sumSquare } from "./ops/reduce.ts";
import { constant, input, type Tensor } from "./tensor.ts";

/** Settings of AdamW (Loshchilov & Hutter 2019); with `weightDecay` 0 it is Adam (Kingma & Ba 2015). */
export interface AdamOptions {
  /** Decay of the first moment; default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment; default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the second moment; default 1e-8. */
  readonly epsilon?: number;
  /** Decoupled decay per step, times the learning rate; default 0. */
  readonly weightDecay?: number;
  /** Which elements decay: 1 or 0 each; default all. */
  readonly decayMask?: Float32Array;
  /** Largest norm of the whole gradient; default no limit. */
  readonly clipNorm?: number;
}

/** Names of the inputs that an Adam step reads besides the parameters. */
export const ADAM_INPUTS = { m: "adam.m", v: "adam.v", learningRate: "learningRate", step: "step" } as const;

/** New values after a step. */
export interface AdamStep {
  readonly parameters: Tensor;
  readonly m: Tensor;
  readonly v: Tensor;
  /** Norm of the gradient before clipping: a scalar, for the log and for stopping when it explodes. */
  readonly gradientNorm: Tensor;
}

/**
 * One step on the flat vector `[P]` with its gradient `[P]`.
 * Feeds: `adam.m`, `adam.v` `[P]` (zeros at first), `learningRate` `[]`, `step` `[]` (1 at the first step).
 */
export function adam(parameters: Tensor, gradient: Tensor, options: AdamOptions = {}): AdamStep {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, decayMask, clipNorm } = options;
  const m0 = input(ADAM_INPUTS.m, parameters.shape);
  const v0 = input(ADAM_INPUTS.v, parameters.shape);
  const learningRate = input(ADAM_INPUTS.learningRate, []);
  const step = input(ADAM_INPUTS.step, []);
  const gradientNorm = sqrt(sumSquare(gradient));
  const g = clipNorm === undefined ? gradient : mul(gradient, minimum(1, div(clipNorm, add(gradientNorm, 1e-12))));
  const m = add(mul(m0, beta1), mul(g, 1 - beta1));
  const v = add(mul(v0, beta2), mul(mul(g, g), 1 - beta2));
  const corrected = (moment: Tensor, beta: number): Tensor => div(moment, oneMinusPower(beta, step));
  const direction = div(corrected(m, beta1), add(sqrt(corrected(v, beta2)), epsilon));
  const decay = decayMask === undefined ? weightDecay : mul(constant(decayMask), weightDecay);
  const pull = weightDecay === 0 ? direction : add(direction, mul(parameters, decay));
  return { parameters: sub(parameters, mul(pull, learningRate)), m, v, gradientNorm };
}

/** 1 − βᵗ without the cancellation that float32 has for β near 1: −tanh(z/2)·(1 + eᶻ) with z = t·ln β. */
function oneMinusPower(beta: number, t: Tensor): Tensor {
  const z = mul(t, Math.log(beta));
  return neg(mul(tanh(mul(z, 0.5)), add(1, exp(z))));
}
