/**
 * @file Points out of the heat maps that were carried to each frame: where they are, and how far earlier frames agree. A point is looked for near
 * where it was, in a wider and wider circle while it is not visible (docs/keypoints.md has what that is worth).
 */
import type { FeatureMap } from "../../method/features.ts";
import type { Point } from "../../video/point.ts";
import { pointConfidence } from "../confidence/pointCalibration.ts";
import { CellFeatures } from "./cellFeatures.ts";
import { keepNear, readHeatMap } from "./heatMaps.ts";
import { agreementOf, FRAMES_KEPT, PointAgreement, VISIBLE } from "./pointAgreement.ts";
import type { FoundPoint } from "./pointFollower.ts";

/** How far a visible point is expected from its last place: standard deviation, cells. */
const NEAR = 6;

/** How much wider that grows with every frame in which the point is not visible. */
const WIDENING = 0.25;

/** What has to be kept of a frame, beside its features, to go on after it. */
export interface ReadPoints {
  /** In cells. */
  readonly places: readonly Point[];
  /** Agreement on each point, 0..1. */
  readonly votes: readonly number[];
  /** Calibrated, see `TrackedPoint`; 0 where nothing speaks for a place. */
  readonly confidence: readonly number[];
}

/** Reads the frames of one pass in order. */
export class HeatMapReader {
  private readonly agreement: PointAgreement;
  private latest: ReadPoints;
  /** For how many frames each point has not been visible; counted no further than the frames that are kept, so that it can be told from these. */
  private unseen: readonly number[];

  /** The frame in which the points are known. @param places in cells. */
  constructor(features: FeatureMap, places: readonly Point[]) {
    this.agreement = new PointAgreement({ frame: new CellFeatures(features), places });
    this.latest = { places, votes: places.map(() => 1), confidence: places.map(() => 1) };
    this.unseen = places.map(() => 0);
  }

  /** What was read last. */
  get read(): ReadPoints {
    return this.latest;
  }

  /**
   * The next frame's points.
   * @param maps `[height, width, columns]`, the points' maps in the last columns; what lies far from where a point was is weakened in place.
   */
  next(features: FeatureMap, maps: Float32Array): FoundPoint[] {
    const count = this.latest.places.length;
    const columns = maps.length / (features.width * features.height);
    // Where nothing of a point's map was carried on, it stays where it was, without anything that speaks for it.
    const read = this.latest.places.map((place, i) => {
      const point = columns - count + i;
      keepNear(maps, features, { columns, point, place, sigma: NEAR * (1 + WIDENING * this.unseen[i]) });
      return readHeatMap(maps, features, columns, point);
    });
    const places = read.map((place, point) => place ?? this.latest.places[point]);
    const signals = this.agreement.next({ frame: new CellFeatures(features), places });
    const found = places.map((place, i) => ({ place, signals: read[i] === null ? null : signals[i] }));
    const confidence = found.map((point) => pointConfidence(point.signals));
    this.note({ places, votes: signals.map(agreementOf), confidence });
    return found;
  }

  /** A frame that was read before, in order. */
  restore(features: FeatureMap, read: ReadPoints): void {
    this.agreement.remember({ frame: new CellFeatures(features), places: read.places }, read.votes);
    this.note(read);
  }

  private note(read: ReadPoints): void {
    this.latest = read;
    this.unseen = this.unseen.map((count, i) => (read.votes[i] >= VISIBLE ? 0 : Math.min(FRAMES_KEPT, count + 1)));
  }
}
