/**
 * @file Points by direct matching: the features around the point in the first frame, and around where it was found in
 * the latest, are searched in a window around its last place; the best place is refined between cells. Cost grows with
 * the points, not with the frame.
 */
import { internal } from "../../core/errors.ts";
import type { FeatureMap } from "../../method/features.ts";
import type { Point } from "../../video/point.ts";
import { CellFeatures } from "./cellFeatures.ts";
import { PointAgreement } from "./pointAgreement.ts";
import type { FoundPoint, PointFollower } from "./pointFollower.ts";
import { bestPlace, similaritiesAround, type TemplatePart } from "./similarityWindow.ts";

/** What is compared, and where. */
export interface DirectMatchingOptions {
  /** How far a point may go from one frame to the next, cells to each side; default 8. */
  readonly radius?: number;
  /** Cells around the point that are compared too, to each side; default 3. */
  readonly patch?: number;
  /** Divides the similarities when the best place is refined; default 0.05. */
  readonly temperature?: number;
}

/** A point and what it looks like. */
interface Followed {
  readonly place: Point;
  readonly first: readonly TemplatePart[];
  readonly latest: readonly TemplatePart[];
}

/** Matches templates of features. */
export class DirectMatching implements PointFollower {
  private readonly options: Required<DirectMatchingOptions>;
  private followed: readonly Followed[] = [];
  private agreement: PointAgreement | undefined;

  constructor({ radius = 8, patch = 3, temperature = 0.05 }: DirectMatchingOptions = {}) {
    this.options = { radius, patch, temperature };
  }

  async begin(features: FeatureMap, places: readonly Point[]): Promise<void> {
    const frame = new CellFeatures(features);
    this.followed = places.map((place) => ({ place, first: this.template(frame, place), latest: [] }));
    this.agreement = new PointAgreement({ frame, places });
  }

  async next(features: FeatureMap): Promise<FoundPoint[]> {
    if (this.agreement === undefined) throw internal("a frame before the first one");
    const frame = new CellFeatures(features);
    const { radius, temperature } = this.options;
    this.followed = this.followed.map(({ place, first, latest }) => {
      const found = bestPlace(similaritiesAround(frame, [...first, ...latest], place, radius), temperature);
      return { place: found, first, latest: this.template(frame, found) };
    });
    const places = this.followed.map(({ place }) => place);
    const signals = this.agreement.next({ frame, places });
    return places.map((place, point) => ({ place, signals: signals[point] }));
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** Features around a place, the nearer the more they count; half of all, since there are two templates. */
  private template(frame: CellFeatures, { x, y }: Point): TemplatePart[] {
    const { patch } = this.options;
    const sigma = Math.max(1, (2 * patch) / 3);
    const parts: TemplatePart[] = [];
    for (let dy = -patch; dy <= patch; dy++)
      for (let dx = -patch; dx <= patch; dx++) {
        const weight = Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
        parts.push({ feature: frame.at({ x: x + dx, y: y + dy }), weight, dx, dy });
      }
    const total = 2 * parts.reduce((sum, { weight }) => sum + weight, 0);
    return parts.map((part) => ({ ...part, weight: part.weight / total }));
  }
}
