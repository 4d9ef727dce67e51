/**
 * @file k-means written plainly, point by point: k-means++ draws, then Lloyd steps, an empty cluster taking the farthest point.
 * Every operation on coordinates is rounded to float32 as the kernel rounds it, so results can be compared exactly.
 */
import { Random } from "../../src/core/random.ts";

const f = Math.fround;

/** Points as rows; returns labels and centres of the clusters that have points. */
export function kMeans(
  points: readonly (readonly number[])[],
  { clusters, seed, maxSteps }: { clusters: number; seed: number; maxSteps: number },
): { labels: number[]; centres: number[][] } {
  const random = new Random(seed);
  const draws = Array.from({ length: clusters }, () => random.next());
  const { labels, centres } = followMeans(points, plusPlus(points, draws), maxSteps);
  const used = centres.map((_, k) => k).filter((k) => labels.includes(k));
  return { labels: labels.map((label) => used.indexOf(label)), centres: used.map((k) => centres[k]) };
}

/** Lloyd steps from given centres; clusters keep their numbers. */
export function followMeans(
  points: readonly (readonly number[])[],
  start: readonly (readonly number[])[],
  maxSteps: number,
): { labels: number[]; centres: number[][] } {
  let centres = start.map((centre) => [...centre]);
  let labels: number[] = points.map(() => -1);
  for (let step = 0; step < maxSteps; step++) {
    const before = labels;
    labels = points.map((point) => nearestOf(point, centres).index);
    if (labels.every((label, i) => label === before[i])) break;
    takeFarthest(points, labels, centres);
    centres = centres.map((centre, k) => meanOf(points.filter((_, i) => labels[i] === k)) ?? centre);
  }
  return { labels, centres };
}

/** Squared distance, rounded to float32 at every step. */
export function squared(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, d) => f(sum + f(f(value - b[d]) * f(value - b[d]))), 0);
}

function nearestOf(point: readonly number[], centres: readonly (readonly number[])[]) {
  const distances = centres.map((centre) => squared(point, centre));
  const distance = Math.min(...distances);
  return { distance, index: distances.indexOf(distance) };
}

function plusPlus(points: readonly (readonly number[])[], draws: readonly number[]): number[][] {
  const centres = [[...points[Math.floor(draws[0] * points.length)]]];
  for (const draw of draws.slice(1)) {
    const weights = points.map((point) => nearestOf(point, centres).distance);
    const total = weights.reduce((a, b) => a + b, 0);
    if (total === 0) break;
    let sum = 0;
    const found = weights.findIndex((weight) => (sum += weight) > draw * total && weight > 0);
    centres.push([...points[found >= 0 ? found : weights.findLastIndex((weight) => weight > 0)]]);
  }
  return centres;
}

function takeFarthest(
  points: readonly (readonly number[])[],
  labels: number[],
  centres: readonly (readonly number[])[],
) {
  const distances = points.map((point) => nearestOf(point, centres).distance);
  for (const k of centres.keys()) {
    if (labels.includes(k)) continue;
    const movable = distances.map((distance, i) =>
      labels.filter((label) => label === labels[i]).length > 1 ? distance : 0,
    );
    const farthest = Math.max(...movable);
    if (farthest === 0) continue;
    const taken = movable.indexOf(farthest);
    labels[taken] = k;
    distances[taken] = 0;
  }
}

function meanOf(points: readonly (readonly number[])[]): number[] | undefined {
  if (points.length === 0) return undefined;
  return points[0].map((_, d) => f(points.reduce((sum, point) => sum + point[d], 0) / points.length));
}
