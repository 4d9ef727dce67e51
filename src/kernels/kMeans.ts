/**
 * @file k-means on one thread, synchronously: k-means++ seeding (Arthur & Vassilvitskii 2007) and Lloyd steps, by the WASM kernel
 * `assembly/cluster.ts`. For small point sets (thousands of feature cells), where handing work to threads would cost more.
 */
import { internal } from "../core/errors.ts";
import { Random } from "../core/random.ts";
import { clusterKernel, KERNEL_BASE } from "./clusterKernel.ts";

/** How points are clustered. */
export interface KMeansOptions {
  /** Clusters wanted, 1..255; fewer are made when there are fewer different points. */
  readonly clusters: number;
  /** Of the k-means++ draws: the same points and seed give the same clusters. */
  readonly seed: number;
  /** Lloyd steps at most, 1 or more; it ends before when no label changes. */
  readonly maxSteps: number;
}

/** Clusters, none of them empty. */
export interface Clusters {
  /** K, at most what was wanted. */
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
  const count = points.length / dims;
  if (!Number.isInteger(count) || count < 1) throw internal(`k-means of ${points.length} values in ${dims} dimensions`);
  if (!(clusters >= 1 && clusters <= 255)) throw internal(`k-means with ${clusters} clusters`);
  const stride = Math.ceil(count / 4) * 4;
  const at = plan(stride, dims, clusters);
  const { memory, seed: place, lloyd } = clusterKernel(at.end);
  const planes = new Float32Array(memory.buffer, at.points, dims * stride);
  for (let d = 0; d < dims; d++) {
    planes.set(points.subarray(d * count, (d + 1) * count), d * stride);
    // The padding repeats the last point, so that it never changes what is done.
    planes.fill(points[(d + 1) * count - 1], d * stride + count, (d + 1) * stride);
  }
  const random = new Random(seed);
  new Float64Array(memory.buffer, at.randoms, clusters).set(Array.from({ length: clusters }, () => random.next()));
  const made = place(at.points, count, stride, dims, clusters, at.randoms, at.centres, at.nearest);
  const { points: planesAt, centres, labels, nearest, sums, counts } = at;
  lloyd(planesAt, count, stride, dims, made, maxSteps, centres, labels, nearest, sums, counts);
  return withoutEmpty(
    new Int32Array(memory.buffer, at.labels, count),
    new Float32Array(memory.buffer, at.centres, made * dims),
    new Int32Array(memory.buffer, at.counts, made),
  );
}

/** Byte addresses of everything a run needs. */
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
