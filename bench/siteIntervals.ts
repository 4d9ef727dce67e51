/**
 * @file How often the 95 % interval of a site's mean IoU covers the truth, on simulated sites, beside the plain t
 * interval and the percentile bootstrap over clips:
 *
 *   node dist/benchmarks/bench/siteIntervals.js [SITES]          default: 1000 of each kind
 *
 * A site has clips, each with a mean of its own, and labelled frames around it (beta distributions). Kinds: `good`
 * (mean 0.88, deviation between clips 0.06), `usual` (0.75, 0.15), `poor` (0.5, 0.22), and `mixed`: 15 clips in 100
 * fail (0.2), the others are good (0.85).
 */
import { pathToFileURL } from "node:url";
import { Random } from "../src/core/random.ts";
import { bootstrap, percentileRange } from "../src/metrics/bootstrap.ts";
import { type Clusters, differenceInterval, scoreInterval } from "../src/metrics/clusterMean.ts";
import { meanOf } from "../src/metrics/statistics.ts";

interface Kind {
  /** The mean over all clips that there could be. */
  readonly truth: number;
  /** A clip's mean. */
  readonly draw: (random: Random) => number;
}

/** Kinds of sites by name. */
export const siteKinds: Readonly<Record<string, Kind>> = {
  good: { truth: 0.88, draw: (random) => beta(random, 0.88, 0.06) },
  usual: { truth: 0.75, draw: (random) => beta(random, 0.75, 0.15) },
  poor: { truth: 0.5, draw: (random) => beta(random, 0.5, 0.22) },
  mixed: {
    truth: 0.85 * 0.85 + 0.15 * 0.2,
    draw: (random) => (random.chance(0.15) ? beta(random, 0.2, 0.12) : beta(random, 0.85, 0.056)),
  },
};

/** How much is labelled. */
export interface LabelledSize {
  readonly clips: number;
  readonly frames: number;
}

const SIZES: readonly LabelledSize[] = [
  { clips: 3, frames: 5 },
  { clips: 5, frames: 5 },
  { clips: 10, frames: 3 },
  { clips: 20, frames: 3 },
  { clips: 40, frames: 2 },
  { clips: 100, frames: 1 },
];
/** Deviation of frames within a clip, where its mean leaves room for it. */
const WITHIN = 0.07;

const METHODS = {
  interval: (clips: Clusters) => scoreInterval(clips),
  t: (clips: Clusters) => differenceInterval(clips),
  bootstrap: (clips: Clusters, seed: number) =>
    percentileRange(bootstrap(clips, (drawn) => meanOf(drawn.flat()), { draws: 400, seed })),
};
/** What makes an interval. */
export type IntervalMethod = keyof typeof METHODS;

/** The share of `sites` sites in which a method's interval covers the truth, and its median width. */
export function coverageOf(method: IntervalMethod, { truth, draw }: Kind, size: LabelledSize, sites: number, seed = 1) {
  const random = new Random(seed);
  const widths: number[] = [];
  let covering = 0;
  for (let site = 0; site < sites; site++) {
    const { low, high } = METHODS[method](labelledSite(random, draw, size), site);
    if (low <= truth && truth <= high) covering++;
    widths.push(high - low);
  }
  return { covers: covering / sites, width: widths.toSorted((a, b) => a - b)[sites >> 1] };
}

function labelledSite(random: Random, draw: Kind["draw"], { clips, frames }: LabelledSize): number[][] {
  return Array.from({ length: clips }, () => {
    const mean = draw(random);
    const deviation = Math.min(WITHIN, 0.5 * Math.sqrt(mean * (1 - mean)));
    return Array.from({ length: frames }, () => beta(random, mean, deviation));
  });
}

/** A beta variate by its mean and deviation: of two gamma variates. */
function beta(random: Random, mean: number, deviation: number): number {
  const size = (mean * (1 - mean)) / deviation ** 2 - 1;
  const [a, b] = [gamma(random, mean * size), gamma(random, (1 - mean) * size)];
  // Both are 0 for tiny shapes: the variate is then at one of its ends.
  return a + b > 0 ? a / (a + b) : Number(random.chance(mean));
}

/** Marsaglia & Tsang, ACM TOMS 26 (2000). */
function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * (1 - random.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = random.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function printTable(sites: number): void {
  process.stdout.write("| kind | clips × frames | interval in use | t | bootstrap |\n|---|---|---|---|---|\n");
  for (const [name, kind] of Object.entries(siteKinds))
    for (const size of SIZES) {
      const cells = (Object.keys(METHODS) as IntervalMethod[]).map((method) => {
        const { covers, width } = coverageOf(method, kind, size, sites);
        return `${(100 * covers).toFixed(1)} % (${width.toFixed(2)})`;
      });
      process.stdout.write(`| ${name} | ${size.clips} × ${size.frames} | ${cells.join(" | ")} |\n`);
    }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) printTable(Number(process.argv[2] ?? 1000));
