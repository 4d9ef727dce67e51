/**
 * @file Linear models of feature cells by the WASM kernel `assembly/moments.ts`, on the calling thread: box means, sums
 * of outer products over some of the cells, ridge regression, scores of all cells.
 */
import { PANEL } from "./constants/moments.ts";
import { kernelInstance, type KernelInstance, padded, planMemory } from "./kernelInstance.ts";

/** Descriptors of one frame's cells at a time, and linear models of them. */
export class CellModels {
  /** Numbers of a descriptor, a multiple of 4. */
  readonly dims: number;
  readonly cells: number;
  private readonly grid: { readonly width: number; readonly height: number };
  /** Values of a plane: the cells and padding. */
  readonly stride: number;
  /** `[dims, stride]` float32: the descriptors, to be filled in; padding stays 0. */
  readonly planes: Float32Array;
  private readonly kernel: KernelInstance<"moments">;
  private readonly at: Readonly<Record<"planes" | "list" | "panel" | "matrix" | "vector" | "sums" | "scores", number>>;

  /** @param dims a multiple of 4. @param grid of the cells. */
  constructor(dims: number, { width, height }: { readonly width: number; readonly height: number }) {
    const cells = width * height;
    this.dims = dims;
    this.grid = { width, height };
    this.cells = cells;
    this.stride = padded(cells);
    const { at, total } = planMemory({
      planes: dims * this.stride * 4,
      list: cells * 4,
      panel: dims * PANEL * 4,
      matrix: dims * dims * 8,
      vector: dims * 8,
      sums: Math.max(3 * width + 4, dims) * 4,
      scores: this.stride * 4,
    });
    this.at = at;
    this.kernel = kernelInstance("moments", total);
    this.planes = new Float32Array(this.kernel.memory.buffer, at.planes, dims * this.stride);
  }

  /** One number of all descriptors, `[cells]`: a view. */
  plane(dim: number): Float32Array {
    return this.planes.subarray(dim * this.stride, dim * this.stride + this.cells);
  }

  /** Number `to` of the descriptors becomes the mean of number `from` over the cells at most `radius` away. */
  boxMeans(from: number, to: number, radius: number): void {
    const { at, stride, kernel, grid } = this;
    const address = (dim: number): number => at.planes + dim * stride * 4;
    kernel.boxMeans(address(from), grid.width, grid.height, radius, at.sums, address(to));
  }

  /**
   * Σ φ φᵀ over some cells.
   * @param list their indices.
   * @returns `[dims, dims]` float64, of which only the lower triangle counts.
   */
  outer(list: readonly number[] | Int32Array): Float64Array {
    const { at, dims, stride, kernel } = this;
    this.words(at.list, list.length).set(list);
    kernel.outer(at.planes, stride, dims, at.list, list.length, at.panel, at.matrix);
    return this.matrix.slice();
  }

  /**
   * The x of M x = b.
   * @param matrix `[dims, dims]`, symmetric and positive definite; the lower triangle is read.
   * @param vector `[dims]`, b.
   */
  solve(matrix: Float64Array, vector: Float64Array): Float32Array {
    const { at, dims, kernel } = this;
    const b = new Float64Array(kernel.memory.buffer, at.vector, dims);
    this.matrix.set(matrix);
    b.set(vector);
    kernel.solve(at.matrix, at.vector, dims);
    return Float32Array.from(b);
  }

  /** w · φ of every cell, `[cells]`. @param weights `[dims]`. */
  scores(weights: Float32Array): Float32Array {
    const { at, dims, stride, kernel, cells } = this;
    new Float32Array(kernel.memory.buffer, at.sums, dims).set(weights);
    kernel.scores(at.planes, stride, dims, at.sums, at.scores);
    return new Float32Array(kernel.memory.buffer, at.scores, cells).slice();
  }

  private get matrix(): Float64Array {
    return new Float64Array(this.kernel.memory.buffer, this.at.matrix, this.dims ** 2);
  }

  private words(address: number, count: number): Int32Array {
    return new Int32Array(this.kernel.memory.buffer, address, count);
  }
}
