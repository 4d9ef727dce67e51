/**
 * @file The value extraction network, VEN (after MER; the formula is the paper's, details ours): where the valuable
 * pixels, those of target objects, are likely to be. A raw statistic per cell compares how well the cell is found in
 * the references with how well it matches itself, V_i = Σ_ref Σ_j M(x_i, x_j) − Ω·M(x_i, x_i) with M = exp of the
 * scaled dot product and Ω the number of summed terms; a small network turns it, the motion strength and the entropy of
 * the affinity into the value map V in (0, 1).
 *
 * The encoder is not trained through V: it would learn to make itself look valuable. What V learns from is motion
 * (`valueLoss`).
 */
import {
  add,
  concat,
  conv2d,
  div,
  exp,
  greater,
  log,
  max,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  type ParameterSpec,
  relu,
  reshape,
  sigmoid,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  toFloat,
} from "../tensor/graph/index.ts";
import type { Parameters } from "./encoder.ts";
import type { LocalAffinity } from "./localAffinity.ts";
import { NOT_SAMPLED } from "./samplingPrior.ts";

/** Channels between the two layers. */
const HIDDEN = 8;

/** Logits below are no candidates: outside the window or the frame, or in a region that is not sampled. */
const NO_CANDIDATE = NOT_SAMPLED / 2;

/** Learned parameters of the network: 3×3 from [raw, strength, entropy] to 8 channels, 1×1 to one. */
export const valueParameters: readonly ParameterSpec[] = [
  { name: "value.conv1.weight", shape: [HIDDEN, 3, 3, 3] },
  { name: "value.conv1.bias", shape: [HIDDEN] },
  { name: "value.conv2.weight", shape: [1, HIDDEN, 1, 1] },
  { name: "value.conv2.bias", shape: [1] },
];

/** Raw statistic and entropy of every target cell, each `[B, 1, h, w]`. */
export interface ValueStatistics {
  /** V_i^m, standardised over each frame (zero mean, unit deviation; all zero where it does not vary). */
  readonly raw: Tensor;
  /** −Σ A log A over the log of the number of candidates, 0..1. */
  readonly entropy: Tensor;
}

/**
 * @param target the compared target features `[B, C, h, w]`, as given to the affinity.
 * @param scale the affinity's factor on the dot products.
 */
export function valueStatistics(affinity: LocalAffinity, target: Tensor, scale: number): ValueStatistics {
  const logits = stopGradient(affinity.logits);
  const self = mul(sum(square(stopGradient(target)), [1], true), scale); // [B, 1, h, w]
  // Standardising makes a common factor of all M in a frame irrelevant, so the largest exponent of the frame is taken off.
  const top = maximum(max(logits, [1, 2, 3], true), max(self, [1, 2, 3], true)); // [B, 1, 1, 1]
  const found = affinity.map(sum(exp(sub(logits, top)), [-1]));
  const terms = affinity.map(sum(toFloat(greater(logits, NO_CANDIDATE)), [-1]));
  const weights = stopGradient(affinity.weights);
  const entropy = affinity.map(neg(sum(mul(weights, log(add(weights, 1e-12))), [-1])));
  return {
    raw: standardised(sub(found, mul(terms, exp(sub(self, top))))),
    // Where no candidate of a window is sampled, all of them are what is left: more than the terms counted.
    entropy: minimum(div(entropy, log(add(maximum(terms, 1), 1))), 1),
  };
}

/** Zero mean and unit deviation over each frame of `[B, 1, h, w]`. */
function standardised(x: Tensor): Tensor {
  const centred = sub(x, mean(x, [1, 2, 3], true));
  return div(centred, add(sqrt(mean(square(centred), [1, 2, 3], true)), 1e-6));
}

/**
 * The value map before its sigmoid.
 * @param strength motion strength m̂ of the target's cells in 0..1, 0 where it is not known, `[B, 1, h, w]`.
 * @returns `[B, 1, h, w]`; `sigmoid` of it is V.
 */
export function valueLogits(parameters: Parameters, { raw, entropy }: ValueStatistics, strength: Tensor): Tensor {
  const get = (name: string): Tensor => parameters.get(`value.${name}`) as Tensor;
  const layer = (x: Tensor, name: string, padding: number): Tensor =>
    add(conv2d(x, get(`${name}.weight`), { padding }), reshape(get(`${name}.bias`), [1, -1, 1, 1]));
  return layer(relu(layer(concat([raw, strength, entropy], 1), "conv1", 1)), "conv2", 0);
}

/** Positives count at most so many times as much as negatives. */
const MOST = 20;

/**
 * Cross-entropy of V with where things were seen to move; both classes count alike however small the moving part is.
 * @param moving 0..1, `[B, 1, h, w]`: m̂ of the target, or its mean over the cell's region.
 * @returns a scalar; frames in which nothing moves teach nothing.
 */
export function valueLoss(logits: Tensor, moving: Tensor): Tensor {
  const positive = sum(moving, [1, 2, 3], true);
  const negative = sum(sub(1, moving), [1, 2, 3], true);
  const balance = minimum(div(negative, maximum(positive, 1e-3)), MOST);
  const something = toFloat(greater(positive, 0.5));
  // −log σ(x) = log(1 + e^−x), and −log(1 − σ(x)) = x more.
  const softplus = add(relu(neg(logits)), log(add(1, exp(neg(maximum(logits, neg(logits)))))));
  const entropy = add(mul(mul(moving, balance), softplus), mul(sub(1, moving), add(softplus, logits)));
  return mean(mul(entropy, something));
}

/** V of the logits. */
export function valueMap(logits: Tensor): Tensor {
  return sigmoid(logits);
}
