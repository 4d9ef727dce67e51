/**
 * @file The multi-cluster sampler, MCS: candidates come from clusters of cells, as log-priors on the affinity. The
 * method: `method/multiClusterSampler.ts`.
 */
import { z } from "zod";
import { ownRegionShare, regionLoss } from "../../method/adaptiveFusionLoss.ts";
import { type SampledClusters, sampleClusters, samplerDefaults } from "../../method/multiClusterSampler.ts";
import { priorKeys } from "../../method/samplingPrior.ts";
import { shiftedWindowData, type ShiftedWindows, TILE } from "../../method/shiftedWindows.ts";
import { windowCentres } from "../../method/windowCentres.ts";
import { matmul, reshape, resizeBilinear, slice, type Tensor } from "../../tensor/index.ts";
import type { PictureMaterial } from "./material.ts";
import { fed, inARow, type Inputs, type PartFeeds } from "./inputs.ts";
import { type ActivePart, definePart, type PartRun } from "./part.ts";
import { type BatchPlan, referencesOf } from "./plan.ts";
import { type AffinityGuide, perScene } from "./scene.ts";

const schema = z.strictObject({
  enabled: z.boolean().default(false).describe("Candidates from clusters (MCS)."),
  clusters: z.int().min(2).max(32).default(12).describe("Number of clusters K."),
  windowCentres: z
    .boolean()
    .default(false)
    .describe(
      "Centres windows where their tile of cells is found again, coarse to fine, instead of on the tile itself.",
    ),
});

type Own = z.output<typeof schema>;

export const multiClusterSampler = definePart({
  key: "multiClusterSampler",
  schema,
  traits: () => ({ motion: true }),
  on(own, run) {
    const inputs = { ...regionInputs(own, run.plan), ...(own.windowCentres ? windowInputs(run) : {}) };
    return {
      regions: (material) => regionsOf(own, run, material),
      inputs,
      feeds: ({ regions = [] }) => ({
        ...regionFeeds(own, run.plan, regions),
        ...(own.windowCentres ? windowFeeds(run, regions) : {}),
      }),
      ...(run.traits.rebuilds ? graphOf(own, run) : {}),
    };
  },
});

function regionInputs({ clusters }: Own, { temporal, references, cells }: BatchPlan) {
  return {
    /** Regions of the targets, one-hot. */
    regions: { shape: [temporal, clusters, cells, cells] },
    /** Regions of the references, one-hot, reference by reference. */
    referenceRegions: { shape: [references * temporal, clusters, cells, cells] },
    /** Log-prior of a candidate (column) for a target cell (row) by their regions. */
    logPrior: { shape: [temporal, clusters, clusters] },
  } satisfies Inputs;
}

/** Where the windows lie in the references, see `ShiftedWindows`. */
function windowInputs({ settings: { radius }, plan: { temporal, references, cells } }: PartRun) {
  const tiles = Math.ceil(cells / TILE) ** 2;
  const side = TILE + 2 * radius;
  return {
    windowRows: { shape: [references * temporal, tiles, side, cells] },
    windowColumns: { shape: [references * temporal, cells, tiles * side] },
  } satisfies Inputs;
}

/** The affinity keeps to the sampled candidates; how far it does so without the prior's help can be a loss. */
function graphOf(own: Own, run: PartRun): Pick<ActivePart, "guide" | "importance" | "terms"> {
  const { size } = run.settings;
  const { ownShareCounts, regionConsistency } = run.traits;
  const sampled = perScene(() => sampledRegions(own, run));
  const share = perScene((scene) => {
    const { own: target, references } = sampled(scene);
    return ownRegionShare(scene.affinity, target, references);
  });
  return {
    guide: sampled,
    importance: (scene) => (ownShareCounts ? { ownShare: resizeBilinear(share(scene), size, size) } : {}),
    terms: [
      {
        name: "region",
        role: regionConsistency ? "minimised" : "watched",
        loss: (scene) => regionLoss(share(scene)),
      },
    ],
  };
}

/** Regions of the targets and of each reference, one-hot `[Pr, K, h, w]`, and what they make of the affinity. */
interface SampledRegions extends AffinityGuide {
  readonly own: Tensor;
  readonly references: readonly Tensor[];
}

function sampledRegions(own: Own, run: PartRun): SampledRegions {
  const inputs = regionInputs(own, run.plan);
  const { temporal, cells } = run.plan;
  const regions = fed(inputs, "regions");
  const references = byReference(fed(inputs, "referenceRegions"), run.plan);
  const flat = reshape(regions, [temporal, own.clusters, cells * cells]);
  const queries = reshape(matmul(fed(inputs, "logPrior"), flat, { transposeA: true }), regions.shape);
  const shifts = own.windowCentres ? shiftsOf(run) : undefined;
  return { own: regions, references, prior: { queries, keys: references }, shifts };
}

function shiftsOf(run: PartRun): ShiftedWindows[] {
  const inputs = windowInputs(run);
  const rows = byReference(fed(inputs, "windowRows"), run.plan);
  const columns = byReference(fed(inputs, "windowColumns"), run.plan);
  return rows.map((ofReference, r) => ({ rows: ofReference, columns: columns[r] }));
}

/** `[R·Pr, …]` as R tensors `[Pr, …]`. */
function byReference(x: Tensor, plan: BatchPlan): Tensor[] {
  return referencesOf(plan).map((r) => slice(x, 0, (r - 1) * plan.temporal, plan.temporal));
}

function regionsOf(
  { clusters }: Own,
  { settings: { size }, plan: { stride } }: PartRun,
  { pairs, motion }: PictureMaterial,
): SampledClusters[] {
  return pairs.map(({ labs }, p) => {
    const frames = labs.map((lab, i) => ({ lab, strength: motion[p][i].strength }));
    return sampleClusters(frames, { width: size, height: size }, stride, { ...samplerDefaults, clusters });
  });
}

function regionFeeds({ clusters }: Own, plan: BatchPlan, regions: readonly SampledClusters[]): PartFeeds {
  return {
    regions: inARow(regions.map((sample) => priorKeys(sample, 0, clusters))),
    referenceRegions: inARow(
      referencesOf(plan).flatMap((r) => regions.map((sample) => priorKeys(sample, r, clusters))),
    ),
    logPrior: inARow(regions.map((sample) => padded(sample, clusters))),
  };
}

/** Where the windows of each target lie in its references, reference by reference. */
function windowFeeds({ settings: { radius }, plan }: PartRun, regions: readonly SampledClusters[]): PartFeeds {
  const windows = referencesOf(plan).flatMap((r) =>
    regions.map((sample) => shiftedWindowData(windowCentres(sample, r), sample.grid, radius)),
  );
  return {
    windowRows: inARow(windows.map(({ rows }) => rows)),
    windowColumns: inARow(windows.map(({ columns }) => columns)),
  };
}

/** The log-prior `[K, K]` of the clusters found, in a table of the clusters asked for; the rest is never looked up. */
function padded({ logPrior, clusters: found }: SampledClusters, clusters: number): Float32Array {
  const table = new Float32Array(clusters * clusters);
  for (let row = 0; row < found; row++) table.set(logPrior.subarray(row * found, (row + 1) * found), row * clusters);
  return table;
}
