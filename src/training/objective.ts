/**
 * @file What a training step minimises: the parts that the configuration switches on, put together. Frames stand target by target,
 * then first references, and so on; of the P places, the first ones hold pseudo-motion views, the rest frames apart in time.
 */
import { Random } from "../core/random.ts";
import {
  fuse,
  importanceWeights,
  logVariance,
  ownRegionShare,
  regionLoss,
  sigmaParameters,
  varianceLoss,
  varianceParameters,
} from "../method/adaptiveFusionLoss.ts";
import { cycleLoss, nodesOf } from "../method/cycleConsistency.ts";
import { channelsOf, encoderVariant, type Parameters, strideOf } from "../method/encoder.ts";
import { type AffinityPrior, type LocalAffinity, localAffinity } from "../method/localAffinity.ts";
import { motionParameters } from "../method/motionEnhancement.ts";
import { pseudoMotionLoss } from "../method/pseudoMotion.ts";
import { reconstruct } from "../method/reconstruction.ts";
import { type ShiftedWindows, TILE } from "../method/shiftedWindows.ts";
import { valueLogits, valueLoss, valueMap, valueParameters, valueStatistics } from "../method/valueExtraction.ts";
import {
  add,
  input,
  l2Normalise,
  matmul,
  mean,
  mul,
  type ParameterSpec,
  type ParameterValues,
  reshape,
  resizeBilinear,
  sizeOf,
  slice,
  type Tensor,
} from "../tensor/index.ts";
import { fusionSwitches, type TrainingConfig } from "./config.ts";

/** Names of the inputs that parts of the objective need beside the frames; Pr pairs apart in time, h×w cells, K regions. */
export const PART_INPUTS = {
  /** `[P(1+R), 3, S, S]`: motion images F of all frames (MEE). */
  motion: "motion",
  /** `[Pr, 1, h, w]`: motion strength m̂ of the targets. */
  strength: "strength",
  /** `[Pr, 1, h, w]`: the same, 0 in frames where VEN has to do without it. */
  shownStrength: "shownStrength",
  /** `[Pr, 1, h, w]`: where things move, what VEN learns. */
  moving: "moving",
  /** `[Pr, K, h, w]`: regions of the targets, one-hot. */
  regions: "regions",
  /** `[R·Pr, K, h, w]`: regions of the references, one-hot. */
  referenceRegions: "referenceRegions",
  /** `[Pr, K, K]`: log-prior of a candidate (column) for a target cell (row) by their regions. */
  logPrior: "logPrior",
  /** `[R·Pr, T, S, h]` and `[R·Pr, w, T·S]`: where the windows lie in the references, see `ShiftedWindows`. */
  windowRows: "windowRows",
  windowColumns: "windowColumns",
  /** `[2R, Pr, n, n]`: dropped edges of the walk. */
  droppedEdges: "droppedEdges",
  /** `[Ps·N]` int32, `[Ps, N, h]`, `[Ps, N, w]`, `[Ps·N]`: see `Correspondences`. */
  pseudoQueries: "pseudoQueries",
  pseudoRows: "pseudoRows",
  pseudoColumns: "pseudoColumns",
  pseudoValid: "pseudoValid",
} as const;

/** How the places of a batch are used. */
export interface BatchPlan {
  /** Pseudo-motion pairs Ps, the first places of the batch. */
  readonly pseudo: number;
  /** Pairs apart in time Pr, the rest. */
  readonly temporal: number;
  readonly references: number;
  /** Feature cells to a side. */
  readonly cells: number;
  /** Nodes of the cycle's walk; 0 without it. */
  readonly nodes: number;
}

/** @returns how a configuration's batches are laid out. */
export function batchPlan(config: TrainingConfig): BatchPlan {
  const { pairs, references, size, pseudoMotion, cycleConsistency } = config;
  const cells = size / strideOf(encoderVariant(config.variant));
  const pseudo = pseudoMotion.enabled ? pseudoMotion.pairs : 0;
  const nodes = cycleConsistency.enabled ? nodesOf(cells, cells, cycleConsistency.patch) : 0;
  return { pseudo, temporal: pairs - pseudo, references, cells, nodes };
}

/** Learned parameters beside the encoder's. */
export function objectiveParameters(config: TrainingConfig): ParameterSpec[] {
  const { motionEnhancement, valueExtraction, variant } = config;
  const { importance, learnedWeights } = fusionSwitches(config);
  return [
    ...(motionEnhancement.enabled ? motionParameters : []),
    ...(valueExtraction.enabled ? valueParameters : []),
    ...(importance ? varianceParameters(channelsOf(encoderVariant(variant))) : []),
    ...(learnedWeights ? sigmaParameters(partNames(config).length) : []),
  ];
}

/** First values of the parts' parameters: He's normal initialisation (fan in) for convolutions, 0 for all others. */
export function initialPartValues(specs: readonly ParameterSpec[], seed: number): ParameterValues {
  const random = new Random(seed + 1);
  const value = ({ shape }: ParameterSpec): Float32Array => {
    const deviation = shape.length === 4 ? Math.sqrt(2 / sizeOf(shape.slice(1))) : 0;
    return Float32Array.from({ length: sizeOf(shape) }, () => deviation * random.normal());
  };
  return new Map(specs.map((spec) => [spec.name, { shape: spec.shape, data: value(spec) }]));
}

/** Names of the losses that are put together, in order. */
export function partNames(config: TrainingConfig): string[] {
  const { reconstruction, valueExtraction, cycleConsistency, pseudoMotion } = config;
  const { learnedWeights, importance, regionConsistency } = fusionSwitches(config);
  const weighted = importance || valueExtraction.enabled;
  const plain = !weighted || importance || learnedWeights;
  const rebuilt = [
    ...(plain ? ["reconstruction"] : []),
    ...(weighted ? ["weighted"] : []),
    ...(regionConsistency ? ["region"] : []),
  ];
  return [
    ...(reconstruction.enabled ? rebuilt : []),
    ...(cycleConsistency.enabled ? ["cycle"] : []),
    ...(pseudoMotion.enabled ? ["pseudoMotion"] : []),
  ];
}

/** The objective of a step. */
export interface Objective {
  /** What is minimised, a scalar. */
  readonly loss: Tensor;
  /** The losses by name, scalars. */
  readonly parts: Readonly<Record<string, Tensor>>;
  /** The hidden channel as copied from the references, `[Pr, 1, S, S]`; undefined without reconstruction. */
  readonly reconstruction?: Tensor;
  /** The value map of the targets `[Pr, 1, h, w]`, with VEN. */
  readonly value?: Tensor;
}

/** Features of the places: `frame(r)` gives target (0) or reference r of the pairs apart in time, `view(r)` of the pseudo-pairs. */
interface Places {
  frame(x: Tensor, r: number): Tensor;
  view(x: Tensor, r: number): Tensor;
}

/**
 * Builds the objective.
 * @param features of all frames `[P(1+R), d, h, w]`, not normalised.
 * @param hidden the hidden channel of all frames `[P(1+R), 1, S, S]`.
 */
export function objective(config: TrainingConfig, parameters: Parameters, features: Tensor, hidden: Tensor): Objective {
  const { pairs, similarity, temperature, variant } = config;
  const plan = batchPlan(config);
  const cosine = similarity === "cosine";
  const compared = cosine ? l2Normalise(features, 1) : features;
  const scale = cosine ? 1 / temperature : 1 / Math.sqrt(channelsOf(encoderVariant(variant)));
  const places: Places = {
    frame: (x, r) => slice(x, 0, r * pairs + plan.pseudo, plan.temporal),
    view: (x, r) => slice(x, 0, r * pairs, plan.pseudo),
  };
  const scene: Scene = { config, plan, parameters, features, compared, hidden, scale, places };
  const temporal = config.reconstruction.enabled ? reconstructionParts(scene) : undefined;
  const losses: Record<string, Tensor> = {
    ...temporal?.losses,
    ...(config.cycleConsistency.enabled ? { cycle: cyclePart(scene) } : {}),
    ...(config.pseudoMotion.enabled ? { pseudoMotion: pseudoMotionPart(scene) } : {}),
  };
  const names = partNames(config);
  const main = fusionSwitches(config).learnedWeights
    ? fuse(
        parameters,
        names.map((name) => losses[name]),
      )
    : names.map((name) => mul(losses[name], weightOf(config, name))).reduce((a, b) => add(a, b));
  const loss = (temporal?.learnt ?? []).reduce((a, b) => add(a, b), main);
  return {
    loss,
    parts: losses,
    ...(temporal === undefined ? {} : { reconstruction: temporal.reconstruction }),
    ...(temporal?.value === undefined ? {} : { value: temporal.value }),
  };
}

interface Scene {
  readonly config: TrainingConfig;
  readonly plan: BatchPlan;
  readonly parameters: Parameters;
  readonly features: Tensor;
  readonly compared: Tensor;
  readonly hidden: Tensor;
  readonly scale: number;
  readonly places: Places;
}

/** Where the parts are not fused with learned weights, the other losses have fixed factors beside the reconstruction's 1. */
function weightOf(config: TrainingConfig, name: string): number {
  if (name === "cycle") return config.cycleConsistency.weight;
  return name === "pseudoMotion" ? config.pseudoMotion.weight : 1;
}

/** References 1..R. */
function others({ references }: BatchPlan): number[] {
  return Array.from({ length: references }, (_, i) => i + 1);
}

/** Reconstruction, plain and weighted, and what is learned beside it: the value map and the log-variance. */
function reconstructionParts(scene: Scene) {
  const { config, plan, compared, hidden, places, scale } = scene;
  const regions = config.multiClusterSampler.enabled ? regionInputs(scene) : undefined;
  const affinity = localAffinity(
    places.frame(compared, 0),
    others(plan).map((r) => places.frame(compared, r)),
    { radius: config.radius, scale, prior: regions?.prior, shifts: windowShifts(config, plan) },
  );
  const target = places.frame(hidden, 0);
  const { reconstruction, error } = reconstruct(
    affinity,
    target,
    others(plan).map((r) => places.frame(hidden, r)),
  );
  const ownShare = regions === undefined ? undefined : ownRegionShare(affinity, regions.own, regions.references);
  const value = config.valueExtraction.enabled ? valuePart(scene, affinity) : undefined;
  const s = fusionSwitches(config).importance
    ? large(logVariance(scene.parameters, places.frame(scene.features, 0)), config.size)
    : undefined;
  const weights = importance(scene, { s, value: value?.map, ownShare });
  return {
    reconstruction,
    value: value?.map,
    losses: {
      reconstruction: mean(error),
      ...(weights === undefined ? {} : { weighted: mean(mul(error, weights)) }),
      ...(ownShare === undefined ? {} : { region: regionLoss(ownShare) }),
    },
    learnt: [...(value === undefined ? [] : [value.loss]), ...(s === undefined ? [] : [varianceLoss(error, s)])],
  };
}

function large(x: Tensor, size: number): Tensor {
  return resizeBilinear(x, size, size);
}

function importance(
  { config, plan }: Scene,
  { s, value, ownShare }: { s?: Tensor | undefined; value?: Tensor | undefined; ownShare?: Tensor | undefined },
): Tensor | undefined {
  const { size, valueExtraction, adaptiveFusion } = config;
  const fused = fusionSwitches(config).importance;
  const strength = (): Tensor => large(input(PART_INPUTS.strength, cellsOf(plan)), size);
  return importanceWeights({
    logVariance: s,
    value: value === undefined ? undefined : { map: large(value, size), gain: valueExtraction.gain },
    strength: fused ? { map: strength(), gain: adaptiveFusion.strengthGain } : undefined,
    ownShare: fused && ownShare !== undefined ? large(ownShare, size) : undefined,
  });
}

function cellsOf({ temporal, cells }: BatchPlan): number[] {
  return [temporal, 1, cells, cells];
}

function valuePart({ plan, parameters, compared, places, scale }: Scene, affinity: LocalAffinity) {
  const statistics = valueStatistics(affinity, places.frame(compared, 0), scale);
  const logits = valueLogits(parameters, statistics, input(PART_INPUTS.shownStrength, cellsOf(plan)));
  return { map: valueMap(logits), loss: valueLoss(logits, input(PART_INPUTS.moving, cellsOf(plan))) };
}

/** Regions as the graph sees them, and the sampler's prior from them. */
function regionInputs({ config, plan }: Scene): { own: Tensor; references: Tensor[]; prior: AffinityPrior } {
  const { clusters } = config.multiClusterSampler;
  const { temporal, references, cells } = plan;
  const own = input(PART_INPUTS.regions, [temporal, clusters, cells, cells]);
  const all = input(PART_INPUTS.referenceRegions, [references * temporal, clusters, cells, cells]);
  const keys = others(plan).map((r) => slice(all, 0, (r - 1) * temporal, temporal));
  const table = input(PART_INPUTS.logPrior, [temporal, clusters, clusters]);
  const flat = reshape(own, [temporal, clusters, cells * cells]);
  const queries = reshape(matmul(table, flat, { transposeA: true }), own.shape);
  return { own, references: keys, prior: { queries, keys } };
}

/** Where the windows lie in each reference, as fed; undefined around the cells' own places. */
function windowShifts({ multiClusterSampler, radius }: TrainingConfig, plan: BatchPlan): ShiftedWindows[] | undefined {
  if (!multiClusterSampler.enabled || !multiClusterSampler.windowCentres) return undefined;
  const { temporal, references, cells } = plan;
  const tiles = Math.ceil(cells / TILE) ** 2;
  const side = TILE + 2 * radius;
  const rows = input(PART_INPUTS.windowRows, [references * temporal, tiles, side, cells]);
  const columns = input(PART_INPUTS.windowColumns, [references * temporal, cells, tiles * side]);
  return others(plan).map((r) => ({
    rows: slice(rows, 0, (r - 1) * temporal, temporal),
    columns: slice(columns, 0, (r - 1) * temporal, temporal),
  }));
}

function cyclePart({ config, plan, features, places }: Scene): Tensor {
  const { references, temporal, nodes } = plan;
  const dropped = input(PART_INPUTS.droppedEdges, [2 * references, temporal, nodes, nodes]);
  const frames = [0, ...others(plan)].map((r) => places.frame(features, r));
  return cycleLoss(frames, dropped, config.cycleConsistency);
}

/** Each reference place of a pseudo-pair holds the same second view; the first one is used. */
function pseudoMotionPart({ config, plan, compared, places, scale }: Scene): Tensor {
  const { pseudo, cells } = plan;
  const { queries } = config.pseudoMotion;
  const at = {
    queries: input(PART_INPUTS.pseudoQueries, [pseudo * queries], "int32"),
    rows: input(PART_INPUTS.pseudoRows, [pseudo, queries, cells]),
    columns: input(PART_INPUTS.pseudoColumns, [pseudo, queries, cells]),
    valid: input(PART_INPUTS.pseudoValid, [pseudo * queries]),
  };
  return pseudoMotionLoss(places.view(compared, 0), places.view(compared, 1), at, scale);
}
