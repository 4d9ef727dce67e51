/**
 * @file The affinity A of every target cell to the reference cells in a window around it, and what it copies (MAST eq.
 * 1–2): A_ij = exp(f_i·f_j/√d) / Σ_j exp(…), ŷ_i = Σ_j A_ij y_j. Computed tile by tile as batched matrix products: a
 * tile of 8×8 queries against its (8 + 2R)² keys, with a mask for the keys outside each query's own window and outside
 * the frame. A tile's keys lie around it, or displaced as a whole (`shiftedWindows.ts`).
 */
import {
  add,
  concat,
  constant,
  matmul,
  mul,
  pad,
  reshape,
  type Shape,
  slice,
  softmax,
  sub,
  sum,
  type Tensor,
  transpose,
} from "../tensor/graph/index.ts";
import { keysInFrame, shiftedTiles, type ShiftedWindows, TILE } from "./shiftedWindows.ts";

/**
 * Far below any logit, so that masked cells get no probability; finite, so that no row of only masked cells gives NaN.
 */
const MASKED = -1e9;

/**
 * A bonus on the logits, P_ij = Σ_k q_ki·r_kj: the log-priors of the sampler (MCS) as extra channels of queries and
 * keys.
 */
export interface AffinityPrior {
  /** `[B, K, h, w]`. */
  readonly queries: Tensor;
  /** For each reference `[B, K, h, w]`. */
  readonly keys: readonly Tensor[];
}

/** How cells are compared. */
export interface AffinityOptions {
  /** Cells to each side: 6 = a window of 13×13. */
  readonly radius: number;
  /** Factor on the dot products: 1/√d for MAST's features (the scaling that makes it train), 1/τ for unit features. */
  readonly scale: number;
  readonly prior?: AffinityPrior | undefined;
  /** For each reference, where the windows lie in it; undefined = around the queries' own places. */
  readonly shifts?: readonly ShiftedWindows[] | undefined;
}

/** The affinity of a target to its references, tile by tile; K = R·(8 + 2·radius)² keys a tile. */
export interface LocalAffinity {
  /** Scaled dot products with the prior, `[B, tiles, 64, K]`; masked keys are far below any other. */
  readonly logits: Tensor;
  /** Softmax of the logits over the keys, one over all references. */
  readonly weights: Tensor;
  /**
   * Keys in the window and in the frame, over all references, `[1, 1, h, w]`; with displaced windows `[B, 1, h, w]`.
   */
  readonly candidates: Tensor;
  /** The references' values `[B, S, h, w]` each, as seen through the weights: `[B, S, h, w]`. */
  copy(sources: readonly Tensor[]): Tensor;
  /** One value per query `[B, tiles, 64]` as a map `[B, 1, h, w]`. */
  map(perQuery: Tensor): Tensor;
}

/**
 * @param q target features `[B, C, h, w]`.
 * @param references R feature maps `[B, C, h, w]`.
 */
export function localAffinity(q: Tensor, references: readonly Tensor[], options: AffinityOptions): LocalAffinity {
  const { radius, scale, prior } = options;
  const [b, , h, w] = q.shape;
  const grid: Shape = [Math.ceil(h / TILE), Math.ceil(w / TILE)];
  const windows =
    options.shifts === undefined ? plainWindows(q.shape, radius, grid) : shiftedBy(options.shifts, radius);
  const scaled = mul(q, scale);
  const queries = tiles(prior === undefined ? scaled : concat([scaled, prior.queries], 1), 0, grid);
  const logits = concat(
    references.map((k, r) => {
      const keys = prior === undefined ? k : concat([k, prior.keys[r]], 1);
      return add(matmul(queries, windows.keys(keys, r), { transposeA: true }), windows.masked(r));
    }),
    3,
  );
  const weights = softmax(logits);
  const map = (perQuery: Tensor): Tensor => {
    const batch = perQuery.size / (grid[0] * grid[1] * TILE * TILE);
    return untile(reshape(perQuery, [batch, grid[0] * grid[1], 1, TILE * TILE]), [batch, 1, h, w], grid);
  };
  return {
    logits,
    weights,
    candidates: map(references.map((_, r) => windows.counts(r)).reduce((x, y) => add(x, y))),
    copy: (sources) => {
      const values = concat(
        sources.map((source, r) => windows.keys(source, r)),
        3,
      );
      const copied = matmul(values, weights, { transposeB: true }); // [B, tiles, S, TILE²]
      return untile(copied, [b, sources[0].shape[1], h, w], grid);
    },
    map,
  };
}

/** Where keys come from and which of them count, for each reference r; K = (8 + 2·radius)². */
interface Windows {
  /** x `[B, C, h, w]` as the keys of the tiles, `[B, tiles, C, K]`. */
  keys(x: Tensor, r: number): Tensor;
  /** 0, or far below any logit, `[·, tiles, 64, K]`. */
  masked(r: number): Tensor;
  /** How many keys a query has, `[·, tiles, 64]`. */
  counts(r: number): Tensor;
}

/** Around the queries' own places: constants of the frame's size. */
function plainWindows([, , h, w]: Shape, radius: number, grid: Shape): Windows {
  const count = grid[0] * grid[1];
  const { mask, counts } = windowMask(h, w, radius, grid);
  const masked = constant(mask, [1, count, TILE * TILE, (TILE + 2 * radius) ** 2]);
  const counted = constant(counts, [1, count, TILE * TILE]);
  return { keys: (x) => tiles(x, radius, grid), masked: () => masked, counts: () => counted };
}

/** Displaced: which keys lie in the frame is only known when the displacements are fed. */
function shiftedBy(shifts: readonly ShiftedWindows[], radius: number): Windows {
  const window = ownWindow(radius);
  const keys = (TILE + 2 * radius) ** 2;
  const seen = constant(window, [1, 1, TILE * TILE, keys]);
  const unseen = constant(
    window.map((one) => (1 - one) * MASKED),
    [1, 1, TILE * TILE, keys],
  );
  return {
    keys: (x, r) => shiftedTiles(x, shifts[r]),
    masked: (r) => add(mul(sub(1, keysInFrame(shifts[r])), MASKED), unseen),
    counts: (r) => sum(mul(keysInFrame(shifts[r]), seen), [3]),
  };
}

/** 1 where a tile's key lies in the query's window, 0 elsewhere: `[TILE², (TILE + 2r)²]`. */
function ownWindow(r: number): Float32Array {
  const side = TILE + 2 * r;
  return Float32Array.from({ length: TILE * TILE * side * side }, (_, i) => {
    const [query, key] = [Math.floor(i / (side * side)), i % (side * side)];
    const down = Math.floor(key / side) - Math.floor(query / TILE);
    const across = (key % side) - (query % TILE);
    return down >= 0 && down <= 2 * r && across >= 0 && across <= 2 * r ? 1 : 0;
  });
}

/**
 * Target features q `[B, C, h, w]` against references: R feature maps `[B, C, h, w]` and as many sources
 * `[B, S, h, w]`.
 * @returns for every target cell the sources' mean under the affinity, `[B, S, h, w]`; one softmax over all references.
 */
export function copyByAffinity(
  q: Tensor,
  references: readonly Tensor[],
  sources: readonly Tensor[],
  options: AffinityOptions,
): Tensor {
  return localAffinity(q, references, options).copy(sources);
}

/** x `[B, C, h, w]` as tiles with a border of r cells: `[B, tiles, C, (TILE + 2r)²]`; zeros outside the frame. */
function tiles(x: Tensor, r: number, grid: Shape): Tensor {
  const [b, c] = x.shape;
  const side = TILE + 2 * r;
  const rows = windows(x, 2, r, grid[0]); // [B, C, gy, side, w]
  const both = windows(rows, 4, r, grid[1]); // [B, C, gy, side, gx, side]
  return reshape(transpose(both, [0, 2, 4, 1, 3, 5]), [b, grid[0] * grid[1], c, side * side]);
}

/** One axis cut into `count` overlapping windows of TILE + 2r, TILE apart: the axis becomes [count, TILE + 2r]. */
function windows(x: Tensor, axis: number, r: number, count: number): Tensor {
  const side = TILE + 2 * r;
  const blocksPerWindow = Math.ceil(side / TILE);
  const blocks = count + blocksPerWindow - 1;
  const padded = pad(x, axis, r, blocks * TILE - r - x.shape[axis]);
  const split = reshape(padded, [...x.shape.slice(0, axis), blocks, TILE, ...x.shape.slice(axis + 1)]);
  const shifted = Array.from({ length: blocksPerWindow }, (_, i) => slice(split, axis, i, count));
  return slice(concat(shifted, axis + 1), axis + 1, 0, side);
}

/** `[B, tiles, S, TILE²]` back to `[B, S, h, w]`. */
function untile(x: Tensor, [b, s, h, w]: Shape, [gy, gx]: Shape): Tensor {
  const split = reshape(x, [b, gy, gx, s, TILE, TILE]);
  const whole = reshape(transpose(split, [0, 3, 1, 4, 2, 5]), [b, s, gy * TILE, gx * TILE]);
  return slice(slice(whole, 2, 0, h), 3, 0, w);
}

/**
 * 0 where a tile's key lies in the query's window and in the frame, MASKED elsewhere: `[tiles, TILE², (TILE + 2r)²]`;
 * and how many such keys each query has, `[tiles, TILE²]`.
 */
function windowMask(h: number, w: number, r: number, [gy, gx]: Shape): { mask: Float32Array; counts: Float32Array } {
  const side = TILE + 2 * r;
  const counts = new Float32Array(gy * gx * TILE * TILE);
  const mask = new Float32Array(counts.length * side * side).fill(MASKED);
  for (let row = 0; row < counts.length; row++) {
    const tile = Math.floor(row / (TILE * TILE));
    const top = Math.floor(tile / gx) * TILE - r;
    const left = (tile % gx) * TILE - r;
    const qy = Math.floor((row % (TILE * TILE)) / TILE);
    const qx = row % TILE;
    for (let ky = Math.max(qy, -top); ky <= Math.min(qy + 2 * r, h - 1 - top); ky++) {
      const from = Math.max(qx, -left);
      const to = Math.min(qx + 2 * r, w - 1 - left);
      if (to < from) continue;
      mask.fill(0, (row * side + ky) * side + from, (row * side + ky) * side + to + 1);
      counts[row] += to - from + 1;
    }
  }
  return { mask, counts };
}
