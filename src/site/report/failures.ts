/** @file Why masks are wrong, as far as areas tell: shares of the things whose IoU is below one half. */
import type { FoundMask, Observation } from "../observations.ts";

/**
 * `lost`: nothing was tracked where the thing is; `ghost`: something was, where nothing is; `small`: the thing covers
 * less than 1/1000 of the frame; `leaked`: the mask is more than half as large again; `eaten`: less than two thirds;
 * `elsewhere`: of about the right size, at the wrong place.
 */
export const FAILURES = ["lost", "ghost", "small", "leaked", "eaten", "elsewhere"] as const;
export type Failure = (typeof FAILURES)[number];

/** How many, and which share of all things in verdict frames. */
export interface FailureShare {
  readonly failure: Failure;
  readonly count: number;
  readonly share: number;
}

/** An IoU from here on is right. */
const RIGHT = 0.5;
const SMALL = 1 / 1000;

/** Undefined where it is right. */
export function failureOf({ iou, area, trueArea, frameArea }: FoundMask): Failure | undefined {
  if (iou >= RIGHT) return undefined;
  if (trueArea === 0) return "ghost";
  if (area === 0) return "lost";
  if (trueArea < SMALL * frameArea) return "small";
  if (area > 1.5 * trueArea) return "leaked";
  return area < trueArea / 1.5 ? "eaten" : "elsewhere";
}

/** The kinds that occur, the most frequent first. */
export function failuresOf(observations: readonly Observation[]): FailureShare[] {
  const masks = observations.flatMap(({ found }) => (found.kind === "mask" ? [found] : []));
  const failures = masks.flatMap((found) => failureOf(found) ?? []);
  return FAILURES.map((failure) => {
    const count = failures.filter((one) => one === failure).length;
    return { failure, count, share: count / masks.length };
  })
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}
