/**
 * @file Frame reconstruction (MAST, Lai et al. 2020): a Lab channel that the encoder cannot see is copied from reference frames
 * through the local affinity; the error of the copy trains the encoder.
 */
import { mean, mul, resizeBilinear, slice, smoothL1, type Tensor } from "../tensor/index.ts";
import { type AffinityOptions, copyByAffinity } from "./localAffinity.ts";

/** What is compared with what. */
export interface ReconstructionInput {
  /** Target features `[B, C, h, w]`. */
  readonly target: Tensor;
  /** Reference features, each `[B, C, h, w]`. */
  readonly references: readonly Tensor[];
  /** The hidden channel of the target frame `[B, 1, H, W]`. */
  readonly hidden: Tensor;
  /** The hidden channel of each reference frame `[B, 1, H, W]`. */
  readonly sources: readonly Tensor[];
}

/** Lab values span about ±1: ×20 puts the knee of the smooth L1 loss at a visible difference (MAST's code). */
const LOSS_SCALE = 20;

/** The reconstruction `[B, 1, H, W]` and its loss, a scalar. */
export function reconstruct({ target, references, hidden, sources }: ReconstructionInput, options: AffinityOptions) {
  const [h, w] = target.shape.slice(2);
  const [height, width] = hidden.shape.slice(2);
  const cells = sources.map((source) => everyCell(source, h, w));
  const copied = copyByAffinity(target, references, cells, options);
  const reconstruction = resizeBilinear(copied, height, width);
  return { reconstruction, loss: mean(smoothL1(mul(reconstruction, LOSS_SCALE), mul(hidden, LOSS_SCALE))) };
}

/** The first pixel of every cell: `[B, 1, H, W]` → `[B, 1, h, w]`, as MAST samples colours. */
function everyCell(x: Tensor, h: number, w: number): Tensor {
  const stride = Math.round(x.shape[2] / h);
  return slice(slice(x, 2, 0, h, stride), 3, 0, w, stride);
}
