/**
 * @file Frames on their way to the matcher: read, shrunk to the encoder's input and encoded, each step one frame ahead
 * of the next.
 */
import { UserError } from "../core/errors.ts";
import { type Logger, silent } from "../core/log.ts";
import { encodeApart } from "../method/encodeApart.ts";
import type { EncoderStart, FeatureExtractor, FeatureMap, PictureSize, Precision } from "../method/features.ts";
import type { DepthMap, DepthSource } from "../video/depth/depthMap.ts";
import type { Frame } from "../video/frame.ts";
import type { Point } from "../video/point.ts";
import { resizeRgb } from "../video/resize.ts";
import { lookahead, mapped } from "./lookahead.ts";
import { inputShortSide, type Mode, smallSize } from "./modes.ts";
import type { Protocol } from "./protocols.ts";

/** A frame with its features. */
export interface EncodedFrame {
  readonly frame: Frame;
  /** Size of the encoder's input. */
  readonly input: PictureSize;
  /** Pixels of the input per cell. */
  readonly stride: number;
  readonly features: FeatureMap;
  /** How far away its pixels are, where that is known. */
  readonly depth?: DepthMap;
  /** The same frame on a small picture, which advises the large one; absent where there is none. */
  readonly small?: EncodedFrame;
  /** Seconds for reading. */
  readonly read: number;
  /** Seconds for encoding. */
  readonly encode: number;
}

/**
 * Size of the pictures given to the encoder, px: the shorter side (proportions kept, null = as they are), or both
 * sides.
 */
export type InputSize = number | null | PictureSize;

/** What the size of the encoder's input depends on. */
export interface InputSizeOptions {
  readonly protocol: Protocol;
  readonly mode: Mode;
  /** Whatever protocol and mode say; undefined = as they say. */
  readonly input?: InputSize | undefined;
}

/** What encodes, and at which size. */
export interface EncodingOptions extends InputSizeOptions {
  readonly encoder: FeatureExtractor;
  /**
   * Where a frame lies that is no neighbour of the one given before it, so that nothing moved between them; undefined
   * for the others.
   */
  readonly jump?: (frame: Frame) => EncoderStart | undefined;
  /** Whether masks are tracked: with target models a small picture may advise them. Default false. */
  readonly hasMasks?: boolean;
  /** Of the same frames, by their indices. */
  readonly depth?: Pick<DepthSource, "at"> | undefined;
  /** Told when frames are shrunk. Default: silent. */
  readonly logger?: Logger | undefined;
}

/** Encodes frames in the order given; while one is being used, the next is encoded and the one after is read. */
export function encodedFrames(
  frames: AsyncIterable<Frame>,
  { encoder, jump, depth, logger = silent, hasMasks = false, ...sizing }: EncodingOptions,
): AsyncIterableIterator<EncodedFrame> {
  const { stride } = encoder;
  let isFirst = true;
  encoder.restart?.();
  const timed = lookahead(mapped(frames, (frame, read) => ({ frame, read })));
  const encoded = mapped(timed, async ({ frame, read }): Promise<EncodedFrame> => {
    if (isFirst) tellShrinking(frame, sizing, stride, logger);
    isFirst = false;
    const begin = performance.now();
    const input = inputSize(frame, sizing, stride);
    const start = jump?.(frame);
    if (start !== undefined) encoder.restart?.(start);
    const size = hasMasks && sizing.protocol.target !== "none" ? smallSize(input, sizing.mode, stride) : undefined;
    const [features, apart, distances] = await Promise.all([
      encodeAt(encoder, frame, input, sizing.mode.precision),
      size && encodeApart(encoder, frame, size, sizing.mode.precision),
      depth?.at(frame.index),
    ]);
    const seconds = { read, encode: (performance.now() - begin) / 1000 };
    const own = { frame, stride, ...seconds, ...(distances !== undefined && { depth: distances }) };
    if (size === undefined || apart === undefined) return { ...own, input, features };
    return { ...own, input, features, small: { ...own, input: size, features: apart } };
  });
  return lookahead(encoded);
}

/** Size of the encoder's input for a frame. @param stride pixels of the input per cell. */
export function inputSize(
  frame: PictureSize,
  { protocol, mode, input }: InputSizeOptions,
  stride: number,
): PictureSize {
  if (typeof input === "object" && input !== null) return input;
  const short = Math.min(frame.width, frame.height);
  const shortSide = input === undefined ? inputShortSide(short, protocol, mode, stride) : (input ?? short);
  return {
    width: Math.round((frame.width * shortSide) / short),
    height: Math.round((frame.height * shortSide) / short),
  };
}

/** Says that frames are shrunk and what changes that; nothing where the size was asked for. */
export function tellShrinking(frame: PictureSize, options: InputSizeOptions, stride: number, logger: Logger): void {
  const { protocol, input } = options;
  const { width, height } = inputSize(frame, options, stride);
  if (input !== undefined || protocol.shortSide !== null || width === frame.width) return;
  const own = Math.min(frame.width, frame.height);
  logger.info(
    `frames of ${frame.width}x${frame.height} are encoded at ${width}x${height}; --short-side ${own} keeps their size`,
  );
}

/** Cells over pixels of the frame. */
export function cellsPerPixel({
  frame,
  input,
  stride,
}: Pick<EncodedFrame, "input" | "stride"> & { frame: PictureSize }): Point {
  return { x: input.width / frame.width / stride, y: input.height / frame.height / stride };
}

/** @param first size of the frame that tracking began with. @throws UserError `tracking/frame-size` */
export function requireSize({ name, width, height }: Frame, first: PictureSize): void {
  if (width === first.width && height === first.height) return;
  throw new UserError("tracking/frame-size", {
    what: `frame ${name} has another size than the first one`,
    got: `${width}x${height}`,
    expected: `${first.width}x${first.height}`,
    todo: "bring all frames to one size",
  });
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
