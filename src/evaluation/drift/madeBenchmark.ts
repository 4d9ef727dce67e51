/** @file Tracks clips made of footage without labels, whose truth is exact. */
import { objectsIn, sequenceScorer } from "../../metrics/davis.ts";
import type { LabelledFrame } from "../../synthetic/productionLine.ts";
import { frameList } from "../../video/frameList.ts";
import type { MaskMethod } from "../benchmarks/davisBenchmark.ts";
import { type ConfidenceBenchmarkOptions, observeAll } from "../confidence/confidenceBenchmark.ts";
import { type MadeClipScore, madeClipScore, type MadeScore, madeScore } from "./madeScore.ts";

/**
 * Scores all clips; existing scores with the same identity are kept.
 * @param clips make them; the i-th is kept as `<out>/clip-i.json`.
 * @throws UserError those of tracking and writing
 */
export async function evaluateMadeClips(
  clips: readonly (() => readonly LabelledFrame[])[],
  method: MaskMethod,
  options: ConfidenceBenchmarkOptions,
): Promise<MadeScore> {
  const byName = new Map(clips.map((make, i) => [`clip-${i + 1}`, make]));
  const observe = async (name: string): Promise<MadeClipScore[]> => {
    const frames = byName.get(name)?.() ?? [];
    return [madeClipScore(name, await regionsOf(name, frames, method, options.signal))];
  };
  return madeScore(await observeAll([...byName.keys()], observe, options));
}

/** J of every object of the first mask; as in DAVIS, the first and the last frame are not scored. */
export async function regionsOf(
  name: string,
  frames: readonly LabelledFrame[],
  method: MaskMethod,
  signal: AbortSignal | undefined,
): Promise<(readonly number[])[]> {
  const source = frameList(
    frames.map(({ frame }) => frame),
    name,
  );
  const [{ labels: first }] = frames;
  const scorer = sequenceScorer(objectsIn(first), "background");
  let index = 0;
  for await (const labels of method.carry(source, first)) {
    signal?.throwIfAborted();
    if (index > 0 && index < frames.length - 1) scorer.add(labels, frames[index].labels);
    index++;
  }
  return Object.values(scorer.score().objects).map(({ J }) => J);
}
