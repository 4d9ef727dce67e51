/** @file What an ablation compares: each row switches on the parts that it names, on top of one base configuration. */
import type { TrainingConfigInput } from "../../training/config.ts";
import type { PartKey } from "../../training/parts/index.ts";

/** The blocks of the configuration that a row may set: one for each part of the method. */
export type PartSettings = Pick<TrainingConfigInput, PartKey>;

/** One row of the table. */
export interface AblationRow {
  /** Folder and option name. */
  readonly name: string;
  readonly title: string;
  /** Keys that differ from the base; undefined = not trained at all. */
  readonly parts: PartSettings | undefined;
  /** The row that it adds a part to. */
  readonly over?: string;
}

const on = { enabled: true } as const;
const mee = { motionEnhancement: on };
const ven = { ...mee, valueExtraction: on };
const mcs = { ...ven, multiClusterSampler: on };
const fusion = { ...mcs, adaptiveFusion: on };
/** The fusion loss with one of its three things only. */
const fusionOnly = (what: "learnedWeights" | "importance" | "regionConsistency"): PartSettings => ({
  ...mcs,
  adaptiveFusion: { enabled: true, learnedWeights: false, importance: false, regionConsistency: false, [what]: true },
});
const mer = { ...fusion, cycleConsistency: on };

/** Known correspondences between frames apart, by optical flow. @param pairs of the step's. */
const byFlow = (pairs: number): PartSettings["pseudoMotion"] => ({
  enabled: true,
  pairs,
  gaps: [2, 5, 8, 12],
  queries: 512,
  weight: 0.02,
  colourJitter: 0.1,
});

/** The rows in the order of the paper's parts; MER = everything that the paper names, details ours. */
export const ablationRows: readonly AblationRow[] = [
  { name: "untrained", title: "untrained", parts: undefined },
  {
    name: "cycle",
    title: "cycle consistency (CRW)",
    parts: { reconstruction: { enabled: false }, cycleConsistency: on },
  },
  { name: "reconstruction", title: "reconstruction (MAST)", parts: {} },
  { name: "mee", title: "+ motion enhancement", parts: mee, over: "reconstruction" },
  { name: "ven", title: "+ value extraction", parts: ven, over: "mee" },
  { name: "mcs", title: "+ multi-cluster sampler", parts: mcs, over: "ven" },
  { name: "fusion", title: "+ adaptive fusion loss, no cycle", parts: fusion, over: "mcs" },
  {
    name: "fusion-weights",
    title: "… only learned weights of the parts",
    parts: fusionOnly("learnedWeights"),
    over: "mcs",
  },
  { name: "fusion-importance", title: "… only importance", parts: fusionOnly("importance"), over: "mcs" },
  { name: "fusion-region", title: "… only region consistency", parts: fusionOnly("regionConsistency"), over: "mcs" },
  { name: "mer", title: "+ adaptive fusion loss = MER", parts: mer, over: "mcs" },
  {
    name: "flow",
    title: "correspondences by optical flow alone",
    parts: { reconstruction: { enabled: false }, pseudoMotion: byFlow(6) },
  },
  {
    name: "recipe",
    title: "reconstruction, value extraction, sampler, correspondences by flow",
    parts: { valueExtraction: on, multiClusterSampler: on, pseudoMotion: byFlow(3) },
    over: "reconstruction",
  },
  { name: "mer-pseudo", title: "MER + pseudo-motion", parts: { ...mer, pseudoMotion: on }, over: "mer" },
  { name: "pseudo", title: "reconstruction + pseudo-motion", parts: { pseudoMotion: on }, over: "reconstruction" },
];
