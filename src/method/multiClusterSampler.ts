/**
 * @file MCS, the Multi-Cluster Sampler (after MER, details ours): which reference cells are candidates of a target
 * cell.
 *
 * Outlines: k-means over the descriptors of all frames' cells together. Regions: growth from the outlines, frame by
 * frame. Candidates of a target cell: cells of its own region, and of the M nearest clusters as hard negatives, in
 * quotas. Nothing is drawn at random: the expectation of the draw is a log-prior, log(quota / share of the cells),
 * added to the logits.
 */
import { kMeans } from "../kernels/kMeans.ts";
import { growRegions } from "../kernels/regionGrowth.ts";
import {
  cellGrid,
  type CellGrid,
  type DescriptorWeights,
  describeCells,
  DESCRIPTOR_DIMS,
  MOTION_DIM,
  type SampledFrame,
} from "./cellDescriptors.ts";
import { type PriorSample, type Quotas, sampledPrior } from "./samplingPrior.ts";
import type { PictureSize } from "./features.ts";

/** How candidates are sampled. */
export interface SamplerOptions extends DescriptorWeights, Quotas {
  /** K, clusters over all frames, 1..255; fewer are made when there are fewer different cells. */
  readonly clusters: number;
  /** Lloyd steps at most. */
  readonly maxSteps: number;
  /** Of the k-means++ draws. */
  readonly seed: number;
  /** τ_g: how far a cell may lie from the mean of the region that it joins, in descriptor units. */
  readonly growthThreshold: number;
  /** Cells of the smallest region of a frame. */
  readonly minRegion: number;
  /** By how much a cluster's mean motion must exceed that of the frames' border to be target-like. */
  readonly targetMargin: number;
}

/** The defaults; docs/parts/multiClusterSampler.md says why. */
export const samplerDefaults: SamplerOptions = {
  clusters: 12,
  maxSteps: 10,
  seed: 1,
  lambdaColour: 3,
  lambdaMotion: 0.4,
  lambdaPosition: 0.6,
  growthThreshold: 0.4,
  minRegion: 4,
  targetMargin: 0.05,
  nearestClusters: 8,
  ownShare: 0.5,
};

/**
 * Regions of a target and its references (`labels`: the same label in two frames is the same cluster), and the
 * log-prior of the candidates.
 */
export interface SampledClusters extends PriorSample {
  readonly grid: CellGrid;
  /** By frame `[h, w]`: the cells' clusters before regions grew from them. */
  readonly outlines: readonly Uint8Array[];
  /** By frame: `[6, h, w]`, see `describeCells`. */
  readonly descriptors: readonly Float32Array[];
  /** `[K, 6]`: the clusters' mean descriptors. */
  readonly centres: Float32Array;
  /** `[K]`: whether a cluster moves more than the frames' border does. */
  readonly targetLike: readonly boolean[];
}

/**
 * Clusters and regions of frames of one size.
 * @param frames the target, then its references (none: candidates are the target's own cells).
 * @param stride pixels per cell
 */
export function sampleClusters(
  frames: readonly SampledFrame[],
  size: PictureSize,
  stride: number,
  options: SamplerOptions = samplerDefaults,
): SampledClusters {
  const grid = cellGrid(size, stride);
  const descriptors = frames.map((frame) => describeCells(frame, size, stride, options));
  const { count, labels: found, centres } = kMeans(sideBySide(descriptors), DESCRIPTOR_DIMS, options);
  const cells = grid.width * grid.height;
  const growth = { threshold: options.growthThreshold, minCells: options.minRegion };
  const outlines = descriptors.map((_, i) => found.subarray(i * cells, (i + 1) * cells));
  const labels = descriptors.map((own, i) =>
    growRegions({ ...grid, descriptors: own, labels: outlines[i], centres }, growth),
  );
  return {
    clusters: count,
    grid,
    labels,
    outlines,
    descriptors,
    centres,
    targetLike: targetLike({ grid, labels, descriptors }, count, options),
    logPrior: sampledPrior(centres, count, labels.length > 1 ? labels.slice(1) : labels, options),
  };
}

/** `[6, h, w]` of every frame as one `[6, frames · h · w]`. */
function sideBySide(frames: readonly Float32Array[]): Float32Array {
  const cells = frames[0].length / DESCRIPTOR_DIMS;
  const out = new Float32Array(frames.length * frames[0].length);
  frames.forEach((frame, i) => {
    for (let d = 0; d < DESCRIPTOR_DIMS; d++)
      out.set(frame.subarray(d * cells, (d + 1) * cells), (d * frames.length + i) * cells);
  });
  return out;
}

/** Whether each region's mean motion, over all frames, exceeds that of the frames' outermost cells. */
function targetLike(
  { grid, labels, descriptors }: Pick<SampledClusters, "grid" | "labels" | "descriptors">,
  clusters: number,
  { lambdaMotion, targetMargin }: SamplerOptions,
): boolean[] {
  const regions = Array.from({ length: clusters }, () => new Mean());
  const border = new Mean();
  const cells = grid.width * grid.height;
  labels.forEach((own, frame) => {
    const motion = descriptors[frame].subarray(MOTION_DIM * cells, (MOTION_DIM + 1) * cells);
    own.forEach((label, cell) => {
      regions[label].add(motion[cell]);
      if (isBorder(cell, grid)) border.add(motion[cell]);
    });
  });
  return regions.map((region) => region.value > border.value + lambdaMotion * targetMargin);
}

function isBorder(cell: number, { height, width }: CellGrid): boolean {
  const [x, y] = [cell % width, Math.floor(cell / width)];
  return x === 0 || y === 0 || x === width - 1 || y === height - 1;
}

/** A running mean; 0 of nothing. */
class Mean {
  private sum = 0;
  private count = 0;

  add(value: number): void {
    this.sum += value;
    this.count++;
  }

  get value(): number {
    return this.count === 0 ? 0 : this.sum / this.count;
  }
}
