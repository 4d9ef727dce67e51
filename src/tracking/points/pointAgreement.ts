/**
 * @file How sure a found place is: matched back, the feature there should match where the same point was in the frames
 * in memory (forward–backward agreement). The first frame, which is known to be right, has half of the vote; the other
 * half have the latest frames in which the point was visible, which still agree when its looks have changed. A point
 * that is covered or has left the frame matches elsewhere, and frames in which it was not visible have no vote, so that
 * what covers a point cannot vouch for itself.
 */
import type { Point } from "../../video/point.ts";
import { CellFeatures } from "./cellFeatures.ts";
import { bestPlace, similaritiesAround } from "./similarityWindow.ts";

/** The evidence for a found place. */
export interface PointSignals {
  /** Agreement of the first frame, 0..1. */
  readonly first: number;
  /**
   * Mean agreement of the latest frames in which the point was visible, 0..1; that of the first frame if there are
   * none.
   */
  readonly recent: number;
  /** Cosine similarity of the feature there with that of the point in the first frame, −1..1. */
  readonly likeness: number;
}

/** Vote of the first frame, which is known to be right. */
export function agreementOf({ first, recent }: PointSignals): number {
  return (first + recent) / 2;
}

/** Least agreement with which a point counts as visible. */
export const VISIBLE = 0.5;

/** How many of the latest frames in which a point was visible have a vote. */
const RECENT = 3;

/** Frames in which a point was visible are taken from so many of the latest. */
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

/** Remembers frames and measures how far they agree with a new one. */
export class PointAgreement {
  private readonly first: KnownFrame;
  /** Of each point in the first frame. */
  private readonly features: readonly Float32Array[];
  /** Latest first, with the agreement on each point. */
  private readonly recent: (KnownFrame & { readonly votes: readonly number[] })[] = [];

  constructor(first: KnownFrame) {
    this.first = first;
    this.features = first.places.map((place) => first.frame.at(place));
  }

  /** The signals of each point of the following frame, which is then remembered. */
  next(known: KnownFrame): PointSignals[] {
    const signals = known.places.map((place, point): PointSignals => {
      const feature = known.frame.at(place);
      const first = agreement(this.first, point, feature);
      const likeness = cosine(feature, this.features[point]);
      const seen = this.recent.filter(({ votes }) => votes[point] >= VISIBLE).slice(0, RECENT);
      if (seen.length === 0) return { first, recent: first, likeness };
      const later = seen.map((one) => agreement(one, point, feature));
      return { first, recent: later.reduce((sum, vote) => sum + vote, 0) / later.length, likeness };
    });
    this.remember(known, signals.map(agreementOf));
    return signals;
  }

  /** A frame with the agreement that it had. */
  remember(known: KnownFrame, votes: readonly number[]): void {
    this.recent.unshift({ ...known, votes });
    this.recent.length = Math.min(this.recent.length, FRAMES_KEPT);
  }
}

/** Of two features of length 1. */
function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, c) => sum + value * b[c], 0);
}

function agreement({ frame, places }: KnownFrame, point: number, feature: Float32Array): number {
  const window = similaritiesAround(frame, [{ feature, weight: 1, dx: 0, dy: 0 }], places[point], RADIUS);
  const { x, y } = bestPlace(window, TEMPERATURE);
  const square = (x - places[point].x) ** 2 + (y - places[point].y) ** 2;
  return Math.exp(-square / (2 * TOLERANCE * TOLERANCE));
}
