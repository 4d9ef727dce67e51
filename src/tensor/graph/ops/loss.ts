/** @file Losses per element or row, and the seeded mask of dropout. */
import { Random } from "../../../core/random.ts";
import { argumentError, sameShape, shapeError, show } from "../shape.ts";
import { constant, type Tensor } from "../tensor.ts";
import { abs, square } from "./functions.ts";
import { less, mul, neg, sub, sum, where } from "./arithmetic.ts";
import { logSoftmax } from "./softmax.ts";

/** Huber's loss with a threshold of 1, per element: d²/2 below, |d| − ½ above (Girshick 2015). */
export function smoothL1(prediction: Tensor, target: Tensor): Tensor {
  needSameShape("smoothL1", target, prediction);
  const difference = sub(prediction, target);
  const distance = abs(difference);
  return where(less(distance, 1), mul(square(difference), 0.5), sub(distance, 0.5));
}

/** −Σ target · log softmax(logits) over the last axis: targets `[…, K]` are probabilities. */
export function crossEntropy(logits: Tensor, target: Tensor): Tensor {
  needSameShape("crossEntropy", target, logits);
  return neg(sum(mul(target, logSoftmax(logits)), [-1]));
}

/** Broadcasting a loss over a target of a different shape is always a mistake. */
function needSameShape(op: string, target: Tensor, prediction: Tensor): void {
  if (!sameShape(target.shape, prediction.shape))
    throw shapeError(op, "target", target.shape, `the prediction's ${show(prediction.shape)}`);
}

/**
 * `size` factors of a dropout: 0 for a share p of them, 1/(1 − p) for the rest (Srivastava et al. 2014). Multiply with
 * an `input` and feed a new mask at each run to drop different elements every time.
 */
export function dropoutMask(size: number, p: number, random: Random): Float32Array {
  if (!(p >= 0 && p < 1)) throw argumentError("dropout", "p", p, "0 ≤ p < 1");
  return Float32Array.from({ length: size }, () => (random.chance(p) ? 0 : 1 / (1 - p)));
}

/** Sets a share p of the elements to zero and scales the rest by 1/(1 − p); the mask is fixed by the seed. */
export function dropout(x: Tensor, p: number, seed: number): Tensor {
  return mul(x, constant(dropoutMask(x.size, p, new Random(seed)), x.shape));
}
