/**
 * @file One pass of a session: from a key frame forward or back. It can stop after any frame and resume later with
 * exactly the same results: the frames in its memory are encoded again, their state is given back to the carrier.
 */
import type { Logger } from "../../core/log.ts";
import type { Threads } from "../../core/machine.ts";
import type { EncoderStart, FeatureExtractor } from "../../method/features.ts";
import type { DepthSource } from "../../video/depth/depthMap.ts";
import type { Frame, FrameSource } from "../../video/frame.ts";
import { reversedFrames } from "../../video/sources/reversedFrames.ts";
import { changed } from "../../video/sources/videoErrors.ts";
import type { ResumableWith } from "../../core/resumable.ts";
import { ArrivalCarrier, type ArrivalState } from "../arrivals/arrivalCarrier.ts";
import type { ArrivalOptions } from "../arrivals/arrivalOptions.ts";
import { type CarriedFrame, type Carrier, type CarrierState, carry, type GivenLabels, LabelCarrier } from "../carry.ts";
import { type EncodedFrame, encodedFrames } from "../encodedFrames.ts";
import type { JudgedFrameAgain } from "../matching/judgedMatcher.ts";
import type { MatcherKeeper } from "../matching/matcherKeeper.ts";
import { type Mode, underMode } from "../modes.ts";
import type { Protocol } from "../protocols.ts";
import type { Step } from "./plan.ts";

/** How all passes of a session are tracked. */
export interface PassSettings extends Threads {
  readonly source: FrameSource;
  readonly encoder: FeatureExtractor;
  readonly protocol: Protocol;
  readonly mode: Mode;
  readonly keeper: MatcherKeeper;
  readonly logger?: Logger | undefined;
  /** Of the source's frames. */
  readonly depth?: DepthSource | undefined;
  /** What comes in later is tracked too, as this says. */
  readonly arrivals?: ArrivalOptions | undefined;
}

/** What resuming after a frame needs of it: where only labels are carried, and where things come in. */
export type PassState = CarrierState | ArrivalState;

/** Either way to carry the frames of a pass. */
type PassCarrier = Carrier<CarriedFrame<PassState>> & ResumableWith<PassState, JudgedFrameAgain>;

/** Where a pass goes. */
export interface PassRoute {
  readonly from: number;
  readonly step: Step;
  /** Frames after `from`. */
  readonly count: number;
}

/** Where an earlier part of the pass stopped. */
export interface PassResume {
  /** Frames after the first that are done, 1 or more. */
  readonly time: number;
  /** Of the frames that `keptTimes` names. */
  readonly saved: ReadonlyMap<number, PassState>;
}

/** Earlier frames that cues need to see what moves: encoded again, but not used. */
const LOOK_BACK = 2;

/**
 * The frames after the first (or after those that are done), one at a time.
 * @param labels of the frame that the pass begins with.
 * @throws UserError `tracking/memory`, `tracking/frame-size`, `video/changed` when the clip ends too early
 */
export async function* runPass(
  settings: PassSettings,
  route: PassRoute,
  labels: GivenLabels,
  resume?: PassResume,
): AsyncGenerator<CarriedFrame<PassState>, void, void> {
  const { source, encoder, mode } = settings;
  const protocol = underMode(settings.protocol, mode);
  const { arrivals } = settings;
  await using carrier: PassCarrier =
    arrivals === undefined
      ? new LabelCarrier({ ...settings, protocol })
      : new ArrivalCarrier({ ...settings, protocol, arrivals });
  // What comes in has no use for the small picture.
  const hasMasks = labels.objects.length > 0 && arrivals === undefined;
  const { frames, jump } = framesFor(source, route, resume);
  let last = resume?.time ?? 0;
  for await (const carried of carry({
    frames: encodedFrames(frames, { encoder, protocol, mode, jump, hasMasks, depth: settings.depth }),
    carrier,
    labelsOf: () => labels,
    retake: resume && retaking(carrier, source, route, resume),
  })) {
    if (carried.time === 0) continue;
    last = carried.time;
    yield carried;
  }
  if (last < route.count) throw changed(source.path);
}

/** Frames since the first of the pass. */
const timeOf = ({ from, step }: PassRoute, { index }: Frame): number => step * (index - from);

/** Gives the carrier back the frames that it remembers, with their state; frames that only cues need are skipped. */
function retaking(carrier: PassCarrier, source: FrameSource, route: PassRoute, resume: PassResume) {
  return async (encoded: EncodedFrame): Promise<boolean> => {
    const time = timeOf(route, encoded.frame);
    const state = resume.saved.get(time);
    if (state !== undefined) await carrier.resume(state, { time, encoded, frameAt: (index) => source.frame(index) });
    return time <= resume.time;
  };
}

/** The frames to encode, and where the encoder must know that a frame does not follow the one before. */
function framesFor(source: FrameSource, route: PassRoute, resume: PassResume | undefined) {
  const { time: done, saved } = resume ?? { time: 0, saved: new Map<number, PassState>() };
  const restored = [...saved.keys()];
  const stretches = stretchesOf([0, ...restored, ...(done < route.count ? [done + 1] : [])], route.count);
  const jump = (frame: Frame): EncoderStart | undefined => {
    const count = timeOf(route, frame);
    if (count === 0 || !stretches.some(({ first }) => first === count)) return undefined;
    const kept = restored.find((time) => time >= count);
    return { count, reached: (kept === undefined ? undefined : saved.get(kept)?.reached) ?? null };
  };
  return { frames: framesOf(source, route, stretches), jump };
}

/** Frames of a pass that follow one another, times inclusive. */
interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** The times wanted, each with the earlier frames that cues need, as stretches; the last one runs to the end. */
function stretchesOf(wanted: readonly number[], end: number): Stretch[] {
  const out: { first: number; last: number }[] = [];
  for (const time of wanted) {
    const first = Math.max(0, time - LOOK_BACK);
    const before = out.at(-1);
    if (before !== undefined && first <= before.last + 1) before.last = time;
    else out.push({ first, last: time });
  }
  const last = out.at(-1);
  if (last !== undefined && wanted.length > 1) last.last = end;
  return out;
}

/** Frames of a pass by their times, in its order. */
export async function* framesOf(
  source: FrameSource,
  { from, step }: Pick<PassRoute, "from" | "step">,
  stretches: readonly Stretch[],
): AsyncGenerator<Frame, void, void> {
  for (const { first, last } of stretches) {
    if (step === 1) yield* source.frames({ start: from + first, end: from + last + 1 });
    else yield* reversedFrames(source, { start: from - last, end: from - first + 1 });
  }
}
