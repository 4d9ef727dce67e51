/**
 * @file Where each tile's window should lie in a reference frame (method §2, MCS: multi-scale and iterative).
 *
 * Block matching of the cells' colours, not of learned features: a wide search on cells of four times the stride, then
 * refinement at twice the stride and at the stride, each from the displacements that the tile, its neighbours and
 * standing still propose. Cells match rather within the sampler's candidates. Standing still is preferred, so that flat
 * areas stay where they are.
 */
import { internal } from "../core/errors.ts";
import { type CellGrid, COLOUR_DIMS } from "./cellDescriptors.ts";
import type { SampledClusters } from "./multiClusterSampler.ts";
import { NOT_SAMPLED } from "./samplingPrior.ts";

/** How window centres are searched. */
export interface WindowOptions {
  /** Cells per side of a tile, a multiple of 4; as in `localAffinity.ts`. */
  readonly tile: number;
  /** Largest displacement, in cells; rounded up to a multiple of 4. */
  readonly reach: number;
  /** What a displacement of n cells must gain in mean squared colour distance: this times log2(1 + n). */
  readonly stillness: number;
  /** The matching error must fall to this share of that of standing still. */
  readonly gain: number;
}

/** The defaults; docs/parts/multiClusterSampler.md says why. */
export const windowDefaults: WindowOptions = { tile: 8, reach: 24, stillness: 1e-3, gain: 0.8 };

/** Squared colour distance from which on cells are as different as can be; also of cells that would leave the frame. */
const DIFFERENT = 0.25;
/**
 * Added for pairs of cells that are no candidates of each other. Little, and not for standing still: where motion
 * begins or ends a region's label changes though nothing has gone elsewhere.
 */
const NO_CANDIDATE = 0.02;
/** Cells are this many times larger at each level, the coarsest first. */
const LEVELS = [4, 2, 1] as const;

/** The grid of one level. */
interface Shape extends CellGrid {
  readonly factor: number;
}

/** The cells of a frame at one level. */
interface Level extends Shape {
  /** `[3, height, width]` */
  readonly colours: Float32Array;
  /** `[height, width]`: the most frequent region (the lowest of equals). */
  readonly labels: Uint8Array;
}

/** Displacements of all tiles, in cells of one level. */
interface Field {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 2]`: (dx, dy). */
  readonly vectors: Int16Array;
}

/**
 * For every tile of the target the displacement to where it lies in a reference.
 * @param frame of the sample that is the reference: 1 = the first.
 * @returns `[tilesY, tilesX, 2]`: (dx, dy) in cells, such that target cell (x, y) is searched around (x + dx, y + dy);
 * the tiles begin at the top left, the last ones may reach beyond the frame.
 */
export function windowCentres(
  sample: SampledClusters,
  frame: number,
  options: WindowOptions = windowDefaults,
): Int16Array {
  if (sample.labels[frame] === undefined) throw internal(`frame ${frame} of a sample of ${sample.labels.length}`);
  if (!(options.tile > 0 && options.tile % LEVELS[0] === 0)) throw internal(`tiles of ${options.tile} cells`);
  const { grid } = sample;
  const width = Math.ceil(grid.width / options.tile);
  const height = Math.ceil(grid.height / options.tile);
  let field: Field | undefined;
  for (const factor of LEVELS) {
    const matching = new TileMatching(sample, frame, factor, options);
    const coarser = field;
    const vectors = new Int16Array(width * height * 2);
    for (let tile = 0; tile < width * height; tile++) {
      const proposals = coarser === undefined ? around([[0, 0]], matching.reach) : refined(coarser, tile);
      vectors.set(matching.best(tile % width, Math.floor(tile / width), proposals), tile * 2);
    }
    field = { width, height, vectors };
  }
  return (field as Field).vectors;
}

/** More than any displacement differs from another: makes one number of two. */
const KEY_ROW = 65536;

type Vector = readonly [dx: number, dy: number];

/** All vectors within `reach` of the given ones, each once. */
function around(centres: readonly Vector[], reach: number): Vector[] {
  const seen = new Set<number>();
  const found: Vector[] = [];
  for (const [cx, cy] of centres)
    for (let dy = cy - reach; dy <= cy + reach; dy++)
      for (let dx = cx - reach; dx <= cx + reach; dx++) {
        const key = dy * KEY_ROW + dx;
        if (seen.has(key)) continue;
        seen.add(key);
        found.push([dx, dy]);
      }
  return found;
}

/** Around standing still and around twice the vectors of the coarser level here and at the eight neighbours. */
function refined({ width, height, vectors }: Field, tile: number): Vector[] {
  const [x, y] = [tile % width, Math.floor(tile / width)];
  const centres: Vector[] = [[0, 0]];
  for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++)
    for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
      const at = (ny * width + nx) * 2;
      centres.push([2 * vectors[at], 2 * vectors[at + 1]]);
    }
  return around(centres, 1);
}

/** Cells that speak for a tile, by place. */
interface Support {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
}

/** The matching of tiles at one level. */
class TileMatching {
  /** Largest displacement in cells of this level. */
  readonly reach: number;
  private readonly target: Level;
  private readonly reference: Level;
  private readonly clusters: number;
  /** `[K, K]`: whether cells of the row's region have candidates in the column's. */
  private readonly sampled: Uint8Array;
  private readonly options: WindowOptions;

  constructor(sample: SampledClusters, frame: number, factor: number, options: WindowOptions) {
    this.target = levelOf(sample, 0, factor);
    this.reference = levelOf(sample, frame, factor);
    this.reach = Math.ceil(options.reach / LEVELS[0]) * (LEVELS[0] / factor);
    this.clusters = sample.clusters;
    this.sampled = Uint8Array.from(sample.logPrior, (value) => (value === NOT_SAMPLED ? 0 : 1));
    this.options = options;
  }

  /**
   * The best of the proposed displacements of a tile; (0, 0) unless another is better, at the finest level clearly
   * better.
   */
  best(tileX: number, tileY: number, proposals: readonly Vector[]): Vector {
    const { stillness, gain } = this.options;
    const { factor } = this.target;
    const support = this.support(tileX, tileY);
    let best: Vector = [0, 0];
    // Half-cell shifts match badly on large cells: they only propose, the finest level decides.
    let least = (factor === 1 ? gain : 1) * this.error(support, best, Infinity);
    for (const vector of proposals) {
      const [dx, dy] = vector;
      if (Math.max(Math.abs(dx), Math.abs(dy)) > this.reach) continue;
      const cost = stillness * Math.log2(1 + factor * Math.hypot(dx, dy));
      if (cost >= least) continue;
      const total = cost + this.error(support, vector, least - cost);
      if (total >= least) continue;
      least = total;
      best = vector;
    }
    return best;
  }

  /** A tile's own cells, and at coarse levels those around it that belong to one of its regions. */
  private support(tileX: number, tileY: number): Support {
    const { width, height, labels, factor } = this.target;
    const side = this.options.tile / factor;
    const border = factor === 1 ? 0 : 1;
    const [left, top] = [tileX * side, tileY * side];
    const own = new Set<number>();
    for (let y = top; y < Math.min(height, top + side); y++)
      for (let x = left; x < Math.min(width, left + side); x++) own.add(labels[y * width + x]);
    const [xs, ys]: [number[], number[]] = [[], []];
    for (let y = Math.max(0, top - border); y < Math.min(height, top + side + border); y++)
      for (let x = Math.max(0, left - border); x < Math.min(width, left + side + border); x++) {
        if (!own.has(labels[y * width + x])) continue;
        xs.push(x);
        ys.push(y);
      }
    return { xs, ys };
  }

  /** Mean squared colour distance to the displaced cells of the reference; too large values may be given up early. */
  private error({ xs, ys }: Support, [dx, dy]: Vector, limit: number): number {
    const { target, reference, sampled, clusters } = this;
    const { width, height, colours, labels } = target;
    const plane = width * height;
    const stop = limit * xs.length;
    const still = dx === 0 && dy === 0;
    let sum = 0;
    for (let i = 0; i < xs.length && sum < stop; i++) {
      const [x, y] = [xs[i] + dx, ys[i] + dy];
      const [cell, candidate] = [ys[i] * width + xs[i], y * width + x];
      if (x < 0 || y < 0 || x >= width || y >= height) {
        sum += DIFFERENT;
        continue;
      }
      const candidates = still || sampled[labels[cell] * clusters + reference.labels[candidate]] === 1;
      const l = colours[cell] - reference.colours[candidate];
      const a = colours[cell + plane] - reference.colours[candidate + plane];
      const b = colours[cell + 2 * plane] - reference.colours[candidate + 2 * plane];
      sum += Math.min(DIFFERENT, l * l + a * a + b * b + (candidates ? 0 : NO_CANDIDATE));
    }
    return sum / xs.length;
  }
}

/** A frame's cells, `factor` × `factor` of them taken together. */
function levelOf({ grid, descriptors, labels, clusters }: SampledClusters, frame: number, factor: number): Level {
  const width = Math.ceil(grid.width / factor);
  const height = Math.ceil(grid.height / factor);
  const shape = { factor, width, height };
  const planes = descriptors[frame].subarray(0, COLOUR_DIMS * grid.width * grid.height);
  if (factor === 1) return { ...shape, colours: planes, labels: labels[frame] };
  return {
    ...shape,
    colours: blockMeans(planes, grid, shape),
    labels: majority(labels[frame], grid, shape, clusters),
  };
}

/** Means over `factor` × `factor` cells (those there are): `[3, h, w]` to `[3, height, width]`. */
function blockMeans(planes: Float32Array, grid: CellGrid, { factor, width, height }: Shape): Float32Array {
  const out = new Float32Array(COLOUR_DIMS * width * height);
  for (let row = 0, from = 0; row < COLOUR_DIMS * grid.height; row++) {
    const channel = Math.floor(row / grid.height);
    const y = row % grid.height;
    const top = y - (y % factor);
    const rows = Math.min(factor, grid.height - top);
    const to = (channel * height + top / factor) * width;
    for (let x = 0; x < grid.width; x++, from++) {
      const column = Math.floor(x / factor);
      out[to + column] += planes[from] / (rows * Math.min(factor, grid.width - column * factor));
    }
  }
  return out;
}

/** The most frequent label of `factor` × `factor` cells, the lowest of equals. */
function majority(labels: Uint8Array, grid: CellGrid, { factor, width, height }: Shape, clusters: number): Uint8Array {
  const votes = new Uint16Array(width * height * clusters);
  for (let cell = 0; cell < labels.length; cell++) {
    const block = Math.floor(Math.floor(cell / grid.width) / factor) * width + Math.floor((cell % grid.width) / factor);
    votes[block * clusters + labels[cell]]++;
  }
  return Uint8Array.from({ length: width * height }, (_, block) => {
    let most = 0;
    for (let k = 1; k < clusters; k++) if (votes[block * clusters + k] > votes[block * clusters + most]) most = k;
    return most;
  });
}
