/** @file How well the tuning labels of a site are met: passages are tracked from their first label, verdict frames apart. */
import { labelOverlaps } from "../../metrics/labelOverlap.ts";
import { meanOf } from "../../metrics/statistics.ts";
import { propagateMasks } from "../../tracking/propagation.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import type { SiteMasks } from "../labels.ts";
import { objectsIn } from "../observations.ts";
import type { LabelledPassage } from "../runPlan.ts";
import type { TrialSetup } from "./trials.ts";

/** Passages that are tracked at most: enough to notice a loss, and no more than the time allows. */
const MOST_PASSAGES = 6;

/** Those in which a mask is given and another one is there to measure by. */
export function tunedPassages(passages: readonly LabelledPassage[]): LabelledPassage[] {
  return passages
    .filter(({ given }) => given.length > 1 && given[0].kind === "mask" && given[1].kind === "mask")
    .slice(0, MOST_PASSAGES);
}

/** Mean IoU over the objects of the first label, by frame: of every label given after it. @throws UserError of tracking */
export async function tuningScores(
  { given: [first, ...others], passage }: LabelledPassage,
  masks: SiteMasks,
  setup: TrialSetup,
  signal: AbortSignal,
): Promise<Map<number, number>> {
  const truths = new Map(others.filter(({ kind }) => kind === "mask").map((label) => [label.frame, label]));
  const last = Math.max(...truths.keys());
  const given = await masks.read(first);
  const objects = objectsIn(given);
  const scores = new Map<number, number>();
  await using source = await openFrameSource(first.clip.path);
  const frames = source.frames({ start: first.frame, end: Math.min(last + 1, passage.end) });
  const name = `the label ${first.path}`;
  for await (const { frame, labels } of propagateMasks({
    ...setup,
    source: frames,
    first: given,
    firstName: name,
    signal,
  })) {
    const label = truths.get(frame.index);
    if (label === undefined) continue;
    const overlapOf = labelOverlaps(labels, await masks.read(label));
    scores.set(frame.index, meanOf(objects.map((id) => overlapOf(id).iou)));
  }
  return scores;
}
