/** @file What the parts of the objective are fed for the pairs of a batch that are frames apart in time. */
import type { Random } from "../core/random.ts";
import { cellMeans } from "../method/cellDescriptors.ts";
import { encoderVariant, strideOf } from "../method/encoder.ts";
import { type SampledClusters, sampleClusters, samplerDefaults } from "../method/multiClusterSampler.ts";
import { priorKeys } from "../method/samplingPrior.ts";
import { shiftedWindowData } from "../method/shiftedWindows.ts";
import { windowCentres } from "../method/windowCentres.ts";
import { motionImage } from "../motion/motionImage.ts";
import type { MotionMap } from "../motion/motionEstimator.ts";
import type { TensorData } from "../tensor/index.ts";
import type { AffineView } from "./affineView.ts";
import { fusionSwitches, type TrainingConfig } from "./config.ts";
import { motionInView } from "./motionMaps.ts";
import { batchPlan, PART_INPUTS } from "./objective.ts";

/** One pair apart in time: its frames, target first. */
export interface TemporalPair {
  readonly view: AffineView;
  /** Of the whole frames. */
  readonly frame: { readonly width: number; readonly height: number };
  /** Whole frames' motion, when a part needs it. */
  readonly motion: readonly MotionMap[];
  /** The frames as cut, `[3, S, S]` Lab with all channels. */
  readonly labs: readonly Float32Array[];
}

/** Whether any part needs motion. */
export function needsMotion(config: TrainingConfig): boolean {
  const { motionEnhancement, valueExtraction, multiClusterSampler } = config;
  const parts = [motionEnhancement, valueExtraction, multiClusterSampler];
  return parts.some(({ enabled }) => enabled) || fusionSwitches(config).importance;
}

/** Inputs by name for the pairs of a batch. */
export function temporalFeeds(
  config: TrainingConfig,
  pairs: readonly TemporalPair[],
  random: Random,
): Record<string, TensorData> {
  const { motionEnhancement, valueExtraction, multiClusterSampler, size, variant } = config;
  const stride = strideOf(encoderVariant(variant));
  const seen = pairs.map(({ motion, frame, view }) => motion.map((map) => motionInView(map, frame, view, size)));
  const strengths = seen.flatMap(([target]) =>
    target === undefined ? [] : [cellMeans(target.strength, target, stride)],
  );
  const regions = multiClusterSampler.enabled
    ? pairs.map(({ labs }, p) => clustersOf(config, labs, seen[p]))
    : undefined;
  return {
    ...(motionEnhancement.enabled ? motionFeeds(config, seen, random) : {}),
    ...(fusionSwitches(config).importance ? { [PART_INPUTS.strength]: joined(strengths) } : {}),
    ...(valueExtraction.enabled ? valueFeeds(config, strengths, regions, random) : {}),
    ...(regions === undefined ? {} : regionFeeds(config, regions)),
    ...(regions !== undefined && multiClusterSampler.windowCentres ? windowFeeds(config, regions) : {}),
  };
}

/** Motion images of all frames of the batch; zeros for pseudo-motion views and where they are dropped. */
function motionFeeds(
  config: TrainingConfig,
  seen: readonly (readonly MotionMap[])[],
  random: Random,
): Record<string, TensorData> {
  const { size, references, motionEnhancement } = config;
  const { pseudo } = batchPlan(config);
  const length = 3 * size * size;
  const all = new Float32Array(config.pairs * (1 + references) * length);
  seen.forEach((maps, p) => {
    if (random.chance(motionEnhancement.dropout)) return;
    maps.forEach((map, r) => {
      const slot = r * config.pairs + pseudo + p;
      all.set(motionImage(map, motionEnhancement.encoding, size, size), slot * length);
    });
  });
  return { [PART_INPUTS.motion]: all };
}

/** m̂ as VEN sees it (left out in some samples), and where things move, which it learns: m̂, filled up over regions that move. */
function valueFeeds(
  { valueExtraction }: TrainingConfig,
  strengths: readonly Float32Array[],
  regions: readonly SampledClusters[] | undefined,
  random: Random,
): Record<string, TensorData> {
  const shown = strengths.map((strength) =>
    random.chance(valueExtraction.hideStrength) ? new Float32Array(strength.length) : strength,
  );
  const moving = strengths.map((strength, p) => (regions === undefined ? strength : filledUp(strength, regions[p])));
  return { [PART_INPUTS.shownStrength]: joined(shown), [PART_INPUTS.moving]: joined(moving) };
}

/** In regions that move more than the border does, at least the region's mean. */
function filledUp(strength: Float32Array, { labels: [labels], clusters, targetLike }: SampledClusters): Float32Array {
  const sums = new Float64Array(clusters);
  const counts = new Float64Array(clusters);
  labels.forEach((label, cell) => {
    sums[label] += strength[cell];
    counts[label]++;
  });
  return strength.map((value, cell) => {
    const label = labels[cell];
    return targetLike[label] ? Math.max(value, sums[label] / counts[label]) : value;
  });
}

function clustersOf(
  { size, variant, multiClusterSampler }: TrainingConfig,
  labs: readonly Float32Array[],
  motion: readonly MotionMap[],
): SampledClusters {
  const frames = labs.map((lab, i) => ({ lab, strength: motion[i].strength }));
  const { clusters } = multiClusterSampler;
  const stride = strideOf(encoderVariant(variant));
  return sampleClusters(frames, { width: size, height: size }, stride, { ...samplerDefaults, clusters });
}

function regionFeeds(config: TrainingConfig, regions: readonly SampledClusters[]): Record<string, TensorData> {
  const { clusters } = config.multiClusterSampler;
  const references = Array.from({ length: config.references }, (_, r) => r + 1);
  return {
    [PART_INPUTS.regions]: joined(regions.map((sample) => priorKeys(sample, 0, clusters))),
    [PART_INPUTS.referenceRegions]: joined(
      references.flatMap((r) => regions.map((sample) => priorKeys(sample, r, clusters))),
    ),
    [PART_INPUTS.logPrior]: joined(regions.map((sample) => padded(sample, clusters))),
  };
}

/** Where the windows of each target lie in its references, reference by reference. */
function windowFeeds(
  { references, radius }: TrainingConfig,
  regions: readonly SampledClusters[],
): Record<string, TensorData> {
  const windows = Array.from({ length: references }, (_, r) =>
    regions.map((sample) => shiftedWindowData(windowCentres(sample, r + 1), sample.grid, radius)),
  ).flat();
  return {
    [PART_INPUTS.windowRows]: joined(windows.map(({ rows }) => rows)),
    [PART_INPUTS.windowColumns]: joined(windows.map(({ columns }) => columns)),
  };
}

/** The log-prior `[K, K]` of the clusters found, in a table of the clusters asked for; the rest is never looked up. */
function padded({ logPrior, clusters: found }: SampledClusters, clusters: number): Float32Array {
  const table = new Float32Array(clusters * clusters);
  for (let row = 0; row < found; row++) table.set(logPrior.subarray(row * found, (row + 1) * found), row * clusters);
  return table;
}

/** Arrays one after the other. */
export function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
