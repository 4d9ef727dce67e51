/** @file What was found of a pixel in a remembered frame: the frame around the place, heat, and the cells that count. */
import { clamped, type Place, type Size } from "../label/labelMap.ts";
import type { Found } from "./looking.ts";

/** So many cells around the place are shown at least, on either side; the tracker searches 12. */
const AROUND = 15;
/** Of the heat, at its strongest. */
const ALPHA = 0.75;
/** As `drawHeat` of the inspection's pictures: yellow is hottest. */
const HEAT = "255 214 0";

/** A part of a frame, pixels. */
export interface Cut extends Size {
  readonly left: number;
  readonly top: number;
}

/** Where a stretch begins that has a place in its middle, or as near as there is room. */
const begin = (at: number, length: number, whole: number): number => clamped(at - length / 2, 0, whole - length);

/** The surroundings of a place with the proportions 4:3, shifted to lie within the frame. */
export function surroundings([x, y]: Place, frame: Size, { width, height }: Found): Cut {
  const [across, down] = [frame.width / width, frame.height / height];
  const wanted = (2 * AROUND + 1) * Math.max(across, down);
  const tall = Math.min(frame.height, wanted, (frame.width * 3) / 4);
  const size = { width: (tall * 4) / 3, height: tall };
  return { ...size, left: begin(x, size.width, frame.width), top: begin(y, size.height, frame.height) };
}

export function drawFound(
  pen: CanvasRenderingContext2D,
  picture: CanvasImageSource,
  found: Found,
  place: Place,
  frame: Size,
): void {
  const cut = surroundings(place, frame, found);
  const { width, height } = pen.canvas;
  const scale = width / cut.width;
  pen.imageSmoothingEnabled = true;
  pen.drawImage(picture, cut.left, cut.top, cut.width, cut.height, 0, 0, width, height);
  const [across, down] = [frame.width / found.width, frame.height / found.height];
  const at = (x: number, y: number): Place => [(x - cut.left) * scale, (y - cut.top) * scale];
  for (const [cell, heat] of found.heat.entries()) {
    if (heat === 0) continue;
    const [left, top] = at((cell % found.width) * across, Math.floor(cell / found.width) * down);
    pen.fillStyle = `rgb(${HEAT} / ${(ALPHA * heat) / 255})`;
    pen.fillRect(left, top, across * scale, down * scale);
  }
  pen.strokeStyle = "#00e5ff";
  pen.lineWidth = 1.5;
  for (const { x, y } of found.chosen) {
    const [left, top] = at(x - across / 2, y - down / 2);
    pen.strokeRect(left, top, across * scale, down * scale);
  }
  const [left, top] = at(...place);
  pen.strokeStyle = "#ff3cc8";
  pen.lineWidth = 2;
  pen.beginPath();
  pen.arc(left, top, 7, 0, 2 * Math.PI);
  pen.stroke();
}
