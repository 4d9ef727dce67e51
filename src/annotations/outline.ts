/**
 * @file The outline of an object's pixels, along their edges: filled by the even-odd rule it gives the same pixels again,
 * whatever their shape. Outlines are not smoothed: a smooth one would be another mask.
 */
import type { Point } from "../video/point.ts";
import type { Region } from "./region.ts";

/** Right, down, left, up. */
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/**
 * Rings along the edges of pixels, with the object to the right of the way (y down): clockwise around its parts,
 * anticlockwise around holes. Vertices are where the way turns. Parts that touch at a corner are separate rings.
 */
export function outlineOf(region: Region): Point[][] {
  const left = edgesOf(region);
  const rings: Point[][] = [];
  for (const start of left.keys()) while (left.has(start)) rings.push(ringFrom(start, left, region));
  return rings;
}

/** Corners of pixels are counted along rows of `width + 1`. */
const stride = ({ width }: Region): number => width + 1;

/** Directions in which edges leave a corner, by corner. */
function edgesOf(region: Region): Map<number, number[]> {
  const { width, height, data } = region;
  const edges = new Map<number, number[]>();
  const add = (x: number, y: number, direction: number): void => {
    const corner = y * stride(region) + x;
    const there = edges.get(corner);
    if (there === undefined) edges.set(corner, [direction]);
    else there.push(direction);
  };
  const inside = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] !== 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] === 0) continue;
      if (!inside(x, y - 1)) add(x, y, 0);
      if (!inside(x + 1, y)) add(x + 1, y, 1);
      if (!inside(x, y + 1)) add(x + 1, y + 1, 2);
      if (!inside(x - 1, y)) add(x, y + 1, 3);
    }
  return edges;
}

function ringFrom(start: number, left: Map<number, number[]>, region: Region): Point[] {
  const ring: Point[] = [];
  let [corner, before] = [start, -1];
  let first = -1;
  do {
    const direction = take(corner, before, left);
    if (direction !== before) ring.push(pointAt(corner, region));
    if (first < 0) first = direction;
    const [dx, dy] = STEPS[direction];
    corner += dy * stride(region) + dx;
    before = direction;
  } while (corner !== start);
  if (before === first) ring.shift();
  return ring;
}

/** Of two edges that leave a corner, the one to the right: parts that touch there stay separate. */
function take(corner: number, before: number, left: Map<number, number[]>): number {
  const leaving = left.get(corner) ?? [];
  const right = leaving.indexOf((before + 1) % 4);
  const [direction] = leaving.splice(before >= 0 && right >= 0 ? right : 0, 1);
  if (leaving.length === 0) left.delete(corner);
  return direction;
}

function pointAt(corner: number, region: Region): Point {
  const x = corner % stride(region);
  return { x: region.x + x, y: region.y + (corner - x) / stride(region) };
}

/**
 * All rings as one: from the first vertex of the first ring a way leads to each of the others, around it, and back.
 * Filled by the even-odd rule it gives the same pixels, since the ways are gone twice.
 */
export function asOneRing(rings: readonly (readonly Point[])[]): Point[] {
  const [first = [], ...others] = rings;
  if (others.length === 0) return [...first];
  const back = others.flatMap((ring) => [...ring, ring[0], first[0]]);
  return [...first, first[0], ...back];
}
