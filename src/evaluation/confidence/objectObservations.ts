/** @file A tracker's own verdict on its masks next to the truth: one observation for every object and frame. */
import type { Threads } from "../../core/machine.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import type { ObjectSignals } from "../../tracking/confidence/objectSignals.ts";
import type { Mode } from "../../tracking/modes.ts";
import { propagateMasks, type TrackedFrame } from "../../tracking/propagation.ts";
import type { Protocol } from "../../tracking/protocols.ts";
import type { Frame, FrameSource } from "../../video/frame.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import { labelOverlaps } from "../../metrics/labelOverlap.ts";

/** Least IoU of a right mask; of what comes back, least share of it that is the object's. */
export const RIGHT = 0.5;

/** One object in one frame. */
export interface ObjectObservation {
  readonly sequence: string;
  /** Position in the tracked frames; the labelled frame is 0 and is not observed. */
  readonly frame: number;
  readonly id: number;
  /** As reported. */
  readonly confidence: number;
  readonly visible: boolean;
  readonly cut: boolean;
  /** Null where nothing carried the object's label. */
  readonly signals: ObjectSignals | null;
  /** Of the reported mask with the truth, 0..1; 1 if both are empty. */
  readonly iou: number;
  /** Pixels of the reported mask, and of the truth. */
  readonly area: number;
  readonly trueArea: number;
}

/** What tracks. */
export interface TrackingSetup extends Threads {
  readonly encoder: FeatureExtractor;
  readonly protocol: Protocol;
  readonly mode: Mode;
}

/** What is tracked, and what is true. */
export interface AnnotatedClip {
  readonly name: string;
  readonly source: FrameSource | AsyncIterable<Frame>;
  /** Mask of the first frame, no void. */
  readonly first: LabelMap;
  /** The true mask of a frame, void (255) not counted; undefined where there is none. */
  readonly truthOf: (index: number) => Promise<LabelMap | undefined>;
}

/** Tracks a clip and compares every frame with the truth. */
export async function observeObjects(
  setup: TrackingSetup,
  { name, source, first, truthOf }: AnnotatedClip,
  signal?: AbortSignal,
): Promise<ObjectObservation[]> {
  const out: ObjectObservation[] = [];
  let frame = 0;
  for await (const tracked of propagateMasks({ ...setup, source, first, signal })) {
    const truth = frame === 0 ? undefined : await truthOf(frame);
    if (truth !== undefined) out.push(...observeFrame(tracked, truth, { sequence: name, frame }));
    frame++;
  }
  return out;
}

/** Compares one frame with the truth. */
export function observeFrame(
  { labels, objects, cut }: TrackedFrame,
  truth: LabelMap,
  where: Pick<ObjectObservation, "sequence" | "frame">,
): ObjectObservation[] {
  const overlapOf = labelOverlaps(labels, truth);
  return objects.map(({ id, confidence, visible, signals = null }) => ({
    ...where,
    id,
    confidence,
    visible,
    cut,
    signals,
    ...overlapOf(id),
  }));
}
