/** @file Label propagation as a method of the benchmark. */
import type { Threads } from "../../core/machine.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import { propagateMasks } from "../../tracking/propagation.ts";
import type { Mode } from "../../tracking/modes.ts";
import type { Protocol } from "../../tracking/protocols.ts";
import type { MaskMethod } from "./davisBenchmark.ts";

/** What tracks, and how. */
export interface TrackedMasksOptions extends Threads {
  /** Stays open; the caller disposes of it. */
  readonly encoder: FeatureExtractor;
  readonly protocol: Protocol;
  /** Default `exact`. */
  readonly mode?: Mode | undefined;
}

/** The tracker with this encoder and protocol. */
export function trackedMasks(options: TrackedMasksOptions): MaskMethod {
  return {
    async *carry(source, first) {
      const firstName = `the first mask of ${source.path}`;
      for await (const { labels } of propagateMasks({ ...options, source, first, firstName })) yield labels;
    },
  };
}
