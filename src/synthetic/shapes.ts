/**
 * @file Outlines of the parts as signed distances in centimetres: negative inside. Exact or a lower bound outside, so
 * that a ray can be marched along them. Formulas: https://iquilezles.org/articles/distfunctions2d/.
 */

/** Signed distance of (x, y) to an outline around the origin, in cm. */
export type Shape = (x: number, y: number) => number;

/** A rectangle with rounded corners. */
export function roundedBox(halfWidth: number, halfHeight: number, corner: number): Shape {
  return (x, y) => {
    const dx = Math.abs(x) - halfWidth + corner;
    const dy = Math.abs(y) - halfHeight + corner;
    return Math.min(Math.max(dx, dy), 0) + Math.sqrt(Math.max(dx, 0) ** 2 + Math.max(dy, 0) ** 2) - corner;
  };
}

/** A toothed disc with a bore and a ring of holes. */
export function gear(radius: number, teeth: number): Shape {
  const bore = 0.2 * radius;
  const ring = 0.55 * radius;
  const hole = 0.15 * radius;
  const sector = (2 * Math.PI) / 5;
  return (x, y) => {
    const r = Math.sqrt(x * x + y * y);
    const angle = Math.atan2(y, x);
    const tooth = Math.max(-1, Math.min(1, 2.2 * Math.cos(teeth * angle)));
    const rim = (r - radius * (0.93 + 0.07 * tooth)) * 0.7; // 0.7: the flanks are steep, the distance a lower bound
    const turned = angle - sector * Math.round(angle / sector);
    const holes = hole - Math.sqrt((r * Math.cos(turned) - ring) ** 2 + (r * Math.sin(turned)) ** 2);
    return Math.max(rim, bore - r, holes);
  };
}

/** An L of two legs with a hole in each. */
export function bracket(leg: number, width: number): Shape {
  const half = leg / 2;
  const flat = roundedBox(half, width / 2, 0.4);
  const upright = roundedBox(width / 2, half, 0.4);
  const shift = half - width / 2;
  const hole = 0.24 * width;
  return (x, y) => {
    const outline = Math.min(flat(x, y + shift), upright(x + shift, y));
    const first = hole - Math.sqrt((x - 0.6 * shift) ** 2 + (y + shift) ** 2);
    const second = hole - Math.sqrt((x + shift) ** 2 + (y - 0.6 * shift) ** 2);
    return Math.max(outline, first, second);
  };
}

/** A bolt that lies on its side: head at negative x, shank along x. */
export function bolt(length: number, thickness: number): Shape {
  const head = roundedBox(0.62 * thickness, 1.05 * thickness, 0.25);
  const shank = roundedBox(length / 2, thickness / 2, 0.2);
  return (x, y) => Math.min(head(x + length / 2, y), shank(x, y));
}
