/**
 * @file Propagation of masks: every frame's cells copy the labels of the memory cells that they look like
 * (MAST, CRW and their kin; after MER the encoder is better, this step is the same).
 *
 * y_i = Σ_j softmax_j(x_i · x_j / τ) y_j over the top-k candidates j of all memory frames; which frames, which candidates and
 * how labels are carried is the protocol's choice. Memory is bounded by the protocol, whatever the clip's length.
 */
import { UserError } from "../core/errors.ts";
import { silent, type Logger } from "../core/log.ts";
import { type HeldSlot, Matcher } from "../kernels/matcher.ts";
import type { FeatureExtractor, FeatureMap, PictureSize, Precision } from "../method/features.ts";
import type { Frame, FrameSource } from "../video/frame.ts";
import type { LabelMap } from "../video/labelMap.ts";
import { resizeLabels, resizeRgb } from "../video/resize.ts";
import { firstLabels, type FirstLabels } from "./firstLabels.ts";
import type { CellGrid } from "./cellGrid.ts";
import { GuidedDecoder } from "./guidedDecoder.ts";
import { decodeLabels, encodeLabels, type DecodedLabels, type MaskSize } from "./labelCells.ts";
import { lookahead } from "./lookahead.ts";
import { MemoryBank } from "./memoryBank.ts";
import { inputShortSide, type Mode, modes, underMode } from "./modes.ts";
import { measureObjects, type TrackedObject } from "./objects.ts";
import { divisorOf, type Protocol } from "./protocols.ts";

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
  /** Seconds spent on this frame; reading and encoding run beside the matching of the frames before, so they overlap. */
  readonly seconds: { readonly read: number; readonly encode: number; readonly match: number; readonly decode: number };
}

interface ReadFrame {
  readonly frame: Frame;
  /** Seconds. */
  readonly read: number;
}

/** A frame with its features. */
interface EncodedFrame extends ReadFrame {
  /** Size of the encoder's input. */
  readonly input: PictureSize;
  readonly features: FeatureMap;
  /** Seconds. */
  readonly encode: number;
}

/**
 * Carries the first frame's labels through the clip, one frame at a time.
 * @throws UserError `labels/size`, `labels/empty`, `tracking/start`, `tracking/frame-size`, `tracking/memory`
 */
export async function* propagateMasks(options: PropagationOptions): AsyncGenerator<TrackedFrame, void, void> {
  const { encoder, mode = modes.exact, signal } = options;
  const protocol = underMode(options.protocol, mode);
  const sizeOfInput = (frame: Frame): PictureSize => inputSize(frame, protocol, mode, encoder.stride);
  let tracker: Tracker | undefined;
  encoder.restart?.();
  const frames = lookahead(readFrames(startingFrames(options)));
  try {
    for await (const encoded of lookahead(encodedFrames(encoder, frames, sizeOfInput, mode))) {
      signal?.throwIfAborted();
      if (tracker === undefined) {
        tracker = await Tracker.open({ ...options, protocol, mode }, encoded);
        yield await tracker.begin(encoded);
      } else yield await tracker.next(encoded);
    }
  } finally {
    await tracker?.close();
  }
  if (tracker === undefined) throw noFrames(options);
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

async function* readFrames(frames: AsyncIterable<Frame>): AsyncGenerator<ReadFrame, void, void> {
  let begin = performance.now();
  for await (const frame of frames) {
    yield { frame, read: (performance.now() - begin) / 1000 };
    begin = performance.now();
  }
}

async function* encodedFrames(
  encoder: FeatureExtractor,
  frames: AsyncIterable<ReadFrame>,
  sizeOfInput: (frame: Frame) => PictureSize,
  { precision }: Mode,
): AsyncGenerator<EncodedFrame, void, void> {
  for await (const { frame, read } of frames) {
    const begin = performance.now();
    const input = sizeOfInput(frame);
    const features = await encodeAt(encoder, frame, input, precision);
    yield { frame, input, features, read, encode: (performance.now() - begin) / 1000 };
  }
}

/** Size of the encoder's input, proportions kept. */
function inputSize(frame: Frame, protocol: Protocol, mode: Mode, stride: number): PictureSize {
  const short = Math.min(frame.width, frame.height);
  const shortSide = inputShortSide(short, protocol, mode, stride);
  return {
    width: Math.round((frame.width * shortSide) / short),
    height: Math.round((frame.height * shortSide) / short),
  };
}

/** Features of the frame resized to `size`. */
function encodeAt(
  encoder: FeatureExtractor,
  frame: Frame,
  size: PictureSize,
  precision: Precision,
): Promise<FeatureMap> {
  const { width, height } = size;
  if (width === frame.width && height === frame.height) return encoder.encode(frame, precision);
  if (encoder.encodeResized !== undefined) return encoder.encodeResized(frame, size, precision);
  return encoder.encode({ width, height, data: resizeRgb(frame, width, height) }, precision);
}

/** Only the size: a picture kept here would be held for the whole clip. */
function sizeOf({ width, height }: PictureSize): PictureSize {
  return { width, height };
}

type TrackerOptions = PropagationOptions & { readonly mode: Mode };

/** Matching of one clip: its memory, and where it stands. */
class Tracker {
  private readonly protocol: Protocol;
  private readonly first: FirstLabels;
  private readonly grid: CellGrid;
  /** Width and height of the clip and of the encoder's input. */
  private readonly size: { readonly frame: PictureSize; readonly input: PictureSize };
  private readonly bank: MemoryBank;
  private readonly matcher: Matcher;
  private readonly temperature: number;
  /** In modes with quick masks. */
  private readonly quick: GuidedDecoder | undefined;
  private time = 0;

  private constructor(options: TrackerOptions, first: FirstLabels, encoded: EncodedFrame, matcher: Matcher) {
    const { protocol, encoder, mode } = options;
    const { height, width, channels } = encoded.features;
    this.protocol = protocol;
    this.first = first;
    this.grid = { height, width, stride: encoder.stride };
    this.size = { frame: sizeOf(encoded.frame), input: sizeOf(encoded.input) };
    this.bank = new MemoryBank(protocol);
    this.matcher = matcher;
    this.temperature = divisorOf(protocol, channels);
    const quick = mode.quickMasks && protocol.upsampling === "guided";
    this.quick = quick ? new GuidedDecoder(first.ids, this.grid, this.maskSize()) : undefined;
  }

  static async open(options: TrackerOptions, encoded: EncodedFrame): Promise<Tracker> {
    const { protocol, mode, threads, logger = silent } = options;
    const first = firstLabels(options.first, encoded.frame, options.firstName);
    const { height, width, channels } = encoded.features;
    const matcher = await Matcher.open({
      height,
      width,
      channels,
      labels: first.ids.length,
      slots: new MemoryBank(protocol).slots,
      normalise: protocol.similarity === "cosine",
      pruning: mode.pruning ?? undefined,
      ...(threads === undefined ? {} : { threads }),
    });
    logger.info(
      `tracking ${first.ids.length - 1} object(s) at ${width}x${height} cells of ${channels} channels, ` +
        `${matcher.threads} threads, ${Math.round(matcher.bytes / 2 ** 20)} MB of memory frames`,
    );
    return new Tracker(options, first, encoded, matcher);
  }

  /** The first frame: its labels are given. */
  async begin({ frame, input, features, read, encode }: EncodedFrame): Promise<TrackedFrame> {
    const begin = performance.now();
    const { mask, ids } = this.first;
    const slot = this.bank.place(0);
    await this.matcher.insert(slot, features.data);
    this.matcher.labels(slot).set(this.encode(mask, input));
    const objects = measureObjects(mask, ids, new Float64Array(ids.length).fill(1));
    const match = (performance.now() - begin) / 1000;
    return { frame, labels: mask, objects, seconds: { read, encode, match, decode: 0 } };
  }

  /** The following frame: its labels are found. */
  async next({ frame, input, features, read, encode }: EncodedFrame): Promise<TrackedFrame> {
    this.checkSize(frame);
    const begin = performance.now();
    this.time++;
    const slot = this.bank.place(this.time);
    await this.matcher.insert(slot, features.data);
    const { topK, labels: carried } = this.protocol;
    const { temperature } = this;
    await this.matcher.match(slot, this.bank.entries(this.protocol, this.time), {
      topK: topK ?? undefined,
      temperature,
      held: this.held(),
    });
    const matched = performance.now();
    const { labels, confidence } = this.decode(slot, frame);
    if (carried === "hard") this.matcher.labels(slot).set(this.encode(labels, input));
    const objects = measureObjects(labels, this.first.ids, confidence);
    const done = performance.now();
    const seconds = { read, encode, match: (matched - begin) / 1000, decode: (done - matched) / 1000 };
    return { frame, labels, objects, seconds };
  }

  close(): Promise<void> {
    return this.matcher.close();
  }

  private held(): HeldSlot[] {
    const { first } = this.protocol.memory;
    return this.bank.others(this.time).map((frame) => ({
      slot: this.bank.find(frame),
      everywhere: frame === 0 && first === "unrestricted",
    }));
  }

  private encode(mask: LabelMap, { width, height }: PictureSize): Float32Array {
    const same = mask.width === width && mask.height === height;
    const scaled = same ? mask : resizeLabels(mask, width, height);
    return encodeLabels(scaled, this.first.ids, this.grid, this.protocol.labelEncoding);
  }

  private decode(slot: number, frame: Frame): DecodedLabels {
    const weights = this.matcher.labels(slot);
    if (this.quick !== undefined) return this.quick.decode(weights, frame);
    const guide = this.protocol.upsampling === "guided" ? frame : undefined;
    return decodeLabels(weights, this.first.ids, this.grid, this.maskSize(), guide);
  }

  private maskSize(): MaskSize {
    const { input, frame } = this.size;
    const { width, height } = frame;
    const cellsPerPixel = { x: input.width / width / this.grid.stride, y: input.height / height / this.grid.stride };
    return { width, height, cellsPerPixel };
  }

  private checkSize(frame: Frame): void {
    const { width, height } = this.size.frame;
    if (frame.width === width && frame.height === height) return;
    throw new UserError("tracking/frame-size", {
      what: `frame ${frame.name} has another size than the first one`,
      got: `${frame.width}x${frame.height}`,
      expected: `${width}x${height}`,
      todo: "bring all frames to one size",
    });
  }
}
