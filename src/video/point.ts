/** @file A place in a frame. */

/**
 * Pixels of the original frame, x to the right, y down, origin at the corner of the first pixel (its centre is (0.5,
 * 0.5)).
 */
export interface Point {
  readonly x: number;
  readonly y: number;
}
