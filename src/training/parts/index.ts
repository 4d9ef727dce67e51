/** @file The parts of the method, in the order of their blocks in the configuration and of their losses. */
import { adaptiveFusion } from "./adaptiveFusion.ts";
import { cycleConsistency } from "./cycleConsistency.ts";
import { motionEnhancement } from "./motionEnhancement.ts";
import { multiClusterSampler } from "./multiClusterSampler.ts";
import { pseudoMotion } from "./pseudoMotion.ts";
import { reconstruction } from "./reconstruction.ts";
import { valueExtraction } from "./valueExtraction.ts";

/** All parts. A new one is a file in this folder and a line here. */
export const parts = [
  reconstruction,
  motionEnhancement,
  valueExtraction,
  multiClusterSampler,
  adaptiveFusion,
  cycleConsistency,
  pseudoMotion,
] as const;

/** Names of the parts' blocks in the configuration. */
export type PartKey = (typeof parts)[number]["key"];
