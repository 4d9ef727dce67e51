/**
 * @file How often the 95 % interval of a site's mean IoU covers the truth, on simulated sites:
 *
 *   node scripts/siteIntervals.js [SITES]          default: 1000 of each kind
 *
 * A site has clips, each with a mean of its own, and labelled frames around it (beta distributions). Kinds: `good`
 * (mean 0.88, deviation between clips 0.06), `usual` (0.75, 0.15), `poor` (0.5, 0.22), and `mixed`: 15 clips in 100
 * fail (0.2), the others are good (0.85). Beside the interval in use stand the plain t interval and the percentile
 * bootstrap over clips. Needs a build.
 */
import { pathToFileURL } from "node:url";
import { Random } from "../dist/core/random.js";
import { bootstrap, percentileRange } from "../dist/metrics/bootstrap.js";
import { differenceInterval, scoreInterval } from "../dist/metrics/clusterMean.js";
import { meanOf } from "../dist/metrics/statistics.js";

/** Of one clip's mean: how it is drawn, and the mean over all clips there could be. */
export const kinds = {
  good: { truth: 0.88, draw: (random) => beta(random, 0.88, 0.06) },
  usual: { truth: 0.75, draw: (random) => beta(random, 0.75, 0.15) },
  poor: { truth: 0.5, draw: (random) => beta(random, 0.5, 0.22) },
  mixed: {
    truth: 0.85 * 0.85 + 0.15 * 0.2,
    draw: (random) => (random.chance(0.15) ? beta(random, 0.2, 0.12) : beta(random, 0.85, 0.056)),
  },
};

const SIZES = [
  { clips: 3, frames: 5 },
  { clips: 5, frames: 5 },
  { clips: 10, frames: 3 },
  { clips: 20, frames: 3 },
  { clips: 40, frames: 2 },
  { clips: 100, frames: 1 },
];
/** Deviation of frames within a clip, where its mean leaves room for it. */
const WITHIN = 0.07;

const methods = {
  interval: (clips) => scoreInterval(clips),
  t: (clips) => differenceInterval(clips),
  bootstrap: (clips, seed) => percentileRange(bootstrap(clips, (drawn) => meanOf(drawn.flat()), { draws: 400, seed })),
};

/** For every method: the share of sites in which it covers the truth, and its median width. */
export function coverage(kind, { clips, frames }, sites, names = Object.keys(methods), seed = 1) {
  const random = new Random(seed);
  const { truth, draw } = kinds[kind];
  const found = Object.fromEntries(names.map((name) => [name, []]));
  for (let site = 0; site < sites; site++) {
    const labelled = Array.from({ length: clips }, () => {
      const mean = draw(random);
      const deviation = Math.min(WITHIN, 0.5 * Math.sqrt(mean * (1 - mean)));
      return Array.from({ length: frames }, () => beta(random, mean, deviation));
    });
    for (const name of names) found[name].push(methods[name](labelled, site));
  }
  const summed = names.map((name) => {
    const covering = found[name].filter(({ low, high }) => low <= truth && truth <= high).length;
    const widths = found[name].map(({ low, high }) => high - low).sort((a, b) => a - b);
    return [name, { covers: covering / sites, width: widths[sites >> 1] }];
  });
  return Object.fromEntries(summed);
}

/** A beta variate by its mean and deviation: of two gamma variates (Marsaglia & Tsang 2000). */
function beta(random, mean, deviation) {
  const size = (mean * (1 - mean)) / deviation ** 2 - 1;
  const [a, b] = [gamma(random, mean * size), gamma(random, (1 - mean) * size)];
  // Both are 0 for tiny shapes: the variate is then at one of its ends.
  return a + b > 0 ? a / (a + b) : Number(random.chance(mean));
}

function gamma(random, shape) {
  if (shape < 1) return gamma(random, shape + 1) * (1 - random.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = random.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function printTable(sites) {
  const percent = ({ covers, width }) => `${(100 * covers).toFixed(1)} % (${width.toFixed(2)})`;
  process.stdout.write(`| kind | clips × frames | interval in use | t | bootstrap |\n|---|---|---|---|---|\n`);
  for (const kind of Object.keys(kinds))
    for (const size of SIZES) {
      const { interval, t, bootstrap: drawn } = coverage(kind, size, sites);
      const cells = [`${size.clips} × ${size.frames}`, ...[interval, t, drawn].map(percent)];
      process.stdout.write(`| ${kind} | ${cells.join(" | ")} |\n`);
    }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) printTable(Number(process.argv[2] ?? 1000));
