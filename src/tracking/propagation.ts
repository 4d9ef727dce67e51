/**
 * @file Propagation of masks: every frame's cells copy the labels of the memory cells that they look like
 * (MAST, CRW and their kin; after MER the encoder is better, this step is the same).
 *
 * y_i = Σ_j softmax_j(x_i · x_j / τ) y_j over the top-k candidates j of all memory frames; which frames, which candidates and
 * how labels are carried is the protocol's choice. Memory is bounded by the protocol, whatever the clip's length.
 */
import { UserError } from "../core/errors.ts";
import { silent, type Logger } from "../core/log.ts";
import type { FeatureExtractor } from "../method/features.ts";
import type { Frame, FrameSource } from "../video/frame.ts";
import type { LabelMap } from "../video/labelMap.ts";
import { GIVEN } from "./confidence/objectJudge.ts";
import { type EncodedFrame, encodedFrames } from "./encodedFrames.ts";
import { firstLabels, type FirstLabels } from "./masks/firstLabels.ts";
import { JudgedMatcher } from "./matching/judgedMatcher.ts";
import { requireMode, requireProtocol } from "./modeChecks.ts";
import { type Mode, modes, underMode } from "./modes.ts";
import { measureObjects, type TrackedObject } from "./objects.ts";
import type { Protocol } from "./protocols.ts";

/** What to track, through what, and how. */
export interface PropagationOptions {
  readonly encoder: FeatureExtractor;
  /** A clip, or just its frames in order (then the first of them is the one with the labels). */
  readonly source: FrameSource | AsyncIterable<Frame>;
  /** Labels of the frame `start`, at the clip's size; void (255) counts as background, see `firstLabels`. */
  readonly first: LabelMap;
  /** Name of `first` in messages. */
  readonly firstName?: string;
  readonly protocol: Protocol;
  /** Default `exact`. */
  readonly mode?: Mode;
  /** Index of the frame that `first` belongs to; default 0. Only for a `FrameSource`. */
  readonly start?: number;
  /** Worker threads for matching; default the available cores. */
  readonly threads?: number;
  /** Aborting ends the iteration with the signal's reason; frames already given stay good. */
  readonly signal?: AbortSignal;
  readonly logger?: Logger;
}

/** One frame with its labels. */
export interface TrackedFrame {
  readonly frame: Frame;
  /** At the frame's own size; for the first frame the given labels. */
  readonly labels: LabelMap;
  /** One entry per object, in order of the ids. */
  readonly objects: readonly TrackedObject[];
  /** The camera cut to another shot before this frame: objects are visible only if they were found again in it. */
  readonly cut: boolean;
  /** Seconds spent on this frame; reading and encoding run beside the matching of the frames before, so they overlap. */
  readonly seconds: { readonly read: number; readonly encode: number; readonly match: number; readonly decode: number };
}

/**
 * Carries the first frame's labels through the clip, one frame at a time.
 * @throws UserError `labels/size`, `labels/empty`, `tracking/start`, `tracking/frame-size`, `tracking/memory`, `mode/invalid`,
 * `protocol/invalid`
 */
export async function* propagateMasks(options: PropagationOptions): AsyncGenerator<TrackedFrame, void, void> {
  const { encoder, mode = modes.exact, signal } = options;
  requireMode(mode);
  requireProtocol(options.protocol);
  const protocol = underMode(options.protocol, mode);
  let run: MaskRun | undefined;
  try {
    for await (const encoded of encodedFrames(startingFrames(options), { encoder, protocol, mode })) {
      signal?.throwIfAborted();
      if (run === undefined) {
        const start = performance.now();
        run = await openRun({ ...options, protocol, mode }, encoded);
        yield begun(run, encoded, (performance.now() - start) / 1000);
      } else yield await next(run, encoded);
    }
  } finally {
    await run?.judged.close();
  }
  if (run === undefined) throw noFrames(options);
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

/** One clip being tracked. */
interface MaskRun {
  readonly protocol: Protocol;
  readonly first: FirstLabels;
  readonly judged: JudgedMatcher;
}

/** With the first frame, whose labels are given. */
async function openRun(options: PropagationOptions & { readonly mode: Mode }, encoded: EncodedFrame): Promise<MaskRun> {
  const { protocol, mode, encoder, threads, logger = silent } = options;
  const first = firstLabels(options.first, encoded.frame, options.firstName);
  const columns = first.ids.length;
  const settings = { protocol, mode, stride: encoder.stride, columns, labels: columns, threads, logger };
  const judged = await JudgedMatcher.begin(settings, encoded, (matcher) => matcher.encode(first.mask, first.ids));
  logger.info(`tracking ${columns - 1} object(s) at ${judged.matcher.describe(encoded.features.channels)}`);
  return { protocol, first, judged };
}

function begun({ first: { mask, ids } }: MaskRun, { frame, read, encode }: EncodedFrame, match: number): TrackedFrame {
  const objects = measureObjects(mask, ids, () => GIVEN);
  return { frame, labels: mask, objects, cut: false, seconds: { read, encode, match, decode: 0 } };
}

/** The following frame: its labels are found. */
async function next({ protocol, first, judged }: MaskRun, encoded: EncodedFrame): Promise<TrackedFrame> {
  const { frame, read, encode } = encoded;
  const { matcher } = judged;
  const start = performance.now();
  const { cells, verdicts, cut } = await judged.next(encoded);
  const matched = performance.now();
  const { labels } = matcher.decode(cells, first.ids, frame);
  if (protocol.labels === "hard") cells.set(matcher.encode(labels, first.ids));
  const objects = measureObjects(labels, first.ids, (label) => verdicts[label - 1]);
  const done = performance.now();
  const seconds = { read, encode, match: (matched - start) / 1000, decode: (done - matched) / 1000 };
  return { frame, labels, objects, cut, seconds };
}
