/** @file Drawing into raw pictures, in place: dots, lines with smooth edges, dashed boxes and rings, shaded plates. */
import type { Colour } from "./marks.ts";
import type { RgbPicture } from "../picture.ts";
import type { Box } from "../box.ts";
import type { Point } from "../point.ts";

export const BLACK: Colour = [0, 0, 0];
export const WHITE: Colour = [255, 255, 255];

/** Mixes a colour into the pixel whose bytes begin at `at`. @param opacity 0..1 */
export function mix(data: Uint8Array, at: number, colour: Colour, opacity: number): void {
  const own = 1 - opacity;
  data[at] = own * data[at] + opacity * colour[0] + 0.5;
  data[at + 1] = own * data[at + 1] + opacity * colour[1] + 0.5;
  data[at + 2] = own * data[at + 2] + opacity * colour[2] + 0.5;
}

/** Puts a colour into the pixel whose bytes begin at `at`; `data.set` would be several times slower. */
export function put(data: Uint8Array, at: number, colour: Colour): void {
  data[at] = colour[0];
  data[at + 1] = colour[1];
  data[at + 2] = colour[2];
}

/**
 * Mixes a colour into the pixels whose centres lie between two distances; without a hole the pixel that holds the
 * centre is always among them, however small the dot.
 */
export function fillRing(
  { width, height, data }: RgbPicture,
  { x, y }: Point,
  [inner, outer]: readonly [number, number],
  colour: Colour,
): void {
  for (let row = Math.max(0, Math.floor(y - outer)); row <= Math.min(height - 1, y + outer); row++)
    for (let column = Math.max(0, Math.floor(x - outer)); column <= Math.min(width - 1, x + outer); column++) {
      const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
      const centre = inner === 0 && row === Math.floor(y) && column === Math.floor(x);
      if (centre || (distance >= inner && distance <= outer)) put(data, 3 * (row * width + column), colour);
    }
}

/** How a line is drawn. */
export interface Stroke {
  readonly colour: Colour;
  /** Half the line's width, pixels. */
  readonly radius: number;
  /** Pixels of a black edge on either side. */
  readonly edge: number;
  /** 0..1. */
  readonly opacity: number;
}

/** A straight line with smooth sides and flat ends, so that consecutive lines do not overlap. */
export function drawSegment(picture: RgbPicture, from: Point, to: Point, stroke: Stroke): void {
  const { width, height, data } = picture;
  const { colour, radius, edge, opacity } = stroke;
  const reach = radius + edge + 0.5;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  if (length === 0) return;
  const [top, bottom] = [Math.min(from.y, to.y) - reach, Math.max(from.y, to.y) + reach];
  const [left, right] = [Math.min(from.x, to.x) - reach, Math.max(from.x, to.x) + reach];
  for (let row = Math.max(0, Math.floor(top)); row <= Math.min(height - 1, bottom); row++)
    for (let column = Math.max(0, Math.floor(left)); column <= Math.min(width - 1, right); column++) {
      const x = column + 0.5 - from.x;
      const y = row + 0.5 - from.y;
      const along = (x * dx + y * dy) / length;
      if (along < 0 || along >= length) continue;
      const across = Math.abs(x * dy - y * dx) / length;
      const at = 3 * (row * width + column);
      if (across < reach) mix(data, at, BLACK, 0.5 * opacity * Math.min(1, reach - across));
      if (across < radius + 0.5) mix(data, at, colour, opacity * Math.min(1, radius + 0.5 - across));
    }
}

/** A dashed line along the inside of a box, black between the dashes. @param line thickness in pixels. */
export function drawDashedBox(picture: RgbPicture, [x, y, boxWidth, boxHeight]: Box, colour: Colour, line: number) {
  const [left, top] = [Math.round(x), Math.round(y)];
  const [right, bottom] = [Math.round(x + boxWidth) - 1, Math.round(y + boxHeight) - 1];
  const dash = 4 * line;
  for (let i = 0; i < line; i++) {
    for (let column = left; column <= right; column++) {
      const ink = (column - left) % (2 * dash) < dash ? colour : BLACK;
      setPixel(picture, column, top + i, ink);
      setPixel(picture, column, bottom - i, ink);
    }
    for (let row = top + line; row <= bottom - line; row++) {
      const ink = (row - top) % (2 * dash) < dash ? colour : BLACK;
      setPixel(picture, left + i, row, ink);
      setPixel(picture, right - i, row, ink);
    }
  }
}

/** Arcs of a dashed ring. */
const ARCS = 6;

/** A ring of dashes, each with a black edge; the gaps are as long as the dashes. Sizes in pixels. */
export function drawDashedRing(
  { width, height, data }: RgbPicture,
  { x, y }: Point,
  { radius, line, edge, colour }: Readonly<{ radius: number; line: number; edge: number; colour: Colour }>,
): void {
  const reach = radius + line / 2 + edge;
  for (let row = Math.max(0, Math.floor(y - reach)); row <= Math.min(height - 1, y + reach); row++)
    for (let column = Math.max(0, Math.floor(x - reach)); column <= Math.min(width - 1, x + reach); column++) {
      const [dx, dy] = [column + 0.5 - x, row + 0.5 - y];
      const off = Math.abs(Math.hypot(dx, dy) - radius) - line / 2;
      const turn = (Math.atan2(dy, dx) / (2 * Math.PI) + 1) * ARCS;
      if (off <= edge && turn % 1 < 0.5) put(data, 3 * (row * width + column), off <= 0 ? colour : BLACK);
    }
}

/** Mixes a colour into a box of whole pixels; parts outside the picture are skipped. */
export function shade({ width, height, data }: RgbPicture, box: Box, colour: Colour, opacity: number): void {
  const [x, y, boxWidth, boxHeight] = box;
  for (let row = Math.max(0, y); row < Math.min(height, y + boxHeight); row++)
    for (let column = Math.max(0, x); column < Math.min(width, x + boxWidth); column++)
      mix(data, 3 * (row * width + column), colour, opacity);
}

function setPixel({ width, height, data }: RgbPicture, x: number, y: number, colour: Colour): void {
  if (x >= 0 && y >= 0 && x < width && y < height) put(data, 3 * (y * width + x), colour);
}
