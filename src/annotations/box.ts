/** @file A named box of a frame: an axis-aligned rectangle in pixels. */
import type { Point } from "../video/point.ts";
import type { FrameSize } from "./point.ts";
import type { Verdict } from "./verdict.ts";

/** A box in a frame. */
export interface BoxAnnotation extends Verdict {
  /** Of its object, the same in all frames; a number from 1 to 254 is the object's id. */
  readonly name: string;
  /** Top left corner. */
  readonly x: number;
  readonly y: number;
  /** Greater than 0. */
  readonly width: number;
  readonly height: number;
}

/** What makes a box none: a value that is no number, or no size. Undefined for a sound box. */
export function boxFault({ x, y, width, height }: BoxAnnotation): string | undefined {
  const values = Object.entries({ x, y, width, height });
  const [unknown] = values.find(([, value]) => !Number.isFinite(value)) ?? [];
  if (unknown !== undefined) return `its ${unknown} is no number`;
  const [flat, size] = values.slice(2).find(([, value]) => value <= 0) ?? [];
  return flat === undefined ? undefined : `its ${flat} is ${size}`;
}

/**
 * The part of a box that lies within a frame; undefined if it covers no whole pixel, where edges are rounded to pixels.
 */
export function clipBox(box: BoxAnnotation, frame: FrameSize): BoxAnnotation | undefined {
  const [left, top] = [Math.max(0, box.x), Math.max(0, box.y)];
  const [right, bottom] = [Math.min(frame.width, box.x + box.width), Math.min(frame.height, box.y + box.height)];
  const covers = Math.round(right) > Math.round(left) && Math.round(bottom) > Math.round(top);
  if (!covers) return undefined;
  const isInside = left === box.x && top === box.y && right === box.x + box.width && bottom === box.y + box.height;
  return isInside ? box : { ...box, x: left, y: top, width: right - left, height: bottom - top };
}

/** The corners of a box, clockwise from the top left one. */
export function cornersOf({ x, y, width, height }: BoxAnnotation): Point[] {
  return [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ];
}
