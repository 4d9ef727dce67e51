/**
 * @file What the labelled frame alone finds in every frame of a clip, next to the truth: how objects come back, whether
 * they do or something else is taken for them.
 */
import type { LabelledFrame } from "../../synthetic/productionLine.ts";
import { strongestLabels } from "../../tracking/confidence/labelShape.ts";
import { SignalMeter } from "../../tracking/confidence/objectSignals.ts";
import { Recall } from "../../tracking/confidence/recall.ts";
import { type EncodedFrame, encodedFrames } from "../../tracking/encodedFrames.ts";
import { firstLabels } from "../../tracking/masks/firstLabels.ts";
import { FrameMatcher } from "../../tracking/matching/frameMatcher.ts";
import { appendedFor, TargetModel } from "../../tracking/target/targetModel.ts";
import { underMode } from "../../tracking/modes.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import { type ObjectObservation, RIGHT, type TrackingSetup } from "./objectObservations.ts";

/** What a return was judged by, and what is true; areas in cells. */
export type ReturnObservation = Pick<ObjectObservation, "signals" | "iou" | "area" | "trueArea">;

/**
 * Observes all objects of the first frame in every frame after it in which the labelled frame finds them. Where it finds
 * them right they count as seen, for what depends on how they looked lately.
 */
export async function observeReturns(
  setup: TrackingSetup,
  clip: readonly LabelledFrame[],
  signal?: AbortSignal,
): Promise<ReturnObservation[]> {
  const { encoder, mode } = setup;
  const protocol = underMode(setup.protocol, mode);
  const { mask, ids } = firstLabels(clip[0].labels, clip[0].frame);
  const out: ReturnObservation[] = [];
  let begun: Begun | undefined;
  let time = 0;
  for await (const encoded of encodedFrames(framesOf(clip), { encoder, protocol, mode })) {
    signal?.throwIfAborted();
    if (begun === undefined) {
      const use = { protocol, columns: ids.length, labels: ids.length };
      const appended = appendedFor(use);
      const matcher = await FrameMatcher.open({ ...setup, ...use, appended }, encoded);
      const { grid } = matcher;
      const cells = matcher.encode(mask, ids);
      const target = appended && new TargetModel(encoded, cells, ids.length, grid);
      begun = { matcher, target, meter: new SignalMeter(encoded, cells, ids.length, grid), ids };
      await matcher.begin(matched(begun, encoded), cells);
    } else {
      const truth = begun.matcher.encode(known(clip[time].labels, ids), ids);
      out.push(...(await observeFrame(begun, encoded, truth)));
    }
    time++;
  }
  await begun?.matcher.close();
  return out;
}

interface Begun {
  readonly matcher: FrameMatcher;
  /** As the labelled frame teaches it. */
  readonly target: TargetModel | undefined;
  readonly meter: SignalMeter;
  /** Background and objects. */
  readonly ids: readonly number[];
}

/** @param truth `[cells, labels]`. */
async function observeFrame(begun: Begun, encoded: EncodedFrame, truth: Float32Array): Promise<ReturnObservation[]> {
  const { matcher, target, meter, ids } = begun;
  target?.see(encoded);
  await matcher.next(matched(begun, encoded), true);
  const weights = returned(await matcher.recall(), ids.length, meter, matcher.grid.width);
  const [found, real] = [weights, truth].map((cells) => strongestLabels(cells, ids.length));
  const all = meter.next(
    encoded,
    weights,
    ids.map(() => true),
  );
  const overlaps = all.map((_, i) => overlapOf(found, real, i + 1));
  meter.remember(overlaps.map(({ iou }) => (iou >= RIGHT ? "yes" : "no")));
  return all.flatMap((signals, i) => (signals === undefined ? [] : [{ signals, ...overlaps[i] }]));
}

function matched({ target }: Begun, encoded: EncodedFrame): EncodedFrame {
  return target === undefined ? encoded : { ...encoded, features: target.matched(encoded.features) };
}

async function* framesOf(clip: readonly LabelledFrame[]): AsyncGenerator<LabelledFrame["frame"], void, void> {
  for (const { frame } of clip) yield frame;
}

/** Nothing but background, and the objects where the labelled frame finds them. */
function returned(recalled: Float32Array | undefined, labels: number, meter: SignalMeter, width: number): Float32Array {
  if (recalled === undefined) return new Float32Array(0);
  const weights = new Float32Array(recalled.length);
  for (let at = 0; at < weights.length; at += labels) weights[at] = 1;
  const recall = new Recall(weights, recalled, labels, width);
  for (let label = 1; label < labels; label++) recall.takeBack(label, meter.labelledArea(label - 1));
  return weights;
}

/** Labels that were not given are background. */
function known(labels: LabelMap, ids: readonly number[]): LabelMap {
  return { ...labels, data: labels.data.map((label) => (ids.includes(label) ? label : 0)) };
}

function overlapOf(found: Uint8Array, truth: Uint8Array, label: number): Omit<ReturnObservation, "signals"> {
  let [both, area, trueArea] = [0, 0, 0];
  for (let cell = 0; cell < found.length; cell++) {
    const [is, was] = [found[cell] === label, truth[cell] === label];
    both += Number(is && was);
    area += Number(is);
    trueArea += Number(was);
  }
  return { iou: both / (area + trueArea - both), area, trueArea };
}
