/** @file The pixels of one object in a frame, as the part of a picture that holds them. */
import type { LabelMap } from "../video/labelMap.ts";
import type { Point } from "../video/point.ts";
import type { FrameSize } from "./point.ts";

/** A rectangle of pixels, of which some belong to an object. */
export interface Region {
  /** Top left pixel. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** `[height, width]` uint8: 1 = the object, 0 = not. */
  readonly data: Uint8Array;
}

/** The smallest region that holds all pixels with one label; undefined where there is none. */
export function regionOf({ width, height, data }: LabelMap, label: number): Region | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width, (y + 1) * width);
    const first = row.indexOf(label);
    if (first < 0) continue;
    left = Math.min(left, first);
    right = Math.max(right, row.lastIndexOf(label));
    top = Math.min(top, y);
    bottom = y;
  }
  if (bottom < 0) return undefined;
  const region = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
  const pixels = new Uint8Array(region.width * region.height);
  for (let y = 0; y < region.height; y++)
    for (let x = 0; x < region.width; x++)
      if (data[(top + y) * width + left + x] === label) pixels[y * region.width + x] = 1;
  return { ...region, data: pixels };
}

/** Number of the object's pixels. */
export function areaOf({ data }: Region): number {
  let count = 0;
  for (const value of data) count += value;
  return count;
}

/**
 * The pixels whose centre lies within rings, by the even-odd rule over all of them; what lies beyond the frame is cut
 * off. An edge owns its upper end and a pixel whose centre is on it lies to its right, so that shapes that share an edge
 * share no pixel.
 * @returns the smallest rectangle around the rings within the frame; undefined where no pixel belongs
 */
export function filled(rings: readonly (readonly Point[])[], { width, height }: FrameSize): Region | undefined {
  const edges = rings.flatMap((ring) => ring.map((from, i) => ({ from, to: ring[(i + 1) % ring.length] })));
  const label = { width, height, data: new Uint8Array(width * height) };
  const bounds = boundsOf(rings.flat());
  const [top, bottom] = [Math.max(0, Math.floor(bounds.top)), Math.min(height, Math.ceil(bounds.bottom))];
  for (let y = top; y < bottom; y++) {
    const crossings = edges.flatMap(({ from, to }) => crossing(from, to, y + 0.5)).sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const [start, end] = [Math.max(0, Math.ceil(crossings[i] - 0.5)), Math.ceil(crossings[i + 1] - 0.5)];
      if (end > start) label.data.fill(1, y * width + start, y * width + Math.min(width, end));
    }
  }
  return regionOf(label, 1);
}

/** Where an edge crosses a row; the same number in both directions, so that ways there and back leave nothing between. */
function crossing(from: Point, to: Point, y: number): [x: number] | [] {
  if (from.y > y === to.y > y) return [];
  const [top, bottom] = from.y < to.y ? [from, to] : [to, from];
  return [top.x + ((y - top.y) / (bottom.y - top.y)) * (bottom.x - top.x)];
}

/** Edges of the rectangle around places; those of no place are infinite, the left one to the right of the right one. */
export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function boundsOf(places: Iterable<Point>): Bounds {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of places) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, right, bottom };
}

/** Whether the rectangles around some rings share any area; parts that do not are surely apart. */
export function mayOverlap(rings: readonly (readonly Point[])[]): boolean {
  const all = rings.map(boundsOf).sort((a, b) => a.left - b.left);
  return all.some((one, i) => {
    for (let j = i + 1; j < all.length && all[j].left < one.right; j++)
      if (all[j].bottom > one.top && all[j].top < one.bottom) return true;
    return false;
  });
}

/** Puts an object's pixels over a frame's labels; what lies beyond the frame is left out. */
export function paint(on: LabelMap, { x, y, width, height, data }: Region, label: number): void {
  for (let row = Math.max(0, -y); row < Math.min(height, on.height - y); row++)
    for (let column = Math.max(0, -x); column < Math.min(width, on.width - x); column++)
      if (data[row * width + column] !== 0) on.data[(y + row) * on.width + x + column] = label;
}
