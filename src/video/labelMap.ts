/** @file Which object every pixel belongs to. */

/** Void: pixels that a data set leaves out of the score. */
export const VOID = 255;

/** A label per pixel. */
export interface LabelMap {
  readonly width: number;
  readonly height: number;
  /** `[height, width]` uint8: 0 = background, 1..254 = object ids, 255 = void where a data set says so. */
  readonly data: Uint8Array;
}
