/**
 * @file Pseudo-motion (beyond the paper; the idea of learning correspondence from single images is DUL's, Araslanov et
 * al. 2021, and HVC's, Li et al. 2024): two random affine views of one frame have exact dense correspondences for free,
 * and views of frames apart have those that optical flow finds. Sampled cells of one view must find their place among
 * all cells of the other (InfoNCE over cells), and among some cells of other clips where these are asked for (DUL's
 * anchors).
 */
import {
  add,
  concat,
  constant,
  conv2d,
  exp,
  expand,
  gather,
  greater,
  l2Normalise,
  log,
  matmul,
  max,
  mean,
  mul,
  type ParameterSpec,
  relu,
  reshape,
  slice,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  transpose,
  where,
} from "../tensor/graph/index.ts";
import type { Parameters } from "./encoder.ts";

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

/** What the right place is told from. */
export interface PseudoMotionOptions {
  /** Factor on the dot products, as in the affinity. */
  readonly scale: number;
  /**
   * Cells of the second view at most so many cells away from the right place are no negatives: they lie within the
   * flow's own error, and mostly on the same thing. 0 (the default) = all count.
   */
  readonly ignored?: number;
  /** So many rows and columns of cells of each other second view are negatives too; default 0. */
  readonly anchors?: number;
}

/** Logits of what does not count. */
const NOTHING = -1e4;

/**
 * Mean of −log softmax of the right place, over the valid queries. The similarity to a place between cells is that to
 * the bilinear mean of their features.
 * @param first features of the first views `[B, C, h, w]`.
 * @param second features of the second views `[B, C, h, w]`.
 * @returns a scalar.
 */
export function pseudoMotionLoss(
  first: Tensor,
  second: Tensor,
  at: Correspondences,
  { scale, ignored = 0, anchors = 0 }: PseudoMotionOptions,
): Tensor {
  const [b, c, h, w] = first.shape;
  const n = at.queries.size / b;
  const asked = gather(reshape(cells(first), [b * h * w, c]), 0, at.queries); // [B·N, C]
  const queries = mul(reshape(asked, [b, n, c]), scale);
  const keys = cells(second); // [B, h·w, C]
  const weights = mul(reshape(at.rows, [b, n, h, 1]), reshape(at.columns, [b, n, 1, w]));
  const right = matmul(reshape(weights, [b, n, h * w]), keys); // [B, N, C]
  const positive = sum(mul(queries, right), [-1]); // [B, N]
  const logits = [matmul(queries, keys, { transposeB: true })];
  if (ignored > 0) {
    logits[0] = where(greater(squaredDistances(at, [b, n, h, w]), ignored ** 2), logits[0], NOTHING);
    logits.push(reshape(positive, [b, n, 1]));
  }
  if (anchors > 0 && b > 1) logits.push(toOtherViews(queries, second, anchors));
  const loss = sub(logSumExp(logits.length === 1 ? logits[0] : concat(logits, -1)), positive);
  return mean(mul(loss, reshape(at.valid, [b, n])));
}

/** From the right place of every query to every cell, in cells, squared: `[B, N, h·w]`. */
function squaredDistances({ rows, columns }: Correspondences, [b, n, h, w]: readonly number[]): Tensor {
  const down = reshape(squaredAlong(rows), [b, n, h, 1]);
  const across = reshape(squaredAlong(columns), [b, n, 1, w]);
  return reshape(add(down, across), [b, n, h * w]);
}

/** The same along one axis: `[B, N, size]` of weights of that shape. */
function squaredAlong(weights: Tensor): Tensor {
  const [, , size] = weights.shape;
  const places = constant(
    Float32Array.from({ length: size }, (_, i) => i),
    [1, 1, size],
  );
  return square(sub(places, sum(mul(weights, places), [-1], true)));
}

/** Logits of a query with cells of the second views of others: `[B, N, B·anchors²]`, `NOTHING` for its own view. */
function toOtherViews(queries: Tensor, second: Tensor, anchors: number): Tensor {
  const [b, c, h, w] = second.shape;
  const [, n] = queries.shape;
  const count = Math.min(anchors, h, w);
  const some = [2, 3].reduce((x, axis) => {
    const step = Math.floor(x.shape[axis] / count);
    return slice(x, axis, Math.floor(step / 2), count, step);
  }, second);
  const keys = reshape(cells(some), [b * count * count, c]);
  const logits = reshape(matmul(reshape(queries, [b * n, c]), keys, { transposeB: true }), [b, n, b, count * count]);
  const own = constant(
    Float32Array.from({ length: b * b }, (_, i) => Number(i % (b + 1) === 0)),
    [b, 1, b, 1],
  );
  const isOwn = greater(expand(own, logits.shape), 0.5);
  return reshape(where(isOwn, NOTHING, logits), [b, n, b * count * count]);
}

/** Parameters of `projected`. @param channels of the features. @param width of what they become. */
export function projectorParameters(channels: number, width: number): ParameterSpec[] {
  return [
    { name: "projector.conv1.weight", shape: [width, channels, 1, 1] },
    { name: "projector.conv1.bias", shape: [width] },
    { name: "projector.conv2.weight", shape: [width, width, 1, 1] },
    { name: "projector.conv2.bias", shape: [width] },
  ];
}

/**
 * Features behind a head of two layers that only learning has: what a loss asks of it alone need not be in the features
 * themselves (the heads of contrastive learning: Chen et al. 2020, SimCLR).
 * @param features `[N, C, h, w]`.
 * @returns `[N, width, h, w]`, of unit length.
 */
export function projected(parameters: Parameters, features: Tensor): Tensor {
  const layer = (x: Tensor, name: string): Tensor => {
    const get = (part: string): Tensor => parameters.get(`projector.${name}.${part}`) as Tensor;
    return add(conv2d(x, get("weight")), reshape(get("bias"), [1, -1, 1, 1]));
  };
  return l2Normalise(layer(relu(layer(features, "conv1")), "conv2"), 1);
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
