/**
 * @file The clustering kernels against the plain references that the tests hold them to, on cells of the size of a
 * training sample.
 */
import { Random } from "../src/core/random.ts";
import { kMeans } from "../src/kernels/kMeans.ts";
import { growRegions } from "../src/kernels/regionGrowth.ts";
import * as slow from "../test/reference/kMeans.ts";
import { growRegions as slowlyGrown } from "../test/reference/regionGrowth.ts";
import { type BenchRow, machine, median, peakRssMb, processorSeconds } from "./row.ts";

/** Cells to a side, descriptor channels, clusters: a frame of 192², stride 4. */
const [SIDE, DIMS] = [48, 6];
const OPTIONS = { clusters: 12, seed: 1, maxSteps: 10 };
const GROWTH = { threshold: 0.4, minCells: 4 };
const TURNS = 5;

/** "Ours" is the kernel, "peer" the reference; in turns, the same result. */
export async function clustersBench(): Promise<BenchRow[]> {
  const points = patches();
  const planes = Float32Array.from(Array.from({ length: DIMS }, (_, d) => points.map((point) => point[d])).flat());
  const { labels, centres } = kMeans(planes, DIMS, OPTIONS);
  const outlines = { width: SIDE, height: SIDE, descriptors: planes, labels, centres };
  const grid = { width: SIDE, height: SIDE, cells: points, labels: [...labels], centres: rowsOf(centres) };
  return [
    await row("k-means, 2304 cells of 6 channels, 12 clusters", {
      ours: () => kMeans(planes, DIMS, OPTIONS),
      peer: () => slow.kMeans(points, OPTIONS),
    }),
    await row("region growth, 48x48 cells", {
      ours: () => growRegions(outlines, GROWTH),
      peer: () => slowlyGrown(grid, GROWTH),
    }),
  ];
}

async function row(
  name: string,
  work: { readonly ours: () => unknown; readonly peer: () => unknown },
): Promise<BenchRow> {
  const seconds = { ours: [] as number[], peer: [] as number[] };
  for (let turn = 0; turn < TURNS; turn++)
    for (const which of ["ours", "peer"] as const) seconds[which].push(await processorSeconds(work[which]));
  const [ours, peer] = [median(seconds.ours), median(seconds.peer)];
  return {
    name: `${name}: kernel / plain reference`,
    ours_s: ours,
    peer_s: peer,
    ratio: ours / peer,
    ours_rss_mb: peakRssMb(),
    peer_rss_mb: null,
    machine: machine(),
  };
}

/** Cells of sixteen patches with noise, as rows. */
function patches(): number[][] {
  const random = new Random(1);
  const colours = Array.from({ length: 16 }, () => Array.from({ length: DIMS }, () => random.next()));
  return Array.from({ length: SIDE * SIDE }, (_, cell) => {
    const patch = Math.floor((cell % SIDE) / 12) + 4 * Math.floor(cell / SIDE / 12);
    return colours[patch].map((value) => Math.fround(value + 0.08 * random.normal()));
  });
}

function rowsOf(centres: Float32Array): number[][] {
  return Array.from({ length: centres.length / DIMS }, (_, k) => [...centres.subarray(k * DIMS, (k + 1) * DIMS)]);
}
