/** @file Losses per element or row, and the seeded mask of dropout. */
import { Random } from "../../core/random.ts";
import { constant, type Tensor } from "../tensor.ts";
import { abs, square } from "./functions.ts";
import { less, mul, neg, sub, sum, where } from "./arithmetic.ts";
import { logSoftmax } from "./softmax.ts";

/** Huber's loss with a threshold of 1, per element: d²/2 below, |d| − ½ above (Girshick 2015). */
export function smoothL1(prediction: Tensor, target: Tensor): Tensor {
  const difference = sub(prediction, target);
  const distance = abs(difference);
  return where(less(distance, 1), mul(square(difference), 0.5), sub(distance, 0.5));
}

/** −Σ target · log softmax(logits) over the last axis: targets `[…, K]` are probabilities. */
export function crossEntropy(logits: Tensor, target: Tensor): Tensor {
  return neg(sum(mul(target, logSoftmax(logits)), [-1]));
}

/** Sets a share p of the elements to zero and scales the rest by 1/(1 − p); the mask is fixed by the seed. */
export function dropout(x: Tensor, p: number, seed: number): Tensor {
  const random = new Random(seed);
  const mask = Float32Array.from({ length: x.size }, () => (random.chance(p) ? 0 : 1 / (1 - p)));
  return mul(x, constant(mask, x.shape));
}
