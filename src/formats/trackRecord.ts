/** @file The one record of tracking: an object (mask, box or point) in a frame. docs/results.md says what each value means. */

/** An object in a frame; pixels of the original frame, origin at the corner of the first pixel. */
export interface TrackRecord {
  /** Index of the frame, from 0. */
  readonly frame: number;
  /** Seconds on the clip's own clock. */
  readonly timeSec: number;
  /** What the object is called: the id of a mask, the name of a box or point; one name, one object. */
  readonly name: string;
  /** 1..254: the object's value in masks, and its colour in pictures. */
  readonly label: number;
  /** Whether it can be seen in this frame, as far as the tracker can tell. */
  readonly visible: boolean;
  /** 0..1. */
  readonly confidence: number;
  /** A point's place or the mean of a mask's pixel centres; the best guess where it is not visible, null without one. */
  readonly place: readonly [x: number, y: number] | null;
  /** The mask's tight box [x, y, width, height]; null for points and where there is no mask. */
  readonly box: readonly [number, number, number, number] | null;
  /** Pixels of the mask; null for points. */
  readonly area: number | null;
  /** px/s. */
  readonly speed: TrackSpeed;
}

/** How fast an object moves, px/s; null where that cannot be said. */
export interface TrackSpeed {
  /** Path since the frame before over the time between. */
  readonly raw: number | null;
  /** That of a straight line fitted through the places of the last quarter of a second, see `Speedometer`. */
  readonly smooth: number | null;
}
