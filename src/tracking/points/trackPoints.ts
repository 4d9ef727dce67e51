/**
 * @file Carries points of one frame through a clip: places between pixels, visibility and confidence in every frame. As
 * key points are tracked in CRW and its kin, each point's heat map is a label that is carried like those of objects.
 */
import { UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import type { Threads } from "../../core/machine.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import type { Frame, FrameSource } from "../../video/frame.ts";
import { type Carrier, carry, type GivenLabels, LabelCarrier } from "../carry.ts";
import { encodedFrames, type InputSize } from "../encodedFrames.ts";
import { emptyMask } from "../masks/firstLabels.ts";
import { requireMode, requireProtocol } from "../modeChecks.ts";
import { type Mode, modeFor, modes, underMode } from "../modes.ts";
import { type Protocol, resolveProtocol } from "../protocols.ts";
import { startingFrames } from "../propagation.ts";
import { FollowedPoints } from "./followedPoints.ts";
import type { PointFollower } from "./pointFollower.ts";
import { type PointQuery, requireInside, type TrackedPointFrame } from "./trackedPoint.ts";

/** What to track, through what, and how. */
export interface PointTrackingOptions extends Threads {
  readonly encoder: FeatureExtractor;
  readonly source: FrameSource;
  /** In the frame `start`. */
  readonly points: readonly PointQuery[];
  /** Where the points come from, in messages. */
  readonly pointsName?: string;
  /**
   * How their heat maps are carried; default the protocol `default`. Its `labels` and `labelEncoding` do not apply:
   * heat maps are soft.
   */
  readonly protocol?: Protocol;
  /** Default `exact`. Frames are encoded at 80 rows of cells at most, whatever it says. */
  readonly mode?: Mode | undefined;
  /** Another way to follow the points than to carry their heat maps; used up by one clip and closed at its end. */
  readonly follower?: PointFollower | undefined;
  /** Default: what the protocol says, else the mode and the limit for points. */
  readonly inputSize?: InputSize;
  /** Index of the frame that the points belong to; default 0. */
  readonly start?: number;
  /** Aborting ends the iteration with the signal's reason; frames already given stay good. */
  readonly signal?: AbortSignal | undefined;
  /** Reports cuts, and that frames are shrunk. Default: silent. */
  readonly logger?: Logger | undefined;
}

/**
 * Follows the points, one frame at a time, the frame `start` first.
 * @throws UserError `points/outside`, `points/none`, `tracking/start`, `tracking/frame-size`, `tracking/memory`,
 * `mode/invalid`, `protocol/invalid`
 */
export async function* trackPoints(options: PointTrackingOptions): AsyncGenerator<TrackedPointFrame, void, void> {
  const { encoder, mode: given = modes.exact, inputSize, logger, signal } = options;
  const { protocol: chosen = resolveProtocol("default") } = options;
  requireMode(given);
  requireProtocol(chosen);
  const mode = modeFor(given, "points");
  const protocol = underMode(chosen, mode);
  await using carrier = carrierFor(options, protocol, mode);
  requirePoints(options);
  const labelsOf = (first: Frame): GivenLabels => ({ mask: emptyMask(first), objects: [], points: options.points });
  const frames = encodedFrames(startingFrames(options), { encoder, protocol, mode, input: inputSize, logger });
  yield* carry({ frames, carrier, labelsOf, signal });
}

function carrierFor(
  { follower, threads, logger }: PointTrackingOptions,
  protocol: Protocol,
  mode: Mode,
): Carrier<TrackedPointFrame> {
  if (follower !== undefined) return new FollowedPoints(follower, logger);
  return new LabelCarrier({ protocol, mode, threads, logger });
}

function requirePoints({ points, pointsName, source }: PointTrackingOptions): void {
  if (points.length === 0)
    throw new UserError("points/none", {
      what: `${pointsName ?? "the points"} have no visible point in the frame to start from`,
    });
  requireInside(points, source, pointsName);
}
