/**
 * @file Seeded region growth on a grid of cells (Adams & Bischof 1994), from the outlines that a clustering gives.
 *
 * 1. Every 4-connected part of a cluster with at least `minCells` cells starts a region: those of its cells that lie within
 *    `threshold` of the cluster's centre.
 * 2. Cells beside a region join it while they lie within `threshold` of the region's running mean, the closest first
 *    (distance when the cell was met; of equals the lowest cell, then the oldest region).
 * 3. What no region took stays in its outline: 4-connected cells of one cluster are a region of their own.
 * 4. Regions below `minCells` merge, the smallest first, into the neighbouring region with the closest mean.
 *
 * Every step breaks ties by position, so the result depends on the input alone.
 */
import { internal } from "../core/errors.ts";

/** The cells of a frame and the clusters they were put into. */
export interface Outlines {
  readonly width: number;
  readonly height: number;
  /** `[dims, height, width]` float32. */
  readonly descriptors: Float32Array;
  /** `[height, width]`: cluster of each cell, 0..K−1. */
  readonly labels: Uint8Array;
  /** `[K, dims]`: what the clusters' middles look like. */
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
  const regions = new Regions(outlines);
  startRegions(regions, outlines, options);
  grow(regions, outlines, options.threshold);
  keepOutlines(regions, outlines);
  mergeSmall(regions, outlines, options.minCells);
  return Uint8Array.from(regions.of, (region) => regions.labels[regions.root(region)]);
}

/** The regions so far: members, and sums of descriptors. */
class Regions {
  /** `[cells]`: region of each cell, −1 = none yet. */
  readonly of: Int32Array;
  readonly labels: number[] = [];
  readonly sizes: number[] = [];
  /** Sum of the members' descriptors, by region. */
  readonly sums: Float64Array[] = [];
  /** Where a merged region went; itself otherwise. */
  private readonly parents: number[] = [];
  private readonly dims: number;
  private readonly descriptors: Float32Array;
  private readonly cells: number;

  constructor({ descriptors, labels }: Outlines) {
    this.cells = labels.length;
    this.of = new Int32Array(this.cells).fill(-1);
    this.descriptors = descriptors;
    this.dims = descriptors.length / this.cells;
  }

  get count(): number {
    return this.labels.length;
  }

  open(label: number): number {
    this.labels.push(label);
    this.sizes.push(0);
    this.sums.push(new Float64Array(this.dims));
    this.parents.push(this.count - 1);
    return this.count - 1;
  }

  join(cell: number, region: number): void {
    this.of[cell] = region;
    this.sizes[region]++;
    const sum = this.sums[region];
    for (let d = 0, at = cell; d < this.dims; d++, at += this.cells) sum[d] += this.descriptors[at];
  }

  /** Squared distance of a cell's descriptor to a region's mean. */
  distance(cell: number, region: number): number {
    const sum = this.sums[region];
    const size = this.sizes[region];
    let total = 0;
    for (let d = 0, at = cell; d < this.dims; d++, at += this.cells) {
      const difference = this.descriptors[at] - sum[d] / size;
      total += difference * difference;
    }
    return total;
  }

  /** Squared distance of two regions' means. */
  between(a: number, b: number): number {
    let total = 0;
    for (let d = 0; d < this.dims; d++)
      total += (this.sums[a][d] / this.sizes[a] - this.sums[b][d] / this.sizes[b]) ** 2;
    return total;
  }

  /** The region that a region is part of by now. */
  root(region: number): number {
    let at = region;
    while (this.parents[at] !== at) at = this.parents[at];
    return at;
  }

  merge(small: number, into: number): void {
    this.parents[small] = into;
    this.sizes[into] += this.sizes[small];
    for (let d = 0; d < this.dims; d++) this.sums[into][d] += this.sums[small][d];
  }
}

/** Calls back for the 4-neighbours of a cell: above, left, right, below. */
function forNeighbours(cell: number, width: number, cells: number, visit: (neighbour: number) => void): void {
  const x = cell % width;
  if (cell >= width) visit(cell - width);
  if (x > 0) visit(cell - 1);
  if (x < width - 1) visit(cell + 1);
  if (cell + width < cells) visit(cell + width);
}

/** The 4-connected cells of equal label around `start` that are not yet seen, in breadth-first order; marks them as seen. */
function component(start: number, { labels, width }: Outlines, seen: Uint8Array): number[] {
  const found = [start];
  seen[start] = 1;
  for (let i = 0; i < found.length; i++) {
    forNeighbours(found[i], width, labels.length, (next) => {
      if (seen[next] || labels[next] !== labels[start]) return;
      seen[next] = 1;
      found.push(next);
    });
  }
  return found;
}

function startRegions(regions: Regions, outlines: Outlines, { threshold, minCells }: GrowthOptions): void {
  const { labels } = outlines;
  const seen = new Uint8Array(labels.length);
  for (let start = 0; start < labels.length; start++) {
    if (seen[start]) continue;
    const part = component(start, outlines, seen);
    if (part.length < minCells) continue;
    const core = part.filter((cell) => toCentre(cell, outlines) <= threshold * threshold);
    if (core.length === 0) continue;
    const region = regions.open(labels[start]);
    for (const cell of core) regions.join(cell, region);
  }
}

/** Squared distance of a cell to the centre of its cluster. */
function toCentre(cell: number, { descriptors, labels, centres }: Outlines): number {
  const dims = descriptors.length / labels.length;
  let total = 0;
  for (let d = 0; d < dims; d++)
    total += (descriptors[d * labels.length + cell] - centres[labels[cell] * dims + d]) ** 2;
  return total;
}

function grow(regions: Regions, { width, labels }: Outlines, threshold: number): void {
  const limit = threshold * threshold;
  const queue = new CellQueue();
  const offer = (region: number) => (cell: number) => {
    if (regions.of[cell] >= 0) return;
    const distance = regions.distance(cell, region);
    if (distance <= limit) queue.push(distance, cell, region);
  };
  const offers = Array.from({ length: regions.count }, (_, region) => offer(region));
  regions.of.forEach((region, cell) => {
    if (region >= 0) forNeighbours(cell, width, labels.length, offers[region]);
  });
  for (let top = queue.pop(); top !== undefined; top = queue.pop()) {
    const { cell, region } = top;
    // The mean has moved since the cell was met.
    if (regions.of[cell] >= 0 || regions.distance(cell, region) > limit) continue;
    regions.join(cell, region);
    forNeighbours(cell, width, labels.length, offers[region]);
  }
}

interface Offer {
  readonly distance: number;
  readonly cell: number;
  readonly region: number;
}

/** A binary heap of offers: least distance, then lowest cell, then lowest region first. */
class CellQueue {
  private readonly heap: Offer[] = [];

  push(distance: number, cell: number, region: number): void {
    const { heap } = this;
    const offer = { distance, cell, region };
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!before(offer, heap[above])) break;
      heap[at] = heap[above];
      at = above;
    }
    heap[at] = offer;
  }

  pop(): Offer | undefined {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && before(heap[below + 1], heap[below])) below++;
      if (!before(heap[below], last)) break;
      heap[at] = heap[below];
      at = below;
    }
    heap[at] = last;
    return top;
  }
}

function before(a: Offer, b: Offer): boolean {
  if (a.distance !== b.distance) return a.distance < b.distance;
  return a.cell !== b.cell ? a.cell < b.cell : a.region < b.region;
}

/** Cells that no region took: 4-connected ones of one cluster become a region. */
function keepOutlines(regions: Regions, outlines: Outlines): void {
  const seen = Uint8Array.from(regions.of, (region) => (region >= 0 ? 1 : 0));
  for (let start = 0; start < seen.length; start++) {
    if (seen[start]) continue;
    const region = regions.open(outlines.labels[start]);
    for (const cell of component(start, outlines, seen)) regions.join(cell, region);
  }
}

/** Merges the smallest region (of equals the oldest) into its closest neighbour until none is too small or one is left. */
function mergeSmall(regions: Regions, outlines: Outlines, minCells: number): void {
  const neighbours = neighbourhood(regions, outlines);
  const small = [...regions.sizes.keys()].filter((region) => regions.sizes[region] < minCells);
  while (small.length > 0) {
    let least = 0;
    for (let i = 1; i < small.length; i++) if (regions.sizes[small[i]] < regions.sizes[small[least]]) least = i;
    const [region] = small.splice(least, 1);
    if (regions.sizes[region] >= minCells) continue;
    const into = closest(regions, region, neighbours[region]);
    if (into === undefined) continue;
    regions.merge(region, into);
    for (const other of neighbours[region]) {
      neighbours[other].delete(region);
      if (other === into) continue;
      neighbours[other].add(into);
      neighbours[into].add(other);
    }
  }
}

/** For every region the regions that touch it. */
function neighbourhood(regions: Regions, { width, labels }: Outlines): Set<number>[] {
  const touching = Array.from({ length: regions.count }, () => new Set<number>());
  regions.of.forEach((region, cell) => {
    forNeighbours(cell, width, labels.length, (next) => {
      if (regions.of[next] !== region) touching[region].add(regions.of[next]);
    });
  });
  return touching;
}

/** The neighbour whose mean is closest, the oldest of equals. */
function closest(regions: Regions, region: number, neighbours: ReadonlySet<number>): number | undefined {
  let best: number | undefined;
  let least = Infinity;
  for (const other of [...neighbours].sort((a, b) => a - b)) {
    const distance = regions.between(region, other);
    if (distance >= least) continue;
    least = distance;
    best = other;
  }
  return best;
}
