/** @file Lines and polygons in a picture: sides, crossings, inside and outside. */
import type { Point } from "../video/point.ts";

/** The signed distance of a place from the infinite line through two others; positive at the right of the way there. */
export function distanceFrom(from: Point, to: Point, { x, y }: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  return (dx * (y - from.y) - dy * (x - from.x)) / Math.hypot(dx, dy);
}

/** Which side a place is on; the line itself belongs to the right. */
const sideOf = (from: Point, to: Point, place: Point): 1 | -1 => (distanceFrom(from, to, place) >= 0 ? 1 : -1);

/**
 * How a straight step passes between the ends of a line: 1 from its left to its right, −1 the other way, 0 not at all. The
 * step back gives the opposite.
 */
export function passes(from: Point, to: Point, before: Point, after: Point): 1 | -1 | 0 {
  const [side, next] = [sideOf(from, to, before), sideOf(from, to, after)];
  if (side === next) return 0;
  // Always from the left: both ways round to the same place, also at the very end of a line.
  const [left, right] = side < 0 ? [before, after] : [after, before];
  const [far, near] = [distanceFrom(from, to, left), distanceFrom(from, to, right)];
  const share = far / (far - near);
  const at = { x: left.x + share * (right.x - left.x), y: left.y + share * (right.y - left.y) };
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = ((at.x - from.x) * dx + (at.y - from.y) * dy) / (dx * dx + dy * dy);
  return along >= 0 && along <= 1 ? next : 0;
}

/** Whether a place lies in a polygon, by the even-odd rule. */
export function isInside(corners: readonly Point[], { x, y }: Point): boolean {
  let inside = false;
  for (const [i, a] of corners.entries()) {
    const b = corners[(i + 1) % corners.length];
    if (a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) inside = !inside;
  }
  return inside;
}

/** Whether any two edges of a polygon that are no neighbours meet. */
export function crossesItself(corners: readonly Point[]): boolean {
  const edges = corners.map((from, i) => [from, corners[(i + 1) % corners.length]] as const);
  return edges.some(([a, b], i) =>
    edges.some(([c, d], j) => j > i + 1 && (j + 1) % edges.length !== i && meet(a, b, c, d)),
  );
}

function meet(a: Point, b: Point, c: Point, d: Point): boolean {
  return sideOf(a, b, c) !== sideOf(a, b, d) && sideOf(c, d, a) !== sideOf(c, d, b);
}
