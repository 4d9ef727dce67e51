/**
 * @file Frame reconstruction (MAST, Lai et al. 2020): a Lab channel that the encoder cannot see is copied from
 * reference frames through the local affinity; the error of the copy trains the encoder.
 */
import { mul, resizeBilinear, slice, smoothL1, type Tensor } from "../tensor/graph/index.ts";
import type { LocalAffinity } from "./localAffinity.ts";

/** Lab values span about ±1: ×20 puts the knee of the smooth L1 loss at a visible difference (MAST's code). */
const LOSS_SCALE = 20;

/**
 * The hidden channel as copied from the references, and how wrong that is.
 * @param hidden the hidden channel of the target frame `[B, 1, H, W]`.
 * @param sources the hidden channel of each reference frame `[B, 1, H, W]`.
 * @returns reconstruction and error per pixel (smooth L1 of the values times 20), each `[B, 1, H, W]`.
 */
export function reconstruct(
  affinity: LocalAffinity,
  hidden: Tensor,
  sources: readonly Tensor[],
): { reconstruction: Tensor; error: Tensor } {
  const [h, w] = affinity.candidates.shape.slice(2);
  const [height, width] = hidden.shape.slice(2);
  const copied = affinity.copy(sources.map((source) => everyCell(source, h, w)));
  const reconstruction = resizeBilinear(copied, height, width);
  return { reconstruction, error: smoothL1(mul(reconstruction, LOSS_SCALE), mul(hidden, LOSS_SCALE)) };
}

/** The first pixel of every cell: `[B, 1, H, W]` → `[B, 1, h, w]`, as MAST samples colours. */
function everyCell(x: Tensor, h: number, w: number): Tensor {
  const stride = Math.round(x.shape[2] / h);
  return slice(slice(x, 2, 0, h, stride), 3, 0, w, stride);
}
