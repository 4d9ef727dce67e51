/** @file What carries points through a clip in a benchmark: a tracker, or the floor to compare it with. */
import type { Threads } from "../../core/machine.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import type { InputSize } from "../../tracking/encodedFrames.ts";
import type { Mode } from "../../tracking/modes.ts";
import type { PointFollower } from "../../tracking/points/pointFollower.ts";
import type { PointQuery, TrackedPoint } from "../../tracking/points/trackedPoint.ts";
import { trackPoints } from "../../tracking/points/trackPoints.ts";
import type { Protocol } from "../../tracking/protocols.ts";
import type { FrameSource } from "../../video/frame.ts";

/** A way to follow points. */
export interface PointMethod {
  /**
   * @param start index of the frame in which the points are known.
   * @returns the points in every frame from `start` on, the first one's included; fewer may be asked for.
   */
  follow(source: FrameSource, start: number, points: readonly PointQuery[]): AsyncIterable<readonly TrackedPoint[]>;
}

/** The floor: nothing ever moves. */
export const copyFirstPoints: PointMethod = {
  async *follow(source, start, points) {
    const still = points.map((point) => ({ ...point, visible: true, confidence: 1 }));
    for (let frame = start; frame < source.frameCount; frame++) yield still;
  },
};

/** How points are followed in any clip, see `PointTrackingOptions`. */
export interface PointTracking extends Threads {
  readonly protocol: Protocol;
  readonly mode: Mode;
  /** In the place of label propagation: a new one for each run. */
  readonly follower?: (() => PointFollower) | undefined;
}

/** What tracks, and how. */
export interface TrackedPointsOptions extends PointTracking {
  /** Stays open; the caller disposes of it. */
  readonly encoder: FeatureExtractor;
  readonly inputSize: InputSize;
}

/** The point tracker as a method. */
export function trackedPoints(setup: TrackedPointsOptions): PointMethod {
  return {
    async *follow(source, start, points) {
      const pointsName = `the joints of ${source.path}`;
      const run = { ...setup, follower: setup.follower?.(), source, start, points, pointsName };
      for await (const tracked of trackPoints(run)) yield tracked.points;
    },
  };
}
