/**
 * @file Drawing into a label map: `[H, W]` bytes, 0 = background, 1..254 = objects. Positions are pixels, origin at the
 * corner of the first pixel; a pixel belongs to a shape if its centre does. Every function returns the rectangle that it
 * may have changed.
 */

/** Whole pixels, left and top inside, right and bottom outside. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Place = readonly [x: number, y: number];

/** A map to draw into. */
export interface Map2d extends Size {
  readonly data: Uint8Array;
}

export const EMPTY: Rect = { left: 0, top: 0, right: 0, bottom: 0 };
export const isEmpty = ({ left, top, right, bottom }: Rect): boolean => right <= left || bottom <= top;
export const whole = ({ width, height }: Size): Rect => ({ left: 0, top: 0, right: width, bottom: height });

export const clamped = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** The smallest rectangle around both. */
export function union(a: Rect, b: Rect): Rect {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** Pixels within `margin` of the places, as far as they are in the map. */
export function around(places: readonly Place[], margin: number, { width, height }: Size): Rect {
  const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
  return {
    left: clamped(Math.floor(Math.min(...xs) - margin), 0, width),
    top: clamped(Math.floor(Math.min(...ys) - margin), 0, height),
    right: clamped(Math.ceil(Math.max(...xs) + margin) + 1, 0, width),
    bottom: clamped(Math.ceil(Math.max(...ys) + margin) + 1, 0, height),
  };
}

/** What is written where: a brush writes everywhere, an eraser only takes one object away. */
export interface Ink {
  readonly value: number;
  /** Only pixels of this object. */
  readonly only?: number;
}

/** A stroke of a round brush from one place to another. */
export function stroke(map: Map2d, from: Place, to: Place, radius: number, ink: Ink): Rect {
  const rect = around([from, to], radius, map);
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length2 = dx * dx + dy * dy;
  for (let y = rect.top; y < rect.bottom; y++) {
    for (let x = rect.left; x < rect.right; x++) {
      const [px, py] = [x + 0.5 - from[0], y + 0.5 - from[1]];
      const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length2));
      const [ex, ey] = [px - t * dx, py - t * dy];
      if (ex * ex + ey * ey <= radius * radius) put(map, y * map.width + x, ink);
    }
  }
  return rect;
}

/** A polygon by the even-odd rule; its last corner is joined to its first. */
export function fillPolygon(map: Map2d, corners: readonly Place[], ink: Ink): Rect {
  if (corners.length < 3) return EMPTY;
  const rect = around(corners, 0, map);
  for (let y = rect.top; y < rect.bottom; y++) {
    const crossings = crossingsAt(corners, y + 0.5);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const end = Math.min(rect.right, Math.ceil(crossings[i + 1] - 0.5));
      for (let x = Math.max(rect.left, Math.ceil(crossings[i] - 0.5)); x < end; x++) put(map, y * map.width + x, ink);
    }
  }
  return rect;
}

function crossingsAt(corners: readonly Place[], y: number): number[] {
  const found: number[] = [];
  for (const [i, [x1, y1]] of corners.entries()) {
    const [x2, y2] = corners[(i + 1) % corners.length];
    if (y1 <= y !== y2 <= y) found.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
  }
  return found.sort((a, b) => a - b);
}

/** Takes an object out of the map. */
export function removeObject(map: Map2d, id: number): Rect {
  let rect = EMPTY;
  for (let p = 0; p < map.data.length; p++) {
    if (map.data[p] !== id) continue;
    map.data[p] = 0;
    const [x, y] = [p % map.width, Math.floor(p / map.width)];
    rect = union(rect, { left: x, top: y, right: x + 1, bottom: y + 1 });
  }
  return rect;
}

function put({ data }: Map2d, at: number, { value, only }: Ink): void {
  if (only === undefined || data[at] === only) data[at] = value;
}

/**
 * Paints a region where no other object is.
 * @param runs lengths, row by row over the whole map: outside, inside, and so on.
 */
export function paintRuns({ data }: Map2d, runs: readonly number[], value: number): void {
  for (let r = 0, at = 0; r < runs.length; at += runs[r], r++)
    if (r % 2 === 1) for (let p = at; p < at + runs[r]; p++) if (data[p] === 0) data[p] = value;
}

/** Ids of the objects that have a pixel, ascending. */
export function objectsIn(data: Uint8Array): number[] {
  const seen = new Uint8Array(256);
  for (const value of data) seen[value] = 1;
  return [...seen.keys()].filter((id) => id > 0 && seen[id] === 1);
}

/**
 * What is seen of a frame: its labels, and beneath them the tracked objects that they do not name.
 * @param named ids that the labels name.
 */
export function compose(
  into: Map2d,
  rect: Rect,
  labels: Uint8Array | undefined,
  tracked: Uint8Array | undefined,
  named: ReadonlySet<number>,
): void {
  for (let y = rect.top; y < rect.bottom; y++) {
    for (let p = y * into.width + rect.left; p < y * into.width + rect.right; p++) {
      const label = labels?.[p] ?? 0;
      const below = tracked?.[p] ?? 0;
      into.data[p] = label !== 0 || named.has(below) ? label : below;
    }
  }
}

/** A rectangle with so many pixels more on every side, within the map. */
export function grown({ left, top, right, bottom }: Rect, by: number, { width, height }: Size): Rect {
  return {
    left: Math.max(0, left - by),
    top: Math.max(0, top - by),
    right: Math.min(width, right + by),
    bottom: Math.min(height, bottom + by),
  };
}
