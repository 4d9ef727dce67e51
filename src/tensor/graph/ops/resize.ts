/** @file Bilinear resize as two matrix products, so that the gradient is exact and fast on every device. */
import { linearTap } from "../../../core/linearTap.ts";
import { shapeError } from "../shape.ts";
import { constant, type Tensor } from "../tensor.ts";
import { matmul } from "./matmul.ts";

/**
 * Weights `[to, from]` of linear interpolation between cell centres (align_corners = false), as PyTorch's interpolate.
 */
export function interpolationMatrix(from: number, to: number): Float32Array {
  const matrix = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const { low, high, weight } = linearTap(((i + 0.5) * from) / to, from);
    matrix[i * from + low] += 1 - weight;
    matrix[i * from + high] += weight;
  }
  return matrix;
}

/** x `[N, C, H, W]` at another size, bilinear without antialiasing. */
export function resizeBilinear(x: Tensor, height: number, width: number): Tensor {
  if (x.shape.length !== 4) throw shapeError("resizeBilinear", "x", x.shape, "[N,C,H,W]");
  const [h, w] = x.shape.slice(2);
  const rows = constant(interpolationMatrix(h, height), [height, h]);
  const columns = constant(interpolationMatrix(w, width), [width, w]);
  return matmul(rows, matmul(x, columns, { transposeB: true }));
}
