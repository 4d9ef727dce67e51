/**
 * @file How sure a found place is: matched back, the feature there should lead to where the same point was in the frames in memory
 * (forward–backward agreement). Half the say has the first frame, which is known to be right; half have the recent frames together, which
 * still agree when a point has come to look different. A point that is covered or has left the frame leads elsewhere.
 */
import type { Point } from "../../video/point.ts";
import { CellFeatures } from "./cellFeatures.ts";
import { bestPlace, similaritiesAround } from "./similarityWindow.ts";

/** Distances back of the recent frames. */
const RECENT = [1, 3, 5];

/** How far around the known place the way back is searched, cells. */
const RADIUS = 12;

/** A place that is off by so many cells has e^(−1/2) of the full agreement. */
const TOLERANCE = 2;

/** As label propagation. */
const TEMPERATURE = 0.05;

/** A frame with the points' places in it. */
interface KnownFrame {
  readonly frame: CellFeatures;
  /** In cells. */
  readonly places: readonly Point[];
}

/** Remembers frames and says how far they agree with a new one. */
export class PointAgreement {
  private readonly first: KnownFrame;
  /** Latest first. */
  private readonly recent: KnownFrame[] = [];

  constructor(first: KnownFrame) {
    this.first = first;
  }

  /**
   * The agreement on each point of the following frame, which is then remembered.
   * @returns 0..1 for each point.
   */
  next(known: KnownFrame): number[] {
    const recent = RECENT.flatMap((distance) => this.recent[distance - 1] ?? []);
    const votes = known.places.map((place, point) => {
      const feature = known.frame.at(place);
      const first = agreement(this.first, point, feature);
      if (recent.length === 0) return first;
      const later = recent.map((one) => agreement(one, point, feature));
      return (first + later.reduce((sum, vote) => sum + vote, 0) / later.length) / 2;
    });
    this.recent.unshift(known);
    this.recent.length = Math.min(this.recent.length, Math.max(...RECENT));
    return votes;
  }
}

function agreement({ frame, places }: KnownFrame, point: number, feature: Float32Array): number {
  const window = similaritiesAround(frame, [{ feature, weight: 1, dx: 0, dy: 0 }], places[point], RADIUS);
  const { x, y } = bestPlace(window, TEMPERATURE);
  const square = (x - places[point].x) ** 2 + (y - places[point].y) ** 2;
  return Math.exp(-square / (2 * TOLERANCE * TOLERANCE));
}
