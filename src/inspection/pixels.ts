/** @file The pixels whose candidates and affinity are shown: those requested, or those that move most. */
import { UserError } from "../core/errors.ts";
import type { CellGrid } from "../method/cellDescriptors.ts";
import type { PictureSize } from "../method/features.ts";
import type { MotionMap } from "../motion/motionEstimator.ts";
import type { Area, Colour } from "../video/drawing/marks.ts";
import type { Point } from "../video/point.ts";

/** A requested pixel (whole numbers, at the clip's own size) and its place in the pictures. */
export interface Pixel extends Point {
  /** As `x120-y80`, pixels of the clip. */
  readonly name: string;
  /** For people, as `(120, 80)`, pixels of the clip. */
  readonly place: string;
}

/** Colour of the ring around the pixel. */
export const PIXEL_COLOUR: Colour = [255, 60, 200];

/** Index of the cell that a point lies in. */
export function cellOf({ x, y }: Point, { width, height }: CellGrid, stride: number): number {
  const column = Math.min(width - 1, Math.floor(x / stride));
  const row = Math.min(height - 1, Math.floor(y / stride));
  return row * width + column;
}

/** The pixels of a cell. */
export function cellArea(cell: number, columns: number, stride: number): Area {
  const left = (cell % columns) * stride;
  const top = Math.floor(cell / columns) * stride;
  return { left, top, right: left + stride, bottom: top + stride };
}

/** @throws UserError `inspect/pixel` for a pixel outside the clip's frames. */
export function checkPixels(pixels: readonly Point[], { width, height }: PictureSize): void {
  const outside = pixels.find(({ x, y }) => x < 0 || y < 0 || x >= width || y >= height);
  if (outside === undefined) return;
  throw new UserError("inspect/pixel", {
    what: "the pixel lies outside the frame",
    got: `${outside.x},${outside.y}`,
    expected: `0,0 to ${width - 1},${height - 1}`,
  });
}

/** @param clip size of its frames. @param shown size of the pictures. */
export function shownPixel({ x, y }: Point, clip: PictureSize, shown: PictureSize): Pixel {
  return {
    x: ((x + 0.5) * shown.width) / clip.width,
    y: ((y + 0.5) * shown.height) / clip.height,
    name: `x${x}-y${y}`,
    place: `(${x}, ${y})`,
  };
}

/** Moving places are at least this share of the frame's longer side apart. */
const APART = 0.2;
/** Each moves at least this share as strongly as the strongest. */
const LEAST_SHARE = 0.5;

/**
 * The places that move most, by the mean strength of 5 × 5 cells; the frame's centre if nothing moves.
 * @param count the most places to return. @param clip size of its frames.
 * @returns whole pixels of the clip.
 */
export function movingPixels(map: MotionMap, count: number, clip: PictureSize): Point[] {
  const means = neighbourMeans(map);
  const pixelOf = (c: number): Point => ({
    x: Math.floor((((c % map.width) + 0.5) * clip.width) / map.width),
    y: Math.floor(((Math.floor(c / map.width) + 0.5) * clip.height) / map.height),
  });
  const least = LEAST_SHARE * means.reduce((most, mean) => Math.max(most, mean), 0);
  const moving = [...means.keys()].filter((c) => means[c] > 0 && means[c] >= least);
  const apart = APART * Math.max(clip.width, clip.height);
  const found: Point[] = [];
  for (const c of moving.sort((a, b) => means[b] - means[a] || a - b)) {
    const pixel = pixelOf(c);
    if (found.length < count && found.every(({ x, y }) => Math.hypot(x - pixel.x, y - pixel.y) > apart))
      found.push(pixel);
  }
  return found.length > 0 ? found : [{ x: Math.floor(clip.width / 2), y: Math.floor(clip.height / 2) }];
}

/** Means of the strength over 5 × 5 cells, fewer at the border. */
function neighbourMeans({ width, height, strength }: MotionMap): Float32Array {
  return strength.map((_, c) => {
    const [x, y] = [c % width, Math.floor(c / width)];
    let [sum, count] = [0, 0];
    for (let row = Math.max(0, y - 2); row <= Math.min(height - 1, y + 2); row++)
      for (let column = Math.max(0, x - 2); column <= Math.min(width - 1, x + 2); column++, count++)
        sum += strength[row * width + column];
    return sum / count;
  });
}
