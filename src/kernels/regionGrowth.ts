/**
 * @file Seeded region growth on a grid of cells (Adams & Bischof 1994), from the outlines that a clustering gives.
 * Steps 1 to 3 are done by the WASM kernel `assembly/cluster.ts`, on the calling thread.
 *
 * 1. Every 4-connected part of a cluster with at least `minCells` cells starts a region: those of its cells that lie
 *    within `threshold` of the cluster's centre.
 * 2. Cells beside a region join it while they lie within `threshold` of the region's running mean, the closest first
 *    (distance when the cell was met; of equals the lowest cell, then the oldest region).
 * 3. Cells that no region took stay in their outline: 4-connected ones of one cluster form a separate region.
 * 4. Regions below `minCells` merge, the smallest first, into the neighbouring region with the closest mean.
 *
 * Every step breaks ties by position, so the result depends on the input alone.
 */
import { internal } from "../core/errors.ts";
import * as block from "./constants/growth.ts";
import { KERNEL_BASE, sharedInstance } from "./kernelInstance.ts";

/** Address of the parameter block. */
const PARAMETERS = KERNEL_BASE;

/** The cells of a frame and the clusters they were put into. */
export interface Outlines {
  readonly width: number;
  readonly height: number;
  /** `[dims, height, width]` float32. */
  readonly descriptors: Float32Array;
  /** `[height, width]`: cluster of each cell, 0..K−1. */
  readonly labels: Uint8Array;
  /** `[K, dims]`: the clusters' centres. */
  readonly centres: Float32Array;
}

export interface GrowthOptions {
  /** Largest Euclidean distance of a cell's descriptor to the mean of the region that it joins, τ_g; 0 or more. */
  readonly threshold: number;
  /** Cells of the smallest region; smaller ones merge into a neighbour. At least 1. */
  readonly minCells: number;
}

/** @returns `[height, width]`: the label of each cell's region, which is that of the cluster it grew from. */
export function growRegions(outlines: Outlines, options: GrowthOptions): Uint8Array {
  const { width, height, labels } = outlines;
  if (labels.length !== width * height) throw internal(`${labels.length} labels for ${width}x${height} cells`);
  if (labels.length === 0) return new Uint8Array(0);
  const regions = grownRegions(outlines, options);
  const labelOf = mergeSmall(regions, outlines, options.minCells);
  return Uint8Array.from(regions.of, (region) => labelOf[region]);
}

/** Views into the kernel's memory, valid until its next use. */
interface Regions {
  readonly dims: number;
  /** `[cells]`: region of each cell. */
  readonly of: Int32Array;
  /** By region: label, cells, sum of the cells' descriptors `[regions, dims]`. */
  readonly labels: Int32Array;
  readonly sizes: Int32Array;
  readonly sums: Float64Array;
}

function grownRegions(outlines: Outlines, { threshold, minCells }: GrowthOptions): Regions {
  const { width, height, descriptors, labels, centres } = outlines;
  const cells = labels.length;
  const dims = descriptors.length / cells;
  const at = plan(cells, dims, centres.length);
  const { memory, grow } = sharedInstance("cluster", at.end);
  const { buffer } = memory;
  writeAddresses(buffer, at);
  new Float32Array(buffer, at.centres, centres.length).set(centres);
  new Int32Array(buffer, at.labels, cells).set(labels);
  const points = new Float32Array(buffer, at.descriptors, cells * dims); // [cells, dims]
  for (let d = 0, from = 0; d < dims; d++)
    for (let to = d; to < points.length; to += dims, from++) points[to] = descriptors[from];
  const count = grow(dims, width, height, threshold * threshold, minCells, PARAMETERS);
  return {
    dims,
    of: new Int32Array(buffer, at.of, cells),
    labels: new Int32Array(buffer, at.regionLabels, count),
    sizes: new Int32Array(buffer, at.sizes, count),
    sums: new Float64Array(buffer, at.sums, count * dims),
  };
}

/** Byte addresses; arrays of float64 first, so that all are aligned. */
function plan(cells: number, dims: number, centreValues: number) {
  const centres = PARAMETERS + block.GROWTH_BYTES;
  const sums = centres + Math.ceil(centreValues / 4) * 16;
  const means = sums + cells * dims * 8;
  const heap = means + cells * dims * 8;
  const descriptors = heap + cells * block.OFFERS_PER_CELL * block.OFFER_BYTES;
  const labels = descriptors + cells * dims * 4;
  const of = labels + cells * 4;
  const regionLabels = of + cells * 4;
  const sizes = regionLabels + cells * 4;
  const part = sizes + cells * 4;
  const seen = part + cells * 4;
  return { centres, sums, means, heap, descriptors, labels, of, regionLabels, sizes, part, seen, end: seen + cells };
}

function writeAddresses(buffer: ArrayBufferLike, at: ReturnType<typeof plan>): void {
  const words = new Uint32Array(buffer, PARAMETERS, block.GROWTH_BYTES / 4);
  words[block.GROWTH_CENTRES / 4] = at.centres;
  words[block.GROWTH_SUMS / 4] = at.sums;
  words[block.GROWTH_MEANS / 4] = at.means;
  words[block.GROWTH_HEAP / 4] = at.heap;
  words[block.GROWTH_DESCRIPTORS / 4] = at.descriptors;
  words[block.GROWTH_LABELS / 4] = at.labels;
  words[block.GROWTH_REGION_OF / 4] = at.of;
  words[block.GROWTH_REGION_LABELS / 4] = at.regionLabels;
  words[block.GROWTH_SIZES / 4] = at.sizes;
  words[block.GROWTH_PART / 4] = at.part;
  words[block.GROWTH_SEEN / 4] = at.seen;
}

/**
 * Merges the smallest region (of equals the oldest) into its closest neighbour until none is too small or one is left.
 * @returns by region, the label of the region that it is now part of.
 */
function mergeSmall(regions: Regions, outlines: Outlines, minCells: number): number[] {
  const { sizes } = regions;
  const neighbours = neighbourhood(regions, outlines);
  const parents = Array.from(sizes, (_, region) => region);
  const small = [...sizes.keys()].filter((region) => sizes[region] < minCells);
  while (small.length > 0) {
    const least = small.reduce((best, region, i) => (sizes[region] < sizes[small[best]] ? i : best), 0);
    const [region] = small.splice(least, 1);
    const into = sizes[region] < minCells ? closest(regions, region, neighbours[region]) : undefined;
    if (into === undefined) continue;
    parents[region] = into;
    merge(regions, region, into);
    joinNeighbours(neighbours, region, into);
  }
  return parents.map((_, region) => regions.labels[root(parents, region)]);
}

/** For every region, the regions that touch it. */
function neighbourhood({ of, sizes }: Regions, { width }: Outlines): Set<number>[] {
  const touching = Array.from(sizes, () => new Set<number>());
  const touch = (a: number, b: number): void => {
    if (a === b) return;
    touching[a].add(b);
    touching[b].add(a);
  };
  for (let cell = 0; cell < of.length; cell++) {
    if ((cell + 1) % width !== 0) touch(of[cell], of[cell + 1]);
    if (cell + width < of.length) touch(of[cell], of[cell + width]);
  }
  return touching;
}

/** The neighbour whose mean is closest, the oldest of equals. */
function closest(regions: Regions, region: number, neighbours: ReadonlySet<number>): number | undefined {
  let best: number | undefined;
  let least = Infinity;
  for (const other of neighbours) {
    const distance = between(regions, region, other);
    if (distance > least || (distance === least && best !== undefined && other > best)) continue;
    least = distance;
    best = other;
  }
  return best;
}

/** Squared distance of two regions' means. */
function between({ dims, sums, sizes }: Regions, a: number, b: number): number {
  let total = 0;
  for (let d = 0; d < dims; d++) total += (sums[a * dims + d] / sizes[a] - sums[b * dims + d] / sizes[b]) ** 2;
  return total;
}

function merge({ dims, sums, sizes }: Regions, from: number, into: number): void {
  sizes[into] += sizes[from];
  for (let d = 0; d < dims; d++) sums[into * dims + d] += sums[from * dims + d];
}

function joinNeighbours(neighbours: readonly Set<number>[], from: number, into: number): void {
  for (const other of neighbours[from]) {
    neighbours[other].delete(from);
    if (other === into) continue;
    neighbours[other].add(into);
    neighbours[into].add(other);
  }
}

/** The region that a region has become part of. */
function root(parents: readonly number[], region: number): number {
  let at = region;
  while (parents[at] !== at) at = parents[at];
  return at;
}
