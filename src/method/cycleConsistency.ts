/**
 * @file Cycle consistency (CRW, Jabri et al. 2020, eq. 1–5): a random walk over the cells of neighbouring frames,
 * forward through the references and back again, must end where it began. Nodes are means of square groups of feature
 * cells; edges are dropped at random, so that a walk has to take more than one way.
 */
import {
  add,
  averagePool2d,
  constant,
  l2Normalise,
  log,
  matmul,
  mean,
  mul,
  neg,
  reshape,
  slice,
  softmax,
  sum,
  type Tensor,
} from "../tensor/graph/index.ts";

/** Far below any logit: an edge that is not there. */
const DROPPED = -1e9;

/** How the walk goes. */
export interface CycleOptions {
  /** Feature cells to a side of a node. */
  readonly patch: number;
  /** Softmax temperature of a step; nodes are compared by their cosine. */
  readonly temperature: number;
}

/** Nodes of a frame of h×w cells; cells that do not fill a node are left out. */
export function nodesOf(h: number, w: number, patch: number): number {
  return Math.floor(h / patch) * Math.floor(w / patch);
}

/**
 * Mean of −log P(back where it began) of the palindrome target → r₁ → … → r_R → … → r₁ → target.
 * @param frames features of the target and its R references, `[B, C, h, w]` each.
 * @param dropped one mask for each of the 2R steps, 1 = the edge is dropped: `[2R, B, n, n]`.
 * @returns a scalar.
 */
export function cycleLoss(frames: readonly Tensor[], dropped: Tensor, { patch, temperature }: CycleOptions): Tensor {
  const nodes = frames.map((frame) => nodesIn(frame, patch));
  const path = [...nodes, ...nodes.slice(0, -1).toReversed()];
  const n = dropped.shape[3];
  const edges = mul(dropped, DROPPED);
  const walk = path
    .slice(1)
    .map((to, k) => transition(path[k], to, 1 / temperature, edges, k))
    .reduce((so, step) => matmul(so, step));
  const back = sum(mul(walk, constant(identity(n), [1, n, n])), [-1]); // [B, n]
  return neg(mean(log(add(back, 1e-6))));
}

/** `[B, C, h, w]` → unit vectors `[B, C, n]`. */
function nodesIn(x: Tensor, patch: number): Tensor {
  const pooled = patch === 1 ? x : averagePool2d(x, { kernel: patch });
  const [b, c, h, w] = pooled.shape;
  return reshape(l2Normalise(pooled, 1), [b, c, h * w]);
}

function transition(from: Tensor, to: Tensor, scale: number, edges: Tensor, step: number): Tensor {
  const [b, , n] = from.shape;
  const kept = reshape(slice(edges, 0, step, 1), [b, n, n]);
  return softmax(add(mul(matmul(from, to, { transposeA: true }), scale), kept));
}

function identity(n: number): Float32Array {
  return Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
}
