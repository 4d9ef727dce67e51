/** @file What the parts are fed for a batch. */
import type { Random } from "../core/random.ts";
import { cellMeans } from "../method/cellDescriptors.ts";
import { motionInView } from "./motionMaps.ts";
import type { Material, PictureMaterial, TemporalPair, ViewPair } from "./parts/material.ts";
import type { PartFeeds } from "./parts/inputs.ts";
import type { RunParts } from "./runParts.ts";

/**
 * Inputs by name, for all parts.
 * @param pairs those apart in time.
 * @param views those that a part cut for itself.
 */
export async function partFeeds(
  run: RunParts,
  pairs: readonly TemporalPair[],
  views: readonly ViewPair[],
  random: Random,
): Promise<PartFeeds> {
  const material = materialOf(run, pairs, views);
  const all: Record<string, PartFeeds[string]> = {};
  // One after the other: all draw from the same random numbers.
  for (const part of run.active) Object.assign(all, await part.feeds?.(material, random));
  return all;
}

function materialOf(run: RunParts, pairs: readonly TemporalPair[], views: readonly ViewPair[]): Material {
  const { settings, plan, active } = run;
  const motion = pairs.map((pair) => pair.motion.map((map) => motionInView(map, pair.frame, pair.view, settings.size)));
  const strengths = motion.flatMap(([target]) =>
    target === undefined ? [] : [cellMeans(target.strength, target, plan.stride)],
  );
  const pictures: PictureMaterial = { pairs, motion, strengths };
  const regions = active.find((part) => part.regions !== undefined)?.regions?.(pictures);
  return { ...pictures, regions, views };
}
