/** @file Carries points of one frame through a clip: places between pixels, visibility and confidence in every frame. */
import { clampToFrame, type FrameSize, isInFrame, type NamedPoint } from "../../annotations/point.ts";
import type { Estimate } from "../../annotations/verdict.ts";
import { UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import type { FeatureExtractor, FeatureMap } from "../../method/features.ts";
import type { Frame, FrameSource } from "../../video/frame.ts";
import type { RgbPicture } from "../../video/picture.ts";
import type { Point } from "../../video/point.ts";
import { resizeRgb } from "../../video/resize.ts";
import { CutWatch } from "../confidence/cutWatch.ts";
import { lookahead } from "../lookahead.ts";
import { startingFrames } from "../propagation.ts";
import { pointConfidence } from "../confidence/pointCalibration.ts";
import { agreementOf, type PointSignals, VISIBLE } from "./pointAgreement.ts";
import type { PointFollower } from "./pointFollower.ts";

/** A point to follow: the model's name and place, nothing more. */
export type PointQuery = NamedPoint;

/** A point in a frame; its confidence is calibrated, see docs/confidence.md, and 1 in the first frame. */
export interface TrackedPoint extends NamedPoint, Estimate {
  /** What that rests on; not there in the first frame and where nothing speaks for the place. */
  readonly signals?: PointSignals;
}

/** One frame with all points, in the order of the queries. */
export interface TrackedPointFrame {
  readonly frame: Frame;
  readonly points: readonly TrackedPoint[];
  /** The camera cut to another shot before this frame. */
  readonly cut: boolean;
  /** Seconds spent on this frame; encoding runs beside the previous frame's matching, so they may overlap. */
  readonly seconds: { readonly read: number; readonly encode: number; readonly match: number };
}

/** Size of the pictures given to the encoder: the shorter side (proportions kept, null = as they are), or both. */
export type InputSize = number | null | { readonly width: number; readonly height: number };

/** What to track, through what, and how. */
export interface PointTrackingOptions {
  readonly encoder: FeatureExtractor;
  readonly source: FrameSource;
  /** In the frame `start`. */
  readonly points: readonly PointQuery[];
  /** Where the points come from, in messages. */
  readonly pointsName?: string;
  /** How they are followed; used up by one clip and closed at its end. */
  readonly follower: PointFollower;
  /** Default null. */
  readonly inputSize?: InputSize;
  /** Index of the frame that the points belong to; default 0. */
  readonly start?: number;
  /** Aborting ends the iteration with the signal's reason; frames already given stay good. */
  readonly signal?: AbortSignal;
  /** Told of cuts. Default: silent. */
  readonly logger?: Logger;
}

/**
 * Follows the points, one frame at a time, the frame `start` first.
 * @throws UserError `points/outside`, `points/none`, `tracking/start`, `tracking/frame-size`, `tracking/memory`
 */
export async function* trackPoints(options: PointTrackingOptions): AsyncGenerator<TrackedPointFrame, void, void> {
  const { encoder, points, follower, inputSize = null, signal } = options;
  try {
    if (points.length === 0)
      throw new UserError("points/none", {
        what: `${options.pointsName ?? "the points"} have no visible point in the frame to start from`,
      });
    requireInside(points, options.source, options.pointsName);
    let first: Frame | undefined;
    const cuts = new CutWatch(options.logger);
    for await (const { frame, features, read, encode } of lookahead(encoded(options))) {
      signal?.throwIfAborted();
      first ??= frame;
      requireSize(frame, first);
      const begin = performance.now();
      const cut = cuts.before(frame);
      const cells = cellsPerPixel(frame, inputFor(frame, inputSize), encoder.stride);
      const places = points.map(({ x, y }) => ({ x: x * cells.x, y: y * cells.y }));
      const tracked =
        frame === first
          ? (await follower.begin(features, places),
            points.map((point) => ({ ...point, visible: true, confidence: 1 })))
          : (await follower.next(features)).map(({ place, signals }, i) =>
              inPixels(points[i].name, { x: place.x / cells.x, y: place.y / cells.y }, signals, frame),
            );
      yield { frame, points: tracked, cut, seconds: { read, encode, match: (performance.now() - begin) / 1000 } };
    }
  } finally {
    await follower[Symbol.asyncDispose]();
  }
}

/** A point found at (x, y), px; beyond the frame it is taken to its border. */
export function inPixels(name: string, place: Point, signals: PointSignals | null, size: FrameSize): TrackedPoint {
  const found = { name, ...clampToFrame(place, size), confidence: pointConfidence(signals) };
  if (signals === null) return { ...found, visible: false };
  return { ...found, visible: agreementOf(signals) >= VISIBLE, signals };
}

interface Encoded {
  readonly frame: Frame;
  readonly features: FeatureMap;
  readonly read: number;
  readonly encode: number;
}

async function* encoded(options: PointTrackingOptions): AsyncGenerator<Encoded, void, void> {
  const { encoder, inputSize = null } = options;
  let begin = performance.now();
  for await (const frame of startingFrames(options)) {
    const { width, height } = inputFor(frame, inputSize);
    const input: RgbPicture =
      width === frame.width && height === frame.height
        ? frame
        : { width, height, data: resizeRgb(frame, width, height) };
    const read = performance.now();
    const features = await encoder.encode(input);
    const done = performance.now();
    yield { frame, features, read: (read - begin) / 1000, encode: (done - read) / 1000 };
    begin = performance.now();
  }
}

function inputFor({ width, height }: FrameSize, size: InputSize): FrameSize {
  if (typeof size === "object" && size !== null) return size;
  const scale = size === null ? 1 : size / Math.min(width, height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

function cellsPerPixel(frame: FrameSize, input: FrameSize, stride: number): Point {
  return { x: input.width / frame.width / stride, y: input.height / frame.height / stride };
}

/** @param pointsName where they come from, in messages. @throws UserError `points/outside` */
export function requireInside(points: readonly PointQuery[], size: FrameSize, pointsName = "the points"): void {
  const outside = points.find((point) => !isInFrame(point, size));
  if (outside === undefined) return;
  throw new UserError("points/outside", {
    what: `${pointsName}: the point "${outside.name}" lies outside the frame`,
    got: `(${outside.x}, ${outside.y})`,
    expected: `x from 0 to ${size.width}, y from 0 to ${size.height}`,
    todo: "positions are pixels of this video; scale them if they belong to another size",
  });
}

function requireSize(frame: Frame, first: Frame): void {
  if (frame.width === first.width && frame.height === first.height) return;
  throw new UserError("tracking/frame-size", {
    what: `frame ${frame.name} has another size than the first one`,
    got: `${frame.width}x${frame.height}`,
    expected: `${first.width}x${first.height}`,
    todo: "bring all frames to one size",
  });
}
