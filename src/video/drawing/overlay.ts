/**
 * @file Pictures of a segmentation: each object's colour laid over the frame, a darker line at its border and,
 * optionally, its id in digits at its centre. Objects in doubt are hatched, their border is dashed.
 */
import type { LabelMap } from "../labelMap.ts";
import { VOID } from "../labelMap.ts";
import { internal } from "../../core/errors.ts";
import { davisPalette } from "../masks/maskBytes.ts";
import type { RgbPicture } from "../picture.ts";

/** How masks are drawn over a frame. */
export interface OverlayOptions {
  /** How much of the object's colour is mixed in, 0..1; default 0.5. */
  readonly opacity?: number;
  /** Width of the outline inside the object, pixels, 0 = none; default: 1 per 480 rows, rounded up. */
  readonly outlinePixels?: number;
  /** Whether ids are written at the centre of each object; default false. */
  readonly ids?: boolean;
  /** Labels of objects that are drawn as doubtful; default none. */
  readonly doubtful?: ReadonlySet<number>;
  /** Colours by label, `[256, 3]` uint8; default `davisPalette`. */
  readonly palette?: Uint8Array;
}

/** The outline's colour is the object's multiplied by this. */
const OUTLINE_DARKNESS = 0.45;

/**
 * Draws labels over a frame. Background (0) and void (255) are unchanged.
 * @param frame `[H, W, 3]` uint8 sRGB, not changed
 * @param labels of the same size
 * @returns `[H, W, 3]` uint8
 */
export function drawOverlay(frame: RgbPicture, labels: LabelMap, options: OverlayOptions = {}): Uint8Array {
  if (frame.width !== labels.width || frame.height !== labels.height)
    throw internal(`overlay of ${labels.width}x${labels.height} labels on a ${frame.width}x${frame.height} frame`);
  const { opacity = 0.5, palette = davisPalette, ids = false } = options;
  const out = frame.data.slice();
  const style = { palette, ...doubtStyle(options.doubtful, frame.height) };
  fill(out, labels, style, opacity);
  const thickness = options.outlinePixels ?? Math.ceil(frame.height / 480);
  if (thickness > 0) drawOutlines(out, labels, style, thickness);
  if (ids) drawIds(out, labels);
  return out;
}

function isObject(label: number): boolean {
  return label !== 0 && label !== VOID;
}

interface Style {
  readonly palette: Uint8Array;
  /** By label, 1 = doubtful. */
  readonly doubtful: Uint8Array;
  /** Pixels of a stripe, and of a dash. */
  readonly stripe: number;
}

function doubtStyle(doubtful: ReadonlySet<number> | undefined, height: number): Pick<Style, "doubtful" | "stripe"> {
  const byLabel = new Uint8Array(256);
  for (const label of doubtful ?? []) byLabel[label] = 1;
  return { doubtful: byLabel, stripe: Math.max(2, Math.round(height / 120)) };
}

/** Stripes fall from right to left; a doubtful object has colour in every other one. */
function fill(out: Uint8Array, { width, data }: LabelMap, { palette, doubtful, stripe }: Style, opacity: number): void {
  for (let p = 0; p < data.length; p++) {
    if (!isObject(data[p])) continue;
    if (doubtful[data[p]] === 1 && isOdd(((p % width) + Math.floor(p / width)) / stripe)) continue;
    for (let c = 0; c < 3; c++)
      out[3 * p + c] = Math.round((1 - opacity) * out[3 * p + c] + opacity * palette[3 * data[p] + c]);
  }
}

const isOdd = (value: number): boolean => Math.floor(value) % 2 === 1;

/** Darkens the object pixels that have another label within `thickness` pixels, along a row or column. */
function drawOutlines(
  out: Uint8Array,
  labels: LabelMap,
  { palette, doubtful, stripe }: Style,
  thickness: number,
): void {
  const { width, height, data } = labels;
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < width; x++, p++) {
      if (!isObject(data[p]) || !isNearBorder(labels, x, y, thickness)) continue;
      // Squares of a chessboard: dashes along rows, columns and most slopes, without following the line.
      if (doubtful[data[p]] === 1 && isOdd(Math.floor(x / stripe) + Math.floor(y / stripe))) continue;
      for (let c = 0; c < 3; c++) out[3 * p + c] = Math.round(OUTLINE_DARKNESS * palette[3 * data[p] + c]);
    }
}

/** The edge of the picture is not a border: the object continues outside. */
function isNearBorder({ width, height, data }: LabelMap, x: number, y: number, thickness: number): boolean {
  const p = y * width + x;
  const label = data[p];
  for (let d = 1; d <= thickness; d++) {
    if (x >= d && data[p - d] !== label) return true;
    if (x + d < width && data[p + d] !== label) return true;
    if (y >= d && data[p - d * width] !== label) return true;
    if (y + d < height && data[p + d * width] !== label) return true;
  }
  return false;
}

/** Digits of 3 × 5 cells, one number per row, the left cell being the highest bit. */
const DIGITS: readonly (readonly number[])[] = [
  [7, 5, 5, 5, 7],
  [2, 6, 2, 2, 7],
  [7, 1, 7, 4, 7],
  [7, 1, 7, 1, 7],
  [5, 5, 7, 1, 1],
  [7, 4, 7, 1, 7],
  [7, 4, 7, 5, 7],
  [7, 1, 1, 1, 1],
  [7, 5, 7, 5, 7],
  [7, 5, 7, 1, 7],
];

function drawIds(out: Uint8Array, labels: LabelMap): void {
  const cell = Math.max(1, Math.round(labels.height / 160));
  for (const [label, { x, y }] of centroids(labels)) {
    const digits = String(label)
      .split("")
      .map((digit) => DIGITS[Number(digit)]);
    const left = Math.round(x - ((4 * digits.length - 1) * cell) / 2);
    const top = Math.round(y - 2.5 * cell);
    digits.forEach((rows, i) => drawDigit(out, labels, rows, left + 4 * i * cell, top, cell));
  }
}

function centroids({ width, data }: LabelMap): Map<number, { x: number; y: number }> {
  const sums = new Map<number, { x: number; y: number; count: number }>();
  for (let p = 0; p < data.length; p++) {
    if (!isObject(data[p])) continue;
    const sum = sums.get(data[p]) ?? { x: 0, y: 0, count: 0 };
    sums.set(data[p], sum);
    sum.x += (p % width) + 0.5;
    sum.y += Math.floor(p / width) + 0.5;
    sum.count++;
  }
  return new Map([...sums].map(([label, { x, y, count }]) => [label, { x: x / count, y: y / count }]));
}

/** White with a black edge of one pixel, cropped at the picture's edge. */
function drawDigit(
  out: Uint8Array,
  { width, height }: LabelMap,
  rows: readonly number[],
  left: number,
  top: number,
  cell: number,
): void {
  const lit = (x: number, y: number): boolean => {
    const [column, row] = [Math.floor((x - left) / cell), Math.floor((y - top) / cell)];
    return column >= 0 && column < 3 && ((rows[row] ?? 0) & (4 >> column)) !== 0;
  };
  for (let y = Math.max(0, top - 1); y <= Math.min(height - 1, top + 5 * cell); y++)
    for (let x = Math.max(0, left - 1); x <= Math.min(width - 1, left + 3 * cell); x++) {
      const here = lit(x, y);
      if (here || lit(x - 1, y) || lit(x + 1, y) || lit(x, y - 1) || lit(x, y + 1))
        out.fill(here ? 255 : 0, 3 * (y * width + x), 3 * (y * width + x) + 3);
    }
}
