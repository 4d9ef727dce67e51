/** @file A label plan as data. */
import type { Spread } from "../../metrics/clusterMean.ts";
import type { ListedFrame } from "./planPictures.ts";

/** `plan/plan.json`. */
export interface Plan {
  readonly passages: number;
  /** Verdict frames of a passage. */
  readonly perPassage: number;
  /** Passages that the footage has. */
  readonly available: number;
  /** How far the interval was wanted to reach, and how far it will as far as `spread` holds. */
  readonly wantedReach: number;
  readonly reach: number;
  /** Seen in the labels so far, or assumed. */
  readonly spread: Spread & { readonly assumed: boolean };
  /** To label everything that has no label yet. */
  readonly labelSec: number;
  /** Masks counted to a frame in `labelSec`. */
  readonly objectsPerFrame: number;
  readonly frames: readonly ListedFrame[];
}
