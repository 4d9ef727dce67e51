/**
 * @file Where each tile's window should lie in a reference frame (method §2, MCS: multi-scale and iterative).
 *
 * Block matching of the cells' colours, not of learned features: a wide search on cells of four times the stride, then
 * refinement at twice the stride and at the stride, each from the displacements that the tile, its neighbours and standing still
 * propose. Cells match only within the sampler's candidates. Standing still is preferred, so that flat areas stay where they are.
 */
import { internal } from "../core/errors.ts";
import { COLOUR_DIMS } from "./cellDescriptors.ts";
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

/** The defaults; docs/sampler.md says why. */
export const windowDefaults: WindowOptions = { tile: 8, reach: 24, stillness: 1e-3, gain: 0.8 };

/** Squared colour distance from which on cells are as different as can be; also of pairs that are no candidates. */
const DIFFERENT = 0.25;
/** Cells are this many times larger at each level, the coarsest first. */
const LEVELS = [4, 2, 1] as const;

/** The cells of a frame at one level. */
interface Level {
  readonly factor: number;
  readonly width: number;
  readonly height: number;
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
 * @returns `[tilesY, tilesX, 2]`: (dx, dy) in cells, such that target cell (x, y) is looked for around (x + dx, y + dy); the
 *   tiles begin at the top left, the last ones may reach beyond the frame.
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

type Vector = readonly [dx: number, dy: number];

/** All vectors within `reach` of the given ones, each once. */
function around(centres: readonly Vector[], reach: number): Vector[] {
  const found = new Map<string, Vector>();
  for (const [cx, cy] of centres)
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++) found.set(`${cx + dx},${cy + dy}`, [cx + dx, cy + dy]);
  return [...found.values()];
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

/** The matching of tiles at one level. */
class TileMatching {
  /** Largest displacement in cells of this level. */
  readonly reach: number;
  private readonly target: Level;
  private readonly reference: Level;
  private readonly sample: SampledClusters;
  private readonly options: WindowOptions;

  constructor(sample: SampledClusters, frame: number, factor: number, options: WindowOptions) {
    this.target = levelOf(sample, 0, factor);
    this.reference = levelOf(sample, frame, factor);
    this.reach = Math.ceil(options.reach / LEVELS[0]) * (LEVELS[0] / factor);
    this.sample = sample;
    this.options = options;
  }

  /** The best of the proposed displacements of a tile; (0, 0) unless another is better, at the finest level clearly better. */
  best(tileX: number, tileY: number, proposals: readonly Vector[]): Vector {
    const { stillness, gain } = this.options;
    const { factor } = this.target;
    const support = this.support(tileX, tileY);
    const standing = this.error(support, [0, 0]);
    let best: Vector = [0, 0];
    // Half-cell shifts match badly on large cells: they only propose, the finest level decides.
    let least = (factor === 1 ? gain : 1) * standing;
    for (const vector of proposals) {
      const [dx, dy] = vector;
      if (Math.max(Math.abs(dx), Math.abs(dy)) > this.reach) continue;
      const cost = stillness * Math.log2(1 + factor * Math.hypot(dx, dy));
      if (cost >= least) continue;
      const total = cost + this.error(support, vector);
      if (total >= least) continue;
      least = total;
      best = vector;
    }
    return best;
  }

  /** Cells that speak for a tile: its own, and at coarse levels those around it that belong to one of its regions. */
  private support(tileX: number, tileY: number): number[] {
    const { width, height, labels, factor } = this.target;
    const side = this.options.tile / factor;
    const border = factor === 1 ? 0 : 1;
    const [left, top] = [tileX * side, tileY * side];
    const inTile = (x: number, y: number): boolean => x >= left && x < left + side && y >= top && y < top + side;
    const own = new Set<number>();
    const cells: number[] = [];
    const forCells = (margin: number, visit: (cell: number, x: number, y: number) => void): void => {
      for (let y = Math.max(0, top - margin); y < Math.min(height, top + side + margin); y++)
        for (let x = Math.max(0, left - margin); x < Math.min(width, left + side + margin); x++)
          visit(y * width + x, x, y);
    };
    forCells(0, (cell) => own.add(labels[cell]));
    forCells(border, (cell, x, y) => {
      if (inTile(x, y) || own.has(labels[cell])) cells.push(cell);
    });
    return cells;
  }

  /** Mean squared colour distance of cells to those that lie displaced in the reference, each at most `DIFFERENT`. */
  private error(support: readonly number[], [dx, dy]: Vector): number {
    const { width, height } = this.target;
    let sum = 0;
    for (const cell of support) {
      const x = (cell % width) + dx;
      const y = Math.floor(cell / width) + dy;
      sum += x < 0 || y < 0 || x >= width || y >= height ? DIFFERENT : this.distance(cell, y * width + x);
    }
    return sum / support.length;
  }

  private distance(cell: number, candidate: number): number {
    const { target, reference, sample } = this;
    const pair = target.labels[cell] * sample.clusters + reference.labels[candidate];
    if (sample.logPrior[pair] === NOT_SAMPLED) return DIFFERENT;
    const cells = target.width * target.height;
    let sum = 0;
    for (let at = 0; at < COLOUR_DIMS * cells; at += cells)
      sum += (target.colours[at + cell] - reference.colours[at + candidate]) ** 2;
    return Math.min(DIFFERENT, sum);
  }
}

/** A frame's cells, `factor` × `factor` of them taken together. */
function levelOf({ grid, descriptors, labels, clusters }: SampledClusters, frame: number, factor: number): Level {
  const width = Math.ceil(grid.width / factor);
  const height = Math.ceil(grid.height / factor);
  const colours = new Float32Array(COLOUR_DIMS * width * height);
  const regions = new Uint8Array(width * height);
  const cells = grid.width * grid.height;
  const votes = new Uint32Array(clusters);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to++) {
      const members = block(grid, x * factor, y * factor, factor);
      votes.fill(0);
      for (const member of members) {
        votes[labels[frame][member]]++;
        for (let c = 0; c < COLOUR_DIMS; c++)
          colours[c * width * height + to] += descriptors[frame][c * cells + member] / members.length;
      }
      regions[to] = votes.indexOf(Math.max(...votes));
    }
  return { factor, width, height, colours, labels: regions };
}

/** The cells of a square, as far as it lies in the grid. */
function block(grid: { width: number; height: number }, left: number, top: number, side: number): number[] {
  const cells: number[] = [];
  for (let y = top; y < Math.min(grid.height, top + side); y++)
    for (let x = left; x < Math.min(grid.width, left + side); x++) cells.push(y * grid.width + x);
  return cells;
}
