/**
 * @file The adaptive fusion loss (after MER, details ours): which pixels count, and how the parts of the loss are put
 * together.
 *
 * Importance of a pixel: w ∝ exp(−s)·(1 + γV)·(1 + βm̂)·c, mean 1 in each frame, with s a learned log-variance (an
 * occluded pixel cannot be rebuilt and would rule the loss), V the value map, m̂ the strength of motion and c the share
 * of the pixel's attention that stays in its own region. Parts: Σ_k exp(−σ_k)·L_k + σ_k with learned σ_k (Kendall et
 * al. 2018).
 *
 * Guards against the trivial answer (all weight on what is easy): the encoder sees the weights as constants; s learns
 * only from its own likelihood e·exp(−s) + s; weights have mean 1 and a largest value; σ pays for itself.
 */
import {
  add,
  conv2d,
  div,
  exp,
  log,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  type ParameterSpec,
  reshape,
  slice,
  stopGradient,
  sum,
  tanh,
  type Tensor,
} from "../tensor/graph/index.ts";
import type { Parameters } from "./encoder.ts";
import type { LocalAffinity } from "./localAffinity.ts";

/** |s| and |σ| stay below: weights within a factor of 20 of each other. */
const MOST_LOG = 3;
/** No pixel counts more than this many average ones. */
const MOST_WEIGHT = 8;
/** A cell whose attention leaves its region altogether still counts a little: regions are only guesses. */
const LEAST_SHARE = 0.1;

/** Learned parameters of importance: the log-variance head on d feature channels. */
export function varianceParameters(channels: number): ParameterSpec[] {
  return [
    { name: "fusion.logVariance.weight", shape: [1, channels, 1, 1] },
    { name: "fusion.logVariance.bias", shape: [1] },
  ];
}

/** Learned parameters of the fusion: σ of each part. */
export function sigmaParameters(parts: number): ParameterSpec[] {
  return [{ name: "fusion.sigma", shape: [parts] }];
}

/** s of every cell, `[B, 1, h, w]`, from the features `[B, d, h, w]`; the encoder is not trained through it. */
export function logVariance(parameters: Parameters, features: Tensor): Tensor {
  const weight = parameters.get("fusion.logVariance.weight") as Tensor;
  const bias = reshape(parameters.get("fusion.logVariance.bias") as Tensor, [1, 1, 1, 1]);
  return bounded(add(conv2d(stopGradient(features), weight), bias));
}

/** What s learns from: mean of e·exp(−s) + s; e and s `[B, 1, H, W]`. A scalar. */
export function varianceLoss(error: Tensor, s: Tensor): Tensor {
  return mean(add(mul(stopGradient(error), exp(neg(s))), s));
}

/** What a pixel's importance is made of, each `[B, 1, H, W]`; what is missing does not count. */
export interface Importance {
  /** s. */
  readonly logVariance?: Tensor | undefined;
  /** V in 0..1, and its factor γ. */
  readonly value?: { readonly map: Tensor; readonly gain: number } | undefined;
  /** m̂ in 0..1, and its factor β. */
  readonly strength?: { readonly map: Tensor; readonly gain: number } | undefined;
  /** c in 0..1. */
  readonly ownShare?: Tensor | undefined;
}

/** 1 + gain·map. */
function gained({ map, gain }: { map: Tensor; gain: number }): Tensor {
  return add(mul(map, gain), 1);
}

/**
 * Weights with mean 1 in each frame, at most 8, constants for the encoder: `[B, 1, H, W]`; undefined when nothing is
 * given.
 */
export function importanceWeights({ logVariance: s, value, strength, ownShare }: Importance): Tensor | undefined {
  const factors = [
    ...(s === undefined ? [] : [exp(neg(s))]),
    ...(value === undefined ? [] : [gained(value)]),
    ...(strength === undefined ? [] : [gained(strength)]),
    ...(ownShare === undefined ? [] : [maximum(ownShare, LEAST_SHARE)]),
  ];
  if (factors.length === 0) return undefined;
  const product = stopGradient(factors.reduce((a, b) => mul(a, b)));
  // Each round moves what is cut off the largest to all others; three leave nothing above the limit by more than a few percent.
  return [1, 2, 3].reduce((weights) => meanOne(minimum(weights, MOST_WEIGHT)), meanOne(product));
}

function meanOne(x: Tensor): Tensor {
  return div(x, maximum(mean(x, [1, 2, 3], true), 1e-6));
}

/**
 * Share of each target cell's attention that stays in its own region, c: `[B, 1, h, w]` in 0..1.
 * @param target regions of the target's cells as one-hot channels `[B, K, h, w]`.
 * @param references the same for each reference.
 */
export function ownRegionShare(affinity: LocalAffinity, target: Tensor, references: readonly Tensor[]): Tensor {
  return sum(mul(affinity.copy(references), target), [1], true);
}

/** Region consistency: mean of −log c, a scalar that trains the encoder. */
export function regionLoss(ownShare: Tensor): Tensor {
  return neg(mean(log(add(ownShare, 1e-3))));
}

/** Σ_k exp(−σ_k)·L_k + σ_k, and the σ_k used. @param losses scalars. */
export function fuse(parameters: Parameters, losses: readonly Tensor[]): Tensor {
  const sigma = bounded(parameters.get("fusion.sigma") as Tensor);
  return losses
    .map((loss, k) => {
      const own = reshape(slice(sigma, 0, k, 1), []);
      return add(mul(exp(neg(own)), loss), own);
    })
    .reduce((a, b) => add(a, b));
}

/** x, bent so that it stays within ±3. */
function bounded(x: Tensor): Tensor {
  return mul(tanh(div(x, MOST_LOG)), MOST_LOG);
}
