/**
 * @file Pseudo-motion (beyond the paper; the idea of learning correspondence from single images is DUL's, Araslanov et
 * al. 2021, and HVC's, Li et al. 2024): two random affine views of one frame have exact dense correspondences for free,
 * and views of frames apart have those that optical flow finds. Sampled cells of one view must find their place among
 * all cells of the other (InfoNCE over cells). Cells of other clips are no negatives: labels are only ever searched in
 * the same clip, and their cost is high.
 */
import {
  add,
  exp,
  gather,
  log,
  matmul,
  max,
  mean,
  mul,
  reshape,
  stopGradient,
  sub,
  sum,
  type Tensor,
  transpose,
} from "../tensor/graph/index.ts";

/** Which cells of the first views are asked for, and where they lie in the second ones; N queries a view. */
export interface Correspondences {
  /** Cells of all first views in a row, `[B·N]` int32 in 0..B·h·w−1. */
  readonly queries: Tensor;
  /**
   * Place in the second view as weights of its rows `[B, N, h]` and of its columns `[B, N, w]`; both sum to 1
   * (bilinear).
   */
  readonly rows: Tensor;
  readonly columns: Tensor;
  /** 1, or 0 for a query without a counterpart, `[B·N]`. */
  readonly valid: Tensor;
}

/**
 * Mean of −log softmax of the right place, over the valid queries. The similarity to a place between cells is that to
 * the bilinear mean of their features.
 * @param first features of the first views `[B, C, h, w]`.
 * @param second features of the second views `[B, C, h, w]`.
 * @param scale factor on the dot products, as in the affinity.
 * @returns a scalar.
 */
export function pseudoMotionLoss(first: Tensor, second: Tensor, at: Correspondences, scale: number): Tensor {
  const [b, c, h, w] = first.shape;
  const n = at.queries.size / b;
  const asked = gather(reshape(cells(first), [b * h * w, c]), 0, at.queries); // [B·N, C]
  const queries = mul(reshape(asked, [b, n, c]), scale);
  const keys = cells(second); // [B, h·w, C]
  const weights = mul(reshape(at.rows, [b, n, h, 1]), reshape(at.columns, [b, n, 1, w]));
  const right = matmul(reshape(weights, [b, n, h * w]), keys); // [B, N, C]
  const positive = sum(mul(queries, right), [-1]); // [B, N]
  const loss = sub(logSumExp(matmul(queries, keys, { transposeB: true })), positive);
  return mean(mul(loss, reshape(at.valid, [b, n])));
}

/** `[B, C, h, w]` → `[B, h·w, C]`. */
function cells(x: Tensor): Tensor {
  const [b, c, h, w] = x.shape;
  return reshape(transpose(x, [0, 2, 3, 1]), [b, h * w, c]);
}

/** log Σ eˣ over the last axis, without overflow. */
function logSumExp(x: Tensor): Tensor {
  const top = stopGradient(max(x, [-1], true));
  return add(log(sum(exp(sub(x, top)), [-1])), reshape(top, top.shape.slice(0, -1)));
}
