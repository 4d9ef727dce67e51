/** @file Label propagation as a method of the benchmark. */
import type { Threads } from "../../core/machine.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import { propagateMasks, type TrackedFrame } from "../../tracking/propagation.ts";
import type { Mode } from "../../tracking/modes.ts";
import type { Protocol } from "../../tracking/protocols.ts";
import type { FrameSource } from "../../video/frame.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import type { CorrectableMethod } from "./davisBenchmark.ts";

/** What tracks, and how. */
export interface TrackedMasksOptions extends Threads {
  /** Stays open; the caller disposes of it. */
  readonly encoder: FeatureExtractor;
  readonly protocol: Protocol;
  /** Default `exact`. */
  readonly mode?: Mode | undefined;
}

/** The tracker with this encoder and protocol. */
export function trackedMasks(options: TrackedMasksOptions): CorrectableMethod {
  const track = (source: FrameSource, first: LabelMap): AsyncIterable<TrackedFrame> =>
    propagateMasks({ ...options, source, first, firstName: `the first mask of ${source.path}` });
  return {
    async *carry(source, first) {
      for await (const { labels } of track(source, first)) yield labels;
    },
    async *correct(source, first, truthOf) {
      let index = 0;
      for await (const { labels, correct } of track(source, first)) {
        const truth = index === 0 ? undefined : await truthOf(index);
        index++;
        yield { labels, shown: truth && correct(truth) };
      }
    },
  };
}
