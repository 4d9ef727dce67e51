/** @file A named polygon of a frame, as annotation tools draw and exchange them. */
import type { Point } from "../video/point.ts";
import type { Verdict } from "./verdict.ts";

/**
 * A polygon in a frame. The fill rule is even-odd over all rings together, so that a ring within
 * another one is a hole and separate rings are separate parts; a pixel belongs to the polygon if its centre does.
 */
export interface PolygonAnnotation extends Verdict {
  /** Of its object, the same in all frames. */
  readonly name: string;
  /** Closed: the last vertex is joined to the first, which is not repeated. At least three vertices each. */
  readonly rings: readonly (readonly Point[])[];
}
