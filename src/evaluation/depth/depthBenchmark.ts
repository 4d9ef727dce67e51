/** @file Rendered layers that colours cannot tell apart, tracked with their depth and without; J and F against the exact masks. */
import Table from "cli-table3";
import { objectsIn, type SequenceScore, sequenceScorer } from "../../metrics/davis.ts";
import { meanOf } from "../../metrics/statistics.ts";
import { layeredClip, type LayeredClipOptions, type LayeredFrame } from "../../synthetic/layeredClip.ts";
import { propagateMasks } from "../../tracking/propagation.ts";
import { frameList } from "../../video/frameList.ts";
import { type ConfidenceBenchmarkOptions, observeAll } from "../confidence/confidenceBenchmark.ts";
import type { TrackingSetup } from "../confidence/objectObservations.ts";

/** Which clips. */
export interface DepthBenchmarkOptions extends ConfidenceBenchmarkOptions {
  /** Clips with seeds 1, 2, … */
  readonly seeds: number;
  /** Of all of them. */
  readonly clip?: Omit<LayeredClipOptions, "seed">;
}

/** A clip, tracked both ways; the given frame is not scored. */
export interface LayeredScore {
  readonly seed: number;
  readonly without: SequenceScore;
  readonly with: SequenceScore;
}

/** J&F of all clips. */
export interface DepthScore {
  readonly clips: readonly LayeredScore[];
  readonly without: number;
  readonly with: number;
}

/**
 * Tracks the clips; existing scores with the same identity are kept.
 * @throws UserError those of rendering, tracking and writing
 */
export async function evaluateDepth(setup: TrackingSetup, options: DepthBenchmarkOptions): Promise<DepthScore> {
  const { seeds, clip, signal } = options;
  const names = Array.from({ length: seeds }, (_, i) => `seed-${i + 1}`);
  const observe = async (name: string): Promise<LayeredScore[]> => {
    const seed = names.indexOf(name) + 1;
    const frames = [...layeredClip({ ...clip, seed })];
    const without = await trackLayers(frames, setup, { depth: false, signal });
    return [{ seed, without, with: await trackLayers(frames, setup, { depth: true, signal }) }];
  };
  const clips = await observeAll(names, observe, options);
  const mean = (key: "with" | "without"): number => meanOf(clips.map((score) => score[key].JF_mean));
  return { clips, without: mean("without"), with: mean("with") };
}

/** Tracks from the first mask. */
async function trackLayers(
  frames: readonly LayeredFrame[],
  setup: TrackingSetup,
  { depth, signal }: { depth: boolean; signal: AbortSignal | undefined },
): Promise<SequenceScore> {
  const [{ labels: first }] = frames;
  const source = frameList(
    frames.map(({ frame }) => frame),
    "the rendered layers",
  );
  const scorer = sequenceScorer(objectsIn(first), "background");
  const known = depth ? { at: async (index: number) => frames[index].depth } : undefined;
  for await (const { frame, labels } of propagateMasks({ ...setup, source, first, depth: known, signal }))
    if (frame.index > 0) scorer.add(labels, frames[frame.index].labels);
  return scorer.score();
}

const row = (without: number, known: number): string[] =>
  [without, known, known - without].map((value) => value.toFixed(3));

/** A row of each clip, then all. Lines without a last line break. */
export function depthTable({ clips, ...all }: DepthScore): string {
  const head = ["seed", "objects", "J&F without depth", "J&F with depth", "gain"];
  const table = new Table({ head, colAligns: head.map(() => "right"), style: { head: [], border: [], compact: true } });
  const objects = clips.map((clip) => Object.keys(clip.with.objects).length);
  for (const [i, clip] of clips.entries())
    table.push([clip.seed, objects[i], ...row(clip.without.JF_mean, clip.with.JF_mean)]);
  table.push([], ["all", objects.reduce((sum, count) => sum + count, 0), ...row(all.without, all.with)]);
  return table.toString();
}
