/**
 * @file Reads points from the heat maps that were carried to each frame: where they are, and how far earlier frames
 * agree. A visible point is searched where it is expected, a hidden one in a wider circle, and after a cut everywhere
 * (docs/keypoints.md has what that is worth).
 */
import type { ResumableWith } from "../../core/resumable.ts";
import type { FeatureMap } from "../../method/features.ts";
import type { Point } from "../../video/point.ts";
import { pointConfidence } from "../confidence/pointCalibration.ts";
import { CellFeatures } from "./cellFeatures.ts";
import { keepNear, readHeatMap } from "./heatMaps.ts";
import { agreementOf, FRAMES_KEPT, PointAgreement, VISIBLE } from "./pointAgreement.ts";
import type { FoundPoint } from "./pointFollower.ts";

/** How far a visible point is expected from its last place: standard deviation, cells. */
const NEAR = 6;

/** The same, from where its motion leads. */
const NEAR_EXPECTED = 2.5;

/** How much wider that grows with every frame in which the point is not visible. */
const WIDENING = 0.25;

/** What resuming after a frame needs of it, beside its features. */
export interface ReadPoints {
  /** In cells. */
  readonly places: readonly Point[];
  /** Agreement on each point, 0..1. */
  readonly votes: readonly number[];
  /** Calibrated, see `TrackedPoint`; 0 without evidence for a place. */
  readonly confidence: readonly number[];
}

/** What is known of a frame before its maps are read. */
export interface ReadOptions {
  /** Whether it belongs to another shot; default no. */
  readonly cut?: boolean;
  /** By point, where it is expected, cells; undefined where nothing says. Default: nowhere. */
  readonly expected?: readonly (Point | undefined)[] | undefined;
}

/** A frame that was read before. */
export interface FrameReadAgain {
  readonly features: FeatureMap;
  /** Whether the frame belongs to another shot than the one before. */
  readonly cut: boolean;
}

/** Reads the frames of one pass in order. Resuming needs the latest `FRAMES_KEPT` of them again. */
export class HeatMapReader implements ResumableWith<ReadPoints, FrameReadAgain> {
  private readonly agreement: PointAgreement;
  private readonly nearby: boolean;
  private latest: ReadPoints;
  /**
   * For how many frames each point has not been visible; counted no further than the frames that are kept, so that
   * these suffice to restore it.
   */
  private unseen: readonly number[];

  /**
   * The frame in which the points are known.
   * @param places in cells.
   * @param nearby whether points are searched near their last place.
   */
  constructor(features: FeatureMap, places: readonly Point[], nearby: boolean) {
    this.nearby = nearby;
    this.agreement = new PointAgreement({ frame: new CellFeatures(features), places });
    this.latest = { places, votes: places.map(() => 1), confidence: places.map(() => 1) };
    this.unseen = places.map(() => 0);
  }

  /** What was read last. */
  state(): ReadPoints {
    return this.latest;
  }

  /**
   * The next frame's points.
   * @param maps `[height, width, columns]`, the points' maps in the last columns; what lies far from where a point was
   * is weakened in place.
   */
  next(features: FeatureMap, maps: Float32Array, { cut = false, expected = [] }: ReadOptions = {}): FoundPoint[] {
    const count = this.latest.places.length;
    const columns = maps.length / (features.width * features.height);
    // Where nothing of a point's map was carried, the point stays where it was, without evidence.
    const read = this.latest.places.map((last, i) => {
      const point = columns - count + i;
      const place = expected[i] ?? last;
      const near = expected[i] === undefined ? NEAR : NEAR_EXPECTED;
      if (this.nearby && !cut)
        keepNear(maps, features, { columns, point, place, sigma: near * (1 + WIDENING * this.unseen[i]) });
      return readHeatMap(maps, features, columns, point);
    });
    const places = read.map((place, point) => place ?? this.latest.places[point]);
    const signals = this.agreement.next({ frame: new CellFeatures(features), places });
    const found = places.map((place, i) => ({ place, signals: read[i] === null ? null : signals[i] }));
    const confidence = found.map((point) => pointConfidence(point.signals));
    this.note({ places, votes: signals.map(agreementOf), confidence }, cut);
    return found;
  }

  resume(read: ReadPoints, { features, cut }: FrameReadAgain): void {
    this.agreement.remember({ frame: new CellFeatures(features), places: read.places }, read.votes);
    this.note(read, cut);
  }

  private note(read: ReadPoints, cut: boolean): void {
    this.latest = read;
    const { votes, confidence } = read;
    const isSeen = (i: number): boolean => votes[i] >= VISIBLE && confidence[i] > 0;
    this.unseen = this.unseen.map((count, i) => (isSeen(i) ? 0 : cut ? FRAMES_KEPT : Math.min(FRAMES_KEPT, count + 1)));
  }
}
