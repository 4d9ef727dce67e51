/**
 * @file k-means on one thread, synchronously: k-means++ seeding (Arthur & Vassilvitskii 2007) and Lloyd steps, by the
 * WASM kernel `assembly/cluster.ts`. For small point sets (thousands of feature cells), where passing work to threads
 * would cost more.
 */
import { internal } from "../core/errors.ts";
import { Random } from "../core/random.ts";
import { KERNEL_BASE, type KernelInstance, padded, sharedInstance } from "./kernelInstance.ts";

/** How points are clustered. */
export interface KMeansOptions {
  /** Wanted number of clusters, 1..255; fewer are made if there are fewer distinct points. */
  readonly clusters: number;
  /** Seed of the k-means++ draws: the same points and seed give the same clusters. */
  readonly seed: number;
  /** The most Lloyd steps, 1 or more; it ends earlier if no label changes. */
  readonly maxSteps: number;
}

/** Clusters, none of them empty. */
export interface Clusters {
  /** K, at most the wanted number. */
  readonly count: number;
  /** `[points]`, 0..K−1. */
  readonly labels: Uint8Array;
  /** `[K, dims]`: the mean of each cluster's points. */
  readonly centres: Float32Array;
}

/**
 * Clusters points by squared Euclidean distance.
 * @param points `[dims, count]` float32, finite: one plane for each dimension.
 * @throws Error `internal: …` for no points, or a number of clusters outside 1..255.
 */
export function kMeans(points: Float32Array, dims: number, { clusters, seed, maxSteps }: KMeansOptions): Clusters {
  const run = loaded(points, dims, clusters);
  const { memory, seed: place } = run.kernel;
  const { at } = run;
  const random = new Random(seed);
  new Float64Array(memory.buffer, at.randoms, clusters).set(Array.from({ length: clusters }, () => random.next()));
  const made = place(at.points, run.count, run.stride, dims, clusters, at.randoms, at.centres, at.nearest);
  const { labels, centres } = lloydSteps(run, made, maxSteps);
  return withoutEmpty(labels, centres, new Int32Array(memory.buffer, at.counts, made));
}

/**
 * Lloyd steps from given centres, such as those of the previous frame: cluster k continues the one of centre k. An
 * empty cluster takes the point farthest from its centre.
 * @param points as for `kMeans`.
 * @param centres `[K, dims]`.
 * @returns K clusters.
 * @throws Error `internal: …` as `kMeans`
 */
export function followMeans(points: Float32Array, dims: number, centres: Float32Array, maxSteps: number): Clusters {
  const count = centres.length / dims;
  const run = loaded(points, dims, count);
  new Float32Array(run.kernel.memory.buffer, run.at.centres, centres.length).set(centres);
  const found = lloydSteps(run, count, maxSteps);
  return { count, labels: Uint8Array.from(found.labels), centres: found.centres.slice() };
}

/** Points in the kernel's memory. */
interface LoadedPoints {
  readonly kernel: KernelInstance<"cluster">;
  readonly at: ReturnType<typeof plan>;
  readonly dims: number;
  readonly count: number;
  /** Of the planes: `count` and padding. */
  readonly stride: number;
}

function loaded(points: Float32Array, dims: number, clusters: number): LoadedPoints {
  const count = points.length / dims;
  if (!Number.isInteger(count) || count < 1) throw internal(`k-means of ${points.length} values in ${dims} dimensions`);
  if (!(Number.isInteger(clusters) && clusters >= 1 && clusters <= 255))
    throw internal(`k-means with ${clusters} clusters`);
  const stride = padded(count);
  const at = plan(stride, dims, clusters);
  const kernel = sharedInstance("cluster", at.end);
  const planes = new Float32Array(kernel.memory.buffer, at.points, dims * stride);
  for (let d = 0; d < dims; d++) {
    planes.set(points.subarray(d * count, (d + 1) * count), d * stride);
    // The padding repeats the last point, so that it never changes the result.
    planes.fill(points[(d + 1) * count - 1], d * stride + count, (d + 1) * stride);
  }
  return { kernel, at, dims, count, stride };
}

/** Views into the kernel's memory, valid until its next use. */
function lloydSteps({ kernel, at, dims, count, stride }: LoadedPoints, clusters: number, maxSteps: number) {
  const { memory, lloyd } = kernel;
  const { points, centres, labels, nearest, sums, counts } = at;
  lloyd(points, count, stride, dims, clusters, maxSteps, centres, labels, nearest, sums, counts);
  return {
    labels: new Int32Array(memory.buffer, labels, count),
    centres: new Float32Array(memory.buffer, centres, clusters * dims),
  };
}

/** Byte addresses of everything that a run needs. */
function plan(stride: number, dims: number, clusters: number) {
  const points = KERNEL_BASE;
  const labels = points + dims * stride * 4;
  const nearest = labels + stride * 4;
  const sums = nearest + stride * 4;
  const randoms = sums + clusters * dims * 8;
  const centres = randoms + clusters * 8;
  const counts = centres + clusters * dims * 4;
  return { points, labels, nearest, sums, randoms, centres, counts, end: counts + clusters * 4 };
}

/** Renumbers so that no number is left without points. */
function withoutEmpty(labels: Int32Array, centres: Float32Array, counts: Int32Array): Clusters {
  const dims = centres.length / counts.length;
  const kept = [...counts.keys()].filter((k) => counts[k] > 0);
  const renumbered = new Uint8Array(counts.length);
  const means = new Float32Array(kept.length * dims);
  kept.forEach((k, i) => {
    renumbered[k] = i;
    means.set(centres.subarray(k * dims, (k + 1) * dims), i * dims);
  });
  return { count: kept.length, labels: Uint8Array.from(labels, (k) => renumbered[k]), centres: means };
}
