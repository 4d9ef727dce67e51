/**
 * @file The sampler as a log-prior: instead of drawing candidates by quotas, every candidate's logit gets log(quota of
 * its region / its region's share of all cells), the expectation of the draw (importance weighting).
 *
 * In the graph a prior P over regions costs no gather: P[label_i, label_j] = p_i · e_j with p_i the row of the target
 * cell and e_j one-hot, so that the channels of `priorQueries` and `priorKeys`, put behind the features, add it in the
 * same product.
 */
import { internal } from "../core/errors.ts";

/**
 * Logit of a candidate in a region that is not sampled. Far below any other, so that it gets no probability beside a
 * sampled one; far above the mask of cells outside the window, so that a window without any sampled cell falls back to
 * all its cells; and small enough for float32 to keep the features' logits that it is added to.
 */
export const NOT_SAMPLED = -100;

/** No region is weighted up or down by more than e^3. */
export const PRIOR_LIMIT = 3;

/** How much each region gives. */
export interface Quotas {
  /** M: clusters beside a cell's own whose cells are candidates too. */
  readonly nearestClusters: number;
  /**
   * Share of the candidates that come from a cell's own region, above 0, up to 1; the others share the rest equally.
   */
  readonly ownShare: number;
}

/** A prior and the regions that it speaks of; a part of `SampledClusters`. */
export interface PriorSample {
  /** K */
  readonly clusters: number;
  readonly grid: { readonly height: number; readonly width: number };
  /** By frame, the target first: `[h, w]`. */
  readonly labels: readonly Uint8Array[];
  /** `[K, K]` */
  readonly logPrior: Float32Array;
}

/**
 * @param centres `[K, dims]`: clusters are near where these are.
 * @param candidates by frame `[h, w]`: region of each cell that can be a candidate.
 * @returns `[K, K]`, row = region of the target cell, column = region of the candidate: within ±3, or `NOT_SAMPLED`.
 */
export function sampledPrior(
  centres: Float32Array,
  clusters: number,
  candidates: readonly Uint8Array[],
  { nearestClusters, ownShare }: Quotas,
): Float32Array {
  const shares = labelShares(candidates, clusters);
  const prior = new Float32Array(clusters * clusters).fill(NOT_SAMPLED);
  for (let own = 0; own < clusters; own++) {
    const others = nearest(own, centres, shares).slice(0, nearestClusters);
    const ownQuota = others.length > 0 ? ownShare : 1;
    prior[own * clusters + own] = logWeight(ownQuota, shares[own]);
    for (const other of others)
      prior[own * clusters + other] = logWeight((1 - ownShare) / others.length, shares[other]);
  }
  return prior;
}

/** Share of each label in all cells. */
function labelShares(frames: readonly Uint8Array[], clusters: number): Float64Array {
  const shares = new Float64Array(clusters);
  const cells = frames.reduce((sum, labels) => sum + labels.length, 0);
  for (const labels of frames) for (const label of labels) shares[label] += 1 / cells;
  return shares;
}

/** Other clusters that have cells, the nearest first (the lowest of equals). */
function nearest(own: number, centres: Float32Array, shares: Float64Array): number[] {
  const dims = centres.length / shares.length;
  const distance = (other: number): number => {
    let sum = 0;
    for (let d = 0; d < dims; d++) sum += (centres[own * dims + d] - centres[other * dims + d]) ** 2;
    return sum;
  };
  return [...shares.keys()]
    .filter((other) => other !== own && shares[other] > 0)
    .map((other) => ({ other, distance: distance(other) }))
    .sort((a, b) => a.distance - b.distance || a.other - b.other)
    .map(({ other }) => other);
}

/** log(quota / share) within the limits; a quota of 0 is the lower limit, a region without cells the upper one. */
function logWeight(quota: number, share: number): number {
  return Math.min(PRIOR_LIMIT, Math.max(-PRIOR_LIMIT, Math.log(quota / share)));
}

/**
 * Channels of a sample's target that, multiplied with `priorKeys`, give the log-prior. They are added to the logits as
 * they are: put them behind the features after these are scaled.
 * @param channels at least K: the clusters asked for, so that a graph's shape never changes; those from K on are 0.
 * @returns `[channels, h, w]`
 */
export function priorQueries(sample: PriorSample, channels: number): Float32Array {
  const { clusters, labels, logPrior } = sample;
  return planes(sample, channels, (channel, cell) => logPrior[labels[0][cell] * clusters + channel]);
}

/**
 * One-hot regions of a frame of a sample (0 = the target, 1 = the first reference).
 * @returns `[channels, h, w]`
 */
export function priorKeys(sample: PriorSample, frame: number, channels: number): Float32Array {
  const labels = sample.labels[frame];
  if (labels === undefined) throw internal(`frame ${frame} of a sample of ${sample.labels.length}`);
  return planes(sample, channels, (channel, cell) => (labels[cell] === channel ? 1 : 0));
}

/** The matching kernel has a bit for each region. */
const MAX_REGIONS = 32;

/**
 * The sampled regions of every target cell as bits, for matching restricted to them at test time
 * (`MatchSettings.candidates`, with `sample.labels` as the regions of the memory frames).
 * @returns `[h, w]`
 */
export function candidateRegions({ clusters, labels, logPrior }: PriorSample): Uint32Array {
  if (clusters > MAX_REGIONS)
    throw internal(`${clusters} clusters, more than the ${MAX_REGIONS} that matching can tell apart`);
  const rows = Array.from({ length: clusters }, (_, own) => {
    let bits = 0;
    for (let k = 0; k < clusters; k++) if (logPrior[own * clusters + k] !== NOT_SAMPLED) bits += 2 ** k;
    return bits;
  });
  return Uint32Array.from(labels[0], (label) => rows[label]);
}

function planes(
  { clusters, grid }: PriorSample,
  channels: number,
  value: (channel: number, cell: number) => number,
): Float32Array {
  if (channels < clusters) throw internal(`${clusters} clusters in ${channels} channels`);
  const cells = grid.height * grid.width;
  const out = new Float32Array(channels * cells);
  for (let channel = 0; channel < clusters; channel++)
    for (let cell = 0; cell < cells; cell++) out[channel * cells + cell] = value(channel, cell);
  return out;
}
