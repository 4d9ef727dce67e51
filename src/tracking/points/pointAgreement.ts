/**
 * @file How sure a found place is: matched back, the feature there should lead to where the same point was in the frames in memory
 * (forward–backward agreement). Half the say has the first frame, which is known to be right; half have the latest frames in which the point was
 * visible, which still agree when it has come to look different. A point that is covered or has left the frame leads elsewhere, and frames in which
 * it was not visible have no say, so that what covers a point cannot vouch for itself.
 */
import type { Point } from "../../video/point.ts";
import { CellFeatures } from "./cellFeatures.ts";
import { bestPlace, similaritiesAround } from "./similarityWindow.ts";

/** From this agreement on a point is said to be visible. */
export const VISIBLE = 0.5;

/** How many of the latest frames in which a point was visible have a say. */
const RECENT = 3;

/** Frames in which a point was visible are looked for among so many of the latest. */
export const FRAMES_KEPT = 8;

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
  /** Latest first, with the agreement on each point. */
  private readonly recent: (KnownFrame & { readonly votes: readonly number[] })[] = [];

  constructor(first: KnownFrame) {
    this.first = first;
  }

  /**
   * The agreement on each point of the following frame, which is then remembered.
   * @returns 0..1 for each point.
   */
  next(known: KnownFrame): number[] {
    const votes = known.places.map((place, point) => {
      const feature = known.frame.at(place);
      const first = agreement(this.first, point, feature);
      const seen = this.recent.filter(({ votes }) => votes[point] >= VISIBLE).slice(0, RECENT);
      if (seen.length === 0) return first;
      const later = seen.map((one) => agreement(one, point, feature));
      return (first + later.reduce((sum, vote) => sum + vote, 0) / later.length) / 2;
    });
    this.remember(known, votes);
    return votes;
  }

  /** A frame with the agreement that it had. */
  remember(known: KnownFrame, votes: readonly number[]): void {
    this.recent.unshift({ ...known, votes });
    this.recent.length = Math.min(this.recent.length, FRAMES_KEPT);
  }
}

function agreement({ frame, places }: KnownFrame, point: number, feature: Float32Array): number {
  const window = similaritiesAround(frame, [{ feature, weight: 1, dx: 0, dy: 0 }], places[point], RADIUS);
  const { x, y } = bestPlace(window, TEMPERATURE);
  const square = (x - places[point].x) ** 2 + (y - places[point].y) ** 2;
  return Math.exp(-square / (2 * TOLERANCE * TOLERANCE));
}
