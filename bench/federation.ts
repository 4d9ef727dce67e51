/**
 * @file Learning over four rendered sites that look different, beside each site alone and all footage in one place:
 *
 *   node dist/benchmarks/bench/federation.js DIR [--rounds 2] [--steps 20] [--clips 4] [--frames 24] [--rows 64] [--seed 1]
 *
 * Every arm is a federation of its own, by the same code with the same number of steps from the same random weights: of four
 * sites, of one site each, and of one site that has the footage of all. Scored are clips that nobody learned from, tracked from
 * the exact mask of their first frame. What is done is kept in DIR: run again, it goes on. With `--arm NAME` one
 * arm is learned and nothing scored, so that several can be learned at the same time.
 */
import Table from "cli-table3";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { isThere, writeFileAtomic } from "../src/core/files.ts";
import { silent, type Logger } from "../src/core/log.ts";
import type { FederationSettings } from "../src/federation/federationFile.ts";
import { readFederation } from "../src/federation/readFederation.ts";
import { regionsOf } from "../src/evaluation/drift/madeBenchmark.ts";
import { trackedMasks } from "../src/evaluation/benchmarks/trackedMasks.ts";
import { meanOf } from "../src/metrics/statistics.ts";
import { serveFederation } from "../src/server/federation/serveFederation.ts";
import { TokenFile } from "../src/server/security/tokens.ts";
import { busyLine } from "../src/synthetic/busyLine.ts";
import { blurred, exposed, greyed, noisy } from "../src/synthetic/degraded/pictures.ts";
import { type LabelledFrame, renderProductionLine } from "../src/synthetic/productionLine.ts";
import { joinFederation } from "../src/tasks/federate/joinFederation.ts";
import { openTrialSetup } from "../src/tasks/site/trialSetup.ts";
import type { RgbPicture } from "../src/video/picture.ts";

/** How much is rendered and learned. */
export interface FederationBench {
  readonly rounds: number;
  readonly steps: number;
  /** Of each site to learn from. */
  readonly clips: number;
  readonly frames: number;
  /** Pixels; the width is 16/9 of it. */
  readonly rows: number;
  readonly seed: number;
}

interface Look {
  readonly see: (picture: RgbPicture, index: number) => RgbPicture | Promise<RgbPicture>;
  readonly isBusy: boolean;
}

/** The sites: what is seen, and through which camera. */
const LOOKS: Readonly<Record<string, Look>> = {
  day: { see: (picture) => picture, isBusy: false },
  night: { see: (picture, index) => noisy(exposed(picture, -2), 8, index + 1), isBusy: false },
  grey: { see: (picture) => greyed(picture, 1), isBusy: false },
  busy: { see: (picture) => blurred(picture, 1), isBusy: true },
};
export const siteNames = Object.keys(LOOKS);

/** A clip of a site, frame by frame with its truth. */
export async function renderClip(site: string, clip: number, bench: FederationBench): Promise<LabelledFrame[]> {
  const { see, isBusy } = LOOKS[site];
  const size = { width: 2 * Math.round((8 / 9) * bench.rows), height: bench.rows };
  const seed = 1000 * bench.seed + 100 * siteNames.indexOf(site) + clip;
  const rendered = isBusy
    ? busyLine({ ...size, parts: 10, seed }).render()
    : renderProductionLine({ ...size, frames: bench.frames, seed });
  const frames = taken(rendered, isBusy ? BUSY_FROM : 0, bench.frames);
  return Promise.all(
    frames.map(async ({ frame, labels }, index) => {
      const { data } = await see(frame, index);
      return { frame: { ...frame, index, name: String(index).padStart(5, "0"), data }, labels };
    }),
  );
}

/** So many frames from one on; none after them is rendered. */
function taken(rendered: Iterable<LabelledFrame>, from: number, count: number): LabelledFrame[] {
  const frames: LabelledFrame[] = [];
  let index = 0;
  for (const frame of rendered) {
    if (index >= from) frames.push(frame);
    if (++index >= from + count) break;
  }
  return frames;
}

/** By then parts are in the picture. */
const BUSY_FROM = 40;

/** Writes a site's footage where it is not there yet. @returns its folder */
async function footageOf(dir: string, site: string, bench: FederationBench): Promise<string> {
  const folder = join(dir, "footage", site);
  for (let clip = 0; clip < bench.clips; clip++) {
    const place = join(folder, `clip-${clip + 1}`);
    if (await isThere(join(place, `${String(bench.frames - 1).padStart(5, "0")}.png`))) continue;
    for (const { frame } of await renderClip(site, clip, bench)) {
      const raw = { width: frame.width, height: frame.height, channels: 3 as const };
      await writeFileAtomic(join(place, `${frame.name}.png`), await sharp(frame.data, { raw }).png().toBuffer());
    }
  }
  return folder;
}

/** One federation to its end. @param sites their footage @returns the common weights */
async function learn(
  dir: string,
  sites: Readonly<Record<string, readonly string[]>>,
  bench: FederationBench,
  logger: Logger,
): Promise<string> {
  const data = join(dir, "coordinator");
  const settings: FederationSettings = {
    rounds: bench.rounds,
    minimumSites: Object.keys(sites).length,
    steps: bench.steps,
    deadlineMinutes: 600,
    seed: bench.seed,
    config: { variant: "nano", size: 64, pairs: 3, learningRate: 1e-3 },
  };
  const weights = join(data, "weights.safetensors");
  if (
    (await isThere(weights)) &&
    (await readFederation(data)).rounds.at(-1)?.ended !== null &&
    (await isAll(data, bench))
  )
    return weights;
  const tokens = new TokenFile(data);
  const known = (await tokens.list()).map(({ name }) => name);
  for (const name of Object.keys(sites)) if (known.includes(name)) await tokens.revoke(name);
  const own = new Map<string, string>();
  for (const name of Object.keys(sites)) own.set(name, await tokens.create(name, ["federate"]));
  await using service = await serveFederation({ data, port: 0, settings, init: "none", logger, pollSeconds: 1 });
  // One after the other would wait for each other; two cores are shared by all.
  await Promise.all(
    Object.entries(sites).map(([name, footage]) =>
      joinFederation(
        { url: service.url, token: own.get(name) ?? "", footage, out: join(dir, name), cache: join(dir, "cache") },
        { logger: silent, machine: { device: "cpu", threads: 1 }, signal: new AbortController().signal },
      ),
    ),
  );
  return weights;
}

const isAll = async (data: string, { rounds }: FederationBench): Promise<boolean> =>
  (await readFederation(data)).rounds.length === rounds;

/** Clips of each site that are scored, in pictures in which parts are some cells large. */
const TEST_CLIPS = 1;
const TEST_ROWS = 160;

/** Mean J by site, of clips that nobody learned from. */
export async function scoresOf(weights: string, bench: FederationBench): Promise<number[]> {
  await using opened = await openTrialSetup(weights, {}, { device: "cpu", threads: 2 });
  // Labels are only copied, and always: what counts is what the weights have learned.
  const setup = { ...opened, protocol: { ...opened.protocol, target: "none", visibility: "always" } as const };
  const scores: number[] = [];
  for (const site of siteNames) {
    const own: number[] = [];
    for (let i = 0; i < TEST_CLIPS; i++) {
      const frames = await renderClip(site, 50 + i, { ...bench, rows: TEST_ROWS });
      own.push(meanOf((await regionsOf(site, frames, trackedMasks(setup), undefined)).map(meanOf)));
    }
    scores.push(meanOf(own));
  }
  return scores;
}

type Arm = readonly [name: string, sites: Readonly<Record<string, readonly string[]>>];

/** Every arm with the footage of its sites. */
async function armsOf(dir: string, bench: FederationBench): Promise<Arm[]> {
  const footage = new Map<string, string>();
  for (const site of siteNames) footage.set(site, await footageOf(dir, site, bench));
  const of = (...sites: readonly string[]): string[] => sites.map((site) => footage.get(site) ?? "");
  return [
    ["federated", Object.fromEntries(siteNames.map((site) => [site, of(site)]))],
    ["one place", { all: of(...siteNames) }],
    ...siteNames.map((site): Arm => [`${site} alone`, { [site]: of(site) }]),
  ];
}

const placeOf = (dir: string, name: string): string => join(dir, name.replaceAll(" ", "-"));

/** All arms: a name, and the mean J at each site. @param only the arm that is learned, without scores; default: all */
export async function federationBench(
  dir: string,
  bench: FederationBench,
  logger: Logger,
  only?: string,
): Promise<Map<string, readonly number[]>> {
  const arms = (await armsOf(dir, bench)).filter(([name]) => only === undefined || name === only);
  const results = new Map<string, readonly number[]>();
  for (const [name, sites] of arms) {
    logger.info(name);
    const place = placeOf(dir, name);
    const weights = await learn(place, sites, bench, logger);
    if (only !== undefined) continue;
    if (results.size === 0)
      results.set(
        "random weights",
        await scoresOf(join(place, "coordinator", "weights", await initialOf(place)), bench),
      );
    results.set(name, await scoresOf(weights, bench));
  }
  return results;
}

const initialOf = async (place: string): Promise<string> =>
  `${(await readFederation(join(place, "coordinator"))).initial}.safetensors`;

function textOption(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** The number after an option. */
const option = (name: string, usual: number): number => Number(textOption(name) ?? usual);

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(dir: string): Promise<void> {
  const bench: FederationBench = {
    rounds: option("--rounds", 2),
    steps: option("--steps", 20),
    clips: option("--clips", 4),
    frames: option("--frames", 24),
    rows: option("--rows", 64),
    seed: option("--seed", 1),
  };
  const results = await federationBench(dir, bench, { info: tell, warn: tell, progress() {} }, textOption("--arm"));
  if (results.size === 0) return;
  const table = new Table({ head: ["J, %", ...siteNames, "mean"] });
  for (const [name, scores] of results)
    table.push([name, ...[...scores, meanOf(scores)].map((score) => (100 * score).toFixed(1))]);
  process.stdout.write(`${table.toString()}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main(process.argv[2]);
