/** @file Carries the masks of one frame through a clip, one frame at a time, see `carry`. */
import { UserError } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";
import type { Threads } from "../core/machine.ts";
import type { FeatureExtractor } from "../method/features.ts";
import type { DepthSource } from "../video/depth/depthMap.ts";
import type { Frame, FrameSource } from "../video/frame.ts";
import type { LabelMap } from "../video/labelMap.ts";
import { ArrivalCarrier, type ArrivalCarrierOptions } from "./arrivals/arrivalCarrier.ts";
import { type ArrivalWish, resolveArrivals } from "./arrivals/arrivalOptions.ts";
import { type CarriedFrame, type Carrier, carry, type GivenLabels, LabelCarrier } from "./carry.ts";
import { encodedFrames } from "./encodedFrames.ts";
import { firstLabels, objectMask } from "./masks/firstLabels.ts";
import { requireMode, requireProtocol } from "./modeChecks.ts";
import { type Mode, modes, underMode } from "./modes.ts";
import { measureObjects, type TrackedObject } from "./objects.ts";
import type { Protocol } from "./protocols.ts";

/** What to track, through what, and how. */
export interface PropagationOptions extends Threads {
  readonly encoder: FeatureExtractor;
  /** A clip, or just its frames in order (then the first of them is the one with the labels). */
  readonly source: FrameSource | AsyncIterable<Frame>;
  /** Labels of the frame `start`, at the clip's size; void (255) counts as background, see `firstLabels`. */
  readonly first: LabelMap;
  /** Name of `first` in messages. */
  readonly firstName?: string;
  readonly protocol: Protocol;
  /** Default `exact`. */
  readonly mode?: Mode | undefined;
  /** Of the frames, by their indices: target models then know how far away objects are. */
  readonly depth?: Pick<DepthSource, "at"> | undefined;
  /** Things that come in after the first frame are tracked too, with ids that no other thing ever has. */
  readonly arrivals?: ArrivalWish | undefined;
  /** Names of the objects of `first`, for `arrivals`. */
  readonly names?: ReadonlyMap<number, string> | undefined;
  /** Index of the frame that `first` belongs to; default 0. Only for a `FrameSource`. */
  readonly start?: number;
  /** Aborting ends the iteration with the signal's reason; frames already given stay good. */
  readonly signal?: AbortSignal | undefined;
  readonly logger?: Logger | undefined;
}

/** One frame with its labels. */
export interface TrackedFrame {
  readonly frame: Frame;
  /** At the frame's own size; for the first frame the given labels. */
  readonly labels: LabelMap;
  /**
   * Puts a known mask in place of the labels, before the next frame is asked for: later frames follow it. Not for the
   * first frame.
   * @param mask at the frame's size, void as in `firstLabels`; objects that are not tracked count as background.
   * @returns the mask as the cells of the frame can show it.
   * @throws UserError `labels/size`, `tracking/correct`
   */
  readonly correct: (mask: LabelMap) => LabelMap;
  /** One entry per object, in order of the ids. */
  readonly objects: readonly TrackedObject[];
  /** The camera cut to another shot before this frame: objects are visible only if they were found again in it. */
  readonly cut: boolean;
  /**
   * Seconds spent on this frame; reading and encoding run beside the matching of the frames before, so they overlap.
   */
  readonly seconds: { readonly read: number; readonly encode: number; readonly match: number; readonly decode: number };
}

/**
 * Carries the first frame's labels through the clip, one frame at a time.
 * @throws UserError `labels/size`, `labels/empty`, `tracking/start`, `tracking/frame-size`, `tracking/memory`,
 * `mode/invalid`, `protocol/invalid`
 */
export async function* propagateMasks(options: PropagationOptions): AsyncGenerator<TrackedFrame, void, void> {
  const { encoder, mode = modes.exact, threads, logger, signal } = options;
  requireMode(mode);
  requireProtocol(options.protocol);
  const protocol = underMode(options.protocol, mode);
  await using carrier = carrierOf(options, { protocol, mode, threads, logger, encoder });
  const hasMasks = options.arrivals === undefined;
  const frames = encodedFrames(startingFrames(options), {
    encoder,
    protocol,
    mode,
    hasMasks,
    logger,
    depth: options.depth,
  });
  const labelsOf = (first: Frame): GivenLabels => labelsIn(options, first);
  let isEmpty = true;
  for await (const carried of carry({ frames, carrier, labelsOf, signal })) {
    isEmpty = false;
    yield tracked(carried);
  }
  if (isEmpty) throw noFrames(options);
}

/** @throws UserError `arrivals/unknown`, `arrivals/name` */
function carrierOf(
  { arrivals, first, names = new Map() }: PropagationOptions,
  settings: Omit<ArrivalCarrierOptions, "arrivals">,
): Carrier<CarriedFrame<unknown>> {
  if (arrivals === undefined) return new LabelCarrier(settings);
  const byName = new Map([...names].map(([id, name]) => [name, id]));
  return new ArrivalCarrier({
    ...settings,
    arrivals: resolveArrivals(arrivals, { labelled: [...new Set(first.data)], names: byName }),
  });
}

/** @throws UserError `labels/size`, `labels/empty` */
function labelsIn({ first, firstName }: PropagationOptions, frame: Frame): GivenLabels {
  const { mask, ids } = firstLabels(first, frame, firstName);
  return { mask, objects: ids.slice(1), points: [] };
}

function tracked({
  frame,
  cut,
  verdicts,
  objects: ids,
  decode,
  correct,
  seconds,
}: CarriedFrame<unknown>): TrackedFrame {
  const begin = performance.now();
  const labels = decode();
  const objects = measureObjects(labels, [0, ...ids], (label) => verdicts[label - 1]);
  return {
    frame,
    labels,
    correct: (mask) => decode(correct(objectMask(mask, frame, `the mask of frame ${frame.name}`))),
    objects,
    cut,
    seconds: { ...seconds, decode: (performance.now() - begin) / 1000 },
  };
}

/** The frames from `start` on. @throws UserError `tracking/start` */
export function startingFrames({
  source,
  start = 0,
}: Pick<PropagationOptions, "source" | "start">): AsyncIterable<Frame> {
  if (!("frames" in source)) return source;
  if (Number.isInteger(start) && start >= 0 && start < source.frameCount) return source.frames({ start });
  throw new UserError("tracking/start", {
    what: `tracking cannot start in ${source.path}`,
    got: `frame ${start}`,
    expected: `0 to ${source.frameCount - 1}`,
    todo: "give the index of the labelled frame with --start",
  });
}

function noFrames({ source }: PropagationOptions): UserError {
  const name = "path" in source ? source.path : "the clip";
  return new UserError("tracking/start", { what: `${name} has no frames to track`, todo: "check the clip" });
}
