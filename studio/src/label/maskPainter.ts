/** @file A label map as colours over the picture, pixel for pixel. */
import { isEmpty, type Map2d, type Rect } from "./labelMap.ts";

/** How masks are shown. */
export const MASK_STYLES = ["filled", "outlines", "hidden"] as const;
export type MaskStyle = (typeof MASK_STYLES)[number];

export interface Paint {
  readonly style: MaskStyle;
  /** Of the filling, 0..1. */
  readonly opacity: number;
  /** Red, green, blue of an object. */
  readonly rgb: (id: number) => readonly [number, number, number];
  /** Objects that may be wrong here: hatched. */
  readonly uncertain: ReadonlySet<number>;
}

/** Pixels between lines of a hatching. */
const HATCH = 6;

/**
 * The colours of a rectangle of the map.
 * @returns RGBA, not premultiplied, row by row of the rectangle
 */
export function painted(map: Map2d, rect: Rect, paint: Paint): Uint8ClampedArray<ArrayBuffer> {
  const across = rect.right - rect.left;
  const rgba = new Uint8ClampedArray(isEmpty(rect) ? 0 : across * (rect.bottom - rect.top) * 4);
  if (paint.style === "hidden") return rgba;
  const colours = Array.from({ length: 256 }, (_, id) => paint.rgb(Math.max(1, id)));
  for (let y = rect.top, at = 0; y < rect.bottom; y++) {
    for (let x = rect.left; x < rect.right; x++, at += 4) {
      const id = map.data[y * map.width + x];
      if (id === 0) continue;
      const alpha = alphaAt(map, x, y, id, paint);
      if (alpha === 0) continue;
      const [r, g, b] = colours[id];
      rgba[at] = r;
      rgba[at + 1] = g;
      rgba[at + 2] = b;
      rgba[at + 3] = alpha;
    }
  }
  return rgba;
}

function alphaAt(map: Map2d, x: number, y: number, id: number, { style, opacity, uncertain }: Paint): number {
  if (isEdge(map, x, y, id)) return 255;
  if (style === "outlines") return 0;
  const isGap = uncertain.has(id) && (x + y) % HATCH >= HATCH / 2;
  return Math.round(255 * opacity * (isGap ? 0.35 : 1));
}

function isEdge({ data, width, height }: Map2d, x: number, y: number, id: number): boolean {
  const p = y * width + x;
  return (
    (x > 0 && data[p - 1] !== id) ||
    (x + 1 < width && data[p + 1] !== id) ||
    (y > 0 && data[p - width] !== id) ||
    (y + 1 < height && data[p + width] !== id)
  );
}
