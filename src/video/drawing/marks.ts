/**
 * @file Small marks on pictures: rings around points, frames around areas, arrows; and parts of pictures. Each has a
 * dark edge, so that it shows on any background.
 */
import type { Point } from "../point.ts";
import type { RgbPicture } from "../picture.ts";

/** sRGB bytes. */
export type Colour = readonly [red: number, green: number, blue: number];

const EDGE: Colour = [0, 0, 0];

/** @returns the picture with a ring around each point (pixels, corner origin), of its size. */
export function drawRings(picture: RgbPicture, points: readonly Point[], colour: Colour): RgbPicture {
  const { width, height } = picture;
  const out = picture.data.slice();
  const radius = Math.max(3, Math.min(width, height) / 40);
  const line = Math.max(1, radius / 6);
  const bounds = radius + 2 * line;
  for (const { x, y } of points)
    eachPixel(picture, [x - bounds, y - bounds, x + bounds, y + bounds], (px, py, at) => {
      const off = Math.abs(Math.hypot(px + 0.5 - x, py + 0.5 - y) - radius);
      if (off < 2 * line) out.set(off < line ? colour : EDGE, at);
    });
  return { width, height, data: out };
}

/** An area in pixels; `right` and `bottom` lie outside it. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** @returns the picture with a line along the inside of an area's border; parts outside the picture are left out. */
export function drawFrame(picture: RgbPicture, { left, top, right, bottom }: Area, colour: Colour): RgbPicture {
  const { width, height } = picture;
  const out = picture.data.slice();
  const line = Math.max(1, Math.round(Math.min(width, height) / 240));
  eachPixel(picture, [left, top, right - 1, bottom - 1], (x, y, at) => {
    const inside = Math.min(x - left, y - top, right - 1 - x, bottom - 1 - y);
    if (inside < 2 * line) out.set(inside < line ? colour : EDGE, at);
  });
  return { width, height, data: out };
}

/** @returns the part of a picture that lies in an area; what lies outside the picture is omitted. */
export function cropped({ width, height, data }: RgbPicture, area: Area): RgbPicture {
  const [left, right] = [Math.max(0, area.left), Math.min(width, area.right)];
  const [top, bottom] = [Math.max(0, area.top), Math.min(height, area.bottom)];
  const out = new Uint8Array((right - left) * (bottom - top) * 3);
  for (let y = top; y < bottom; y++)
    out.set(data.subarray((y * width + left) * 3, (y * width + right) * 3), (y - top) * (right - left) * 3);
  return { width: right - left, height: bottom - top, data: out };
}

/** An arrow: its centre (x, y) in pixels, and (dx, dy) from tail to head. */
export interface Arrow extends Point {
  readonly dx: number;
  readonly dy: number;
}

/** Length of the head's lines, as a share of the arrow's. */
const HEAD = 0.4;
/** Angle between the shaft and the head's lines, radians. */
const HEAD_ANGLE = 0.5;

/** @returns the picture with arrows. */
export function drawArrows(picture: RgbPicture, arrows: readonly Arrow[], colour: Colour): RgbPicture {
  const out = { ...picture, data: picture.data.slice() };
  const lines = arrows.flatMap(arrowLines);
  for (const line of lines) drawLine(out, line, 1, EDGE);
  for (const line of lines) drawLine(out, line, 0, colour);
  return out;
}

type Line = readonly [x0: number, y0: number, x1: number, y1: number];

function arrowLines({ x, y, dx, dy }: Arrow): Line[] {
  const [tx, ty] = [x + dx / 2, y + dy / 2];
  const sides = [Math.PI - HEAD_ANGLE, Math.PI + HEAD_ANGLE].map((angle): Line => {
    const [cos, sin] = [HEAD * Math.cos(angle), HEAD * Math.sin(angle)];
    return [tx, ty, tx + cos * dx - sin * dy, ty + sin * dx + cos * dy];
  });
  return [[x - dx / 2, y - dy / 2, tx, ty], ...sides];
}

/** Squares of 2 · border + 1 pixels along a line. */
function drawLine(picture: RgbPicture, [x0, y0, x1, y1]: Line, border: number, colour: Colour): void {
  const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
  for (let i = 0; i <= steps; i++) {
    const x = Math.round(x0 + ((x1 - x0) * i) / steps);
    const y = Math.round(y0 + ((y1 - y0) * i) / steps);
    eachPixel(picture, [x - border, y - border, x + border, y + border], (_x, _y, at) => picture.data.set(colour, at));
  }
}

/** Calls a function for each pixel of the picture within bounds (inclusive), with its offset in the data. */
function eachPixel(
  { width, height }: RgbPicture,
  [left, top, right, bottom]: Line,
  visit: (x: number, y: number, at: number) => void,
): void {
  for (let y = Math.max(0, Math.floor(top)); y <= Math.min(height - 1, Math.ceil(bottom)); y++)
    for (let x = Math.max(0, Math.floor(left)); x <= Math.min(width - 1, Math.ceil(right)); x++)
      visit(x, y, 3 * (y * width + x));
}
