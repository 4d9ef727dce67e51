/** @file A label plan as data. */
import type { Spread } from "../../metrics/clusterMean.ts";
import type { ListedFrame } from "./planPictures.ts";

/** What is wanted of a plan. */
export interface PlanWishes {
  /** How far the interval of the mean IoU may reach to each side. */
  readonly reach: number;
  /** The longest passage, seconds. */
  readonly passageSec: number;
  /** Passages to label; null: as many as `reach` needs. */
  readonly passages: number | null;
  /** Frames for tuning and corrections; null: one for every other passage, at least 5. */
  readonly tuning: number | null;
}

/** What labels and tracking have shown; undefined: not enough yet to tell. */
export interface SeenSoFar {
  /** Of IoU. */
  readonly spread: Spread | undefined;
  readonly objectsPerFrame: number | undefined;
}

/** Of a site's first plan. */
export const USUAL_WISHES: PlanWishes = { reach: 0.03, passageSec: 10, passages: null, tuning: null };

/** `plan/plan.json`. */
export interface Plan {
  readonly passages: number;
  /** Verdict frames of a passage. */
  readonly perPassage: number;
  /** What was asked for: a plan that is made again without a word on it keeps to it. */
  readonly asked: PlanWishes;
  /** Passages that the footage has. */
  readonly available: number;
  /** How far the interval will reach as far as `spread` holds. */
  readonly reach: number;
  /** Seen in the labels so far, or assumed. */
  readonly spread: Spread & { readonly assumed: boolean };
  /** To label everything that has no label yet. */
  readonly labelSec: number;
  /** Masks counted to a frame in `labelSec`. */
  readonly objectsPerFrame: number;
  readonly frames: readonly ListedFrame[];
}
