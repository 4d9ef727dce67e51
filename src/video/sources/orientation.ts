/**
 * @file How a stored picture must be turned or mirrored to be upright, from the display matrix of MP4, MOV and similar
 * files (ISO/IEC 14496-12, 3×3, 16.16 fixed point, row vectors: x' = a·x + c·y, y' = b·x + d·y).
 */
import type { RgbPicture } from "../picture.ts";

/** A turn by a multiple of 90° with or without mirroring; each entry is -1, 0 or 1 and the matrix is orthogonal. */
export interface Orientation {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** The orientation of a picture stored upright. */
export const UPRIGHT: Orientation = { a: 1, b: 0, c: 0, d: 1 };

/**
 * The orientation nearest to a display matrix.
 * @param matrix 9 values, the linear part at 0, 1, 3 and 4, at any scale; undefined or degenerate means upright
 */
export function orientationOf(matrix: ArrayLike<number> | undefined): Orientation {
  if (matrix === undefined || matrix.length < 5) return UPRIGHT;
  const [a, b, c, d] = [matrix[0], matrix[1], matrix[3], matrix[4]];
  const straight = Math.abs(a) + Math.abs(d);
  const turned = Math.abs(b) + Math.abs(c);
  const orientation =
    straight >= turned
      ? { a: Math.sign(a), b: 0, c: 0, d: Math.sign(d) }
      : { a: 0, b: Math.sign(b), c: Math.sign(c), d: 0 };
  return Math.abs(orientation.a * orientation.d - orientation.b * orientation.c) === 1 ? orientation : UPRIGHT;
}

/** The display matrix of a clockwise turn in degrees (a multiple of 90), as linear part in the 9-entry layout. */
export function matrixOfTurn(clockwiseDegrees: number): number[] {
  const angle = (clockwiseDegrees * Math.PI) / 180;
  const [cos, sin] = [Math.round(Math.cos(angle)), Math.round(Math.sin(angle))];
  return [cos, sin, 0, -sin, cos, 0, 0, 0, 1];
}

/** Width and height after turning. */
export function orientedSize(width: number, height: number, orientation: Orientation): [number, number] {
  return orientation.a === 0 ? [height, width] : [width, height];
}

/** Turns a picture; returns the same object if it is already upright. */
export function orient(picture: RgbPicture, orientation: Orientation): RgbPicture {
  const { a, b, c, d } = orientation;
  if (a === 1 && d === 1) return picture;
  const [width, height] = orientedSize(picture.width, picture.height, orientation);
  const data = new Uint8Array(picture.data.length);
  // Pixel (x', y') comes from the inverse (= transposed) matrix; a negative axis is read from its far end.
  const firstX = a + b < 0 ? picture.width - 1 : 0;
  const firstY = c + d < 0 ? picture.height - 1 : 0;
  const stepX = 3 * (a + c * picture.width);
  const stepY = 3 * (b + d * picture.width);
  const first = 3 * (firstY * picture.width + firstX);
  for (let y = 0, o = 0; y < height; y++)
    for (let x = 0, s = first + y * stepY; x < width; x++, s += stepX, o += 3) {
      data[o] = picture.data[s];
      data[o + 1] = picture.data[s + 1];
      data[o + 2] = picture.data[s + 2];
    }
  return { width, height, data };
}
