/** @file Boxes that tools let people turn, as outlines. */
import type { Point } from "../video/point.ts";

/** The corners of a box, turned clockwise (y down) by some degrees about a place. */
export function rotatedBox(
  { x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  degrees: number,
  about: Point,
): Point[] {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const corners = [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
  return corners.map(([cx, cy]) => {
    const [dx, dy] = [cx - about.x, cy - about.y];
    return { x: about.x + cos * dx - sin * dy, y: about.y + sin * dx + cos * dy };
  });
}
