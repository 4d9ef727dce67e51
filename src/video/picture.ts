/** @file A picture in memory, the part of a `Frame` that pure functions need. */

/** sRGB picture. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 3]` uint8, row-major. */
  readonly data: Uint8Array;
}
