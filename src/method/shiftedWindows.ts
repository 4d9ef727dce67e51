/**
 * @file Windows of the affinity that lie elsewhere than around the query (MCS: the window's centre is found first, see
 * `windowCentres.ts`). Each tile of queries has a displacement of its own; its keys are picked by one-hot matrices, so
 * that displacements can be fed and gradients are matrix products like everything else.
 */
import { matmul, mul, reshape, type Shape, sum, type Tensor, transpose } from "../tensor/graph/index.ts";
import type { PictureSize } from "./features.ts";

/** Cells per side of a tile of queries. */
export const TILE = 8;

/**
 * The keys of every tile, T = tiles, S = 8 + 2·radius: row s of tile t holds the row of cells that its one stands for,
 * none outside the frame.
 */
export interface ShiftedWindows {
  /** One-hot `[B, T, S, h]`. */
  readonly rows: Tensor;
  /** One-hot `[B, w, T·S]`. */
  readonly columns: Tensor;
}

/** The same as numbers, for one target and reference. */
export interface ShiftedWindowData {
  /** `[T, S, h]`. */
  readonly rows: Float32Array;
  /** `[w, T·S]`. */
  readonly columns: Float32Array;
}

/**
 * The one-hot matrices of displacements.
 * @param centres `[tilesY, tilesX, 2]`: (dx, dy) in cells. Displacements that would leave a query without any key are
 * cut down.
 * @param radius of the windows, in cells.
 */
export function shiftedWindowData(
  centres: Int16Array,
  { width, height }: PictureSize,
  radius: number,
): ShiftedWindowData {
  const side = TILE + 2 * radius;
  const across = Math.ceil(width / TILE);
  const tiles = centres.length / 2;
  const rows = new Float32Array(tiles * side * height);
  const columns = new Float32Array(width * tiles * side);
  for (let tile = 0; tile < tiles; tile++) {
    const left = firstKey((tile % across) * TILE, centres[2 * tile], width, radius);
    const top = firstKey(Math.floor(tile / across) * TILE, centres[2 * tile + 1], height, radius);
    for (let s = 0; s < side; s++) {
      if (top + s >= 0 && top + s < height) rows[(tile * side + s) * height + top + s] = 1;
      if (left + s >= 0 && left + s < width) columns[(left + s) * tiles * side + tile * side + s] = 1;
    }
  }
  return { rows, columns };
}

/** Along one axis: where the keys of a tile begin, so that the windows of all its queries meet the frame. */
function firstKey(begin: number, shift: number, length: number, radius: number): number {
  const end = Math.min(begin + TILE, length) - 1;
  return begin - radius + Math.min(Math.max(shift, -begin - radius), length - 1 - end + radius);
}

/** The keys of every tile from x `[B, C, h, w]`: `[B, T, C, S²]`, zeros outside the frame. */
export function shiftedTiles(x: Tensor, { rows, columns }: ShiftedWindows): Tensor {
  const [b, c, h, w] = x.shape;
  const [, tiles, side] = rows.shape;
  const picked = matmul(reshape(x, [b, c * h, w]), columns); // [B, C·h, T·S]
  const byTile = transpose(reshape(picked, [b, c, h, tiles, side]), [0, 3, 2, 1, 4]); // [B, T, h, C, S]
  const both = matmul(rows, reshape(byTile, [b, tiles, h, c * side])); // [B, T, S, C·S]
  const apart: Shape = [b, tiles, side, c, side];
  return reshape(transpose(reshape(both, apart), [0, 1, 3, 2, 4]), [b, tiles, c, side * side]);
}

/** Which keys of every tile lie in the frame: ones and zeros, `[B, T, 1, S²]`. */
export function keysInFrame({ rows, columns }: ShiftedWindows): Tensor {
  const [b, tiles, side] = rows.shape;
  const down = sum(rows, [3], true); // [B, T, S, 1]
  const across = reshape(sum(columns, [1]), [b, tiles, 1, side]);
  return reshape(mul(down, across), [b, tiles, 1, side * side]);
}
