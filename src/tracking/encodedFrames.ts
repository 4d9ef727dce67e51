/** @file Frames on their way to the matcher: read, shrunk to the encoder's input and encoded, each step one frame ahead of the next. */
import type { EncoderStart, FeatureExtractor, FeatureMap, PictureSize, Precision } from "../method/features.ts";
import type { Frame } from "../video/frame.ts";
import { resizeRgb } from "../video/resize.ts";
import { lookahead } from "./lookahead.ts";
import { inputShortSide, type Mode } from "./modes.ts";
import type { Protocol } from "./protocols.ts";

/** A frame with its features. */
export interface EncodedFrame {
  readonly frame: Frame;
  /** Size of the encoder's input. */
  readonly input: PictureSize;
  readonly features: FeatureMap;
  /** Seconds for reading. */
  readonly read: number;
  /** Seconds for encoding. */
  readonly encode: number;
}

/** What encodes, and at which size. */
export interface EncodingOptions {
  readonly encoder: FeatureExtractor;
  readonly protocol: Protocol;
  readonly mode: Mode;
  /** Where a frame lies that is no neighbour of the one given before it, so that nothing moved between them; undefined for the others. */
  readonly jump?: (frame: Frame) => EncoderStart | undefined;
}

interface ReadFrame {
  readonly frame: Frame;
  /** Seconds. */
  readonly read: number;
}

/** Encodes frames in the order given; while one is being used, the next is encoded and the one after is read. */
export function encodedFrames(
  frames: AsyncIterable<Frame>,
  options: EncodingOptions,
): AsyncGenerator<EncodedFrame, void, void> {
  options.encoder.restart?.();
  return lookahead(encodeInOrder(lookahead(timedReading(frames)), options));
}

async function* timedReading(frames: AsyncIterable<Frame>): AsyncGenerator<ReadFrame, void, void> {
  let begin = performance.now();
  for await (const frame of frames) {
    yield { frame, read: (performance.now() - begin) / 1000 };
    begin = performance.now();
  }
}

async function* encodeInOrder(
  frames: AsyncIterable<ReadFrame>,
  { encoder, protocol, mode, jump }: EncodingOptions,
): AsyncGenerator<EncodedFrame, void, void> {
  for await (const { frame, read } of frames) {
    const begin = performance.now();
    const input = inputSize(frame, protocol, mode, encoder.stride);
    const start = jump?.(frame);
    if (start !== undefined) encoder.restart?.(start);
    const features = await encodeAt(encoder, frame, input, mode.precision);
    yield { frame, input, features, read, encode: (performance.now() - begin) / 1000 };
  }
}

/** Size of the encoder's input, proportions kept. */
export function inputSize(frame: PictureSize, protocol: Protocol, mode: Mode, stride: number): PictureSize {
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
