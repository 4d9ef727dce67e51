/** @file Points drawn over a frame: a dot each, hollow where it is not visible, with a trail of where it was. */
import { davisPalette } from "./maskPng.ts";
import type { RgbPicture } from "./picture.ts";
import type { Point } from "./point.ts";

/** A point to draw. */
export interface DrawnPoint extends Point {
  readonly visible: boolean;
}

/** A point's positions, the oldest first; the last one is drawn as the dot. */
export type Trail = readonly DrawnPoint[];

/**
 * Draws trails and dots, each point in the colour of its place in the list.
 * @param frame `[H, W, 3]` uint8 sRGB, not changed.
 * @returns `[H, W, 3]` uint8.
 */
export function drawPoints(frame: RgbPicture, trails: readonly Trail[]): Uint8Array {
  const canvas = { width: frame.width, height: frame.height, data: frame.data.slice() };
  const scale = Math.max(1, Math.min(frame.width, frame.height) / 240);
  trails.forEach((trail, index) => drawTrail(canvas, trail, colourOf(index), scale));
  trails.forEach((trail, index) => {
    const last = trail.at(-1);
    if (last !== undefined) drawDot(canvas, last, colourOf(index), scale);
  });
  return canvas.data;
}

/** DAVIS's colours by label from 1 on; black and its kin are hard to see and left out. */
const COLOURS = Array.from({ length: 254 }, (_, i) => davisPalette.subarray(3 * (i + 1), 3 * (i + 2))).filter(
  (colour) => Math.max(...colour) >= 128,
);

function colourOf(index: number): Uint8Array {
  return COLOURS[index % COLOURS.length];
}

/** Lines between positions, the older the fainter; a stretch that begins or ends hidden is left out. */
function drawTrail(canvas: RgbPicture, trail: Trail, colour: Uint8Array, scale: number): void {
  for (let i = 1; i < trail.length; i++) {
    const [from, to] = [trail[i - 1], trail[i]];
    if (!from.visible || !to.visible) continue;
    const steps = Math.ceil(2 * Math.hypot(to.x - from.x, to.y - from.y)) + 1;
    for (let step = 0; step < steps; step++) {
      const t = step / steps;
      const place = { x: from.x + t * (to.x - from.x), y: from.y + t * (to.y - from.y) };
      fillRing(canvas, place, [0, 0.6 * scale], colour, (0.7 * i) / trail.length);
    }
  }
}

/** A black edge around the colour, which a hidden point has only as a ring. */
function drawDot(canvas: RgbPicture, point: DrawnPoint, colour: Uint8Array, scale: number): void {
  const hole = point.visible ? 0 : 1.4 * scale;
  fillRing(canvas, point, [hole, 3.2 * scale], BLACK, 1);
  fillRing(canvas, point, [hole, 2.4 * scale], colour, 1);
}

const BLACK = Uint8Array.of(0, 0, 0);

/**
 * Mixes a colour into the pixels whose centres lie between two distances; without a hole the pixel that holds the centre is always among
 * them, however small the dot.
 */
function fillRing(
  { width, height, data }: RgbPicture,
  { x, y }: Point,
  [inner, outer]: readonly [number, number],
  colour: Uint8Array,
  opacity: number,
): void {
  for (let row = Math.max(0, Math.floor(y - outer)); row <= Math.min(height - 1, y + outer); row++)
    for (let column = Math.max(0, Math.floor(x - outer)); column <= Math.min(width - 1, x + outer); column++) {
      const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
      const centre = inner === 0 && row === Math.floor(y) && column === Math.floor(x);
      if (!centre && (distance < inner || distance > outer)) continue;
      const at = 3 * (row * width + column);
      for (let c = 0; c < 3; c++) data[at + c] = Math.round(data[at + c] + opacity * (colour[c] - data[at + c]));
    }
}
