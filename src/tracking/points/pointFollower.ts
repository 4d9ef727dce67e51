/** @file The interface of the ways to follow points. Positions are in feature cells here. */
import type { FeatureMap } from "../../method/features.ts";
import type { Point } from "../../video/point.ts";
import type { PointSignals } from "./pointAgreement.ts";

/** Where a point was found. */
export interface FoundPoint {
  /** In cells from the corner of the first cell (its centre is (0.5, 0.5)), between cells as well. */
  readonly place: Point;
  /** The evidence for it, see `PointAgreement`; null without any. */
  readonly signals: PointSignals | null;
}

/** Follows points through the features of one clip's frames, given in order; every frame of one size. */
export interface PointFollower extends AsyncDisposable {
  /** The first frame, in which the points are known. @param places in cells. */
  begin(features: FeatureMap, places: readonly Point[]): Promise<void>;
  /** The next frame. @returns one entry per point. */
  next(features: FeatureMap): Promise<FoundPoint[]>;
}
