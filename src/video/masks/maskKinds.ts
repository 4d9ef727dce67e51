/**
 * @file Recognises what kind of mask a picture is, from its values alone. People give label maps, soft (antialiased or blurred) masks,
 * masks that were JPEGs once, palettes in another order, and colours; each becomes a label map by a rule that is said, or is refused.
 */
import type { LabelMap } from "../labelMap.ts";

/** One value a pixel. */
export interface ValuePicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Share of the highest value up to which a soft mask's pixel counts as background, and from which as object. */
const LOW = 0.1;
const HIGH = 0.9;
/** A soft edge's pixels have background and object within so many pixels. */
const EDGE = 4;
/** Lowest value that a soft mask's object may have: ids of objects are usually lower. */
const SOFT_TOP = 64;
/** Values from here on are brightness, not ids. */
const SURELY_TOP = 240;

/** How a soft mask was read. */
export interface Thresholded {
  readonly labels: LabelMap;
  /** Pixels that were neither background nor object. */
  readonly between: number;
}

/**
 * A mask of one object with soft edges, cut at half of its highest value (object = 1).
 * @returns undefined where the picture is no such mask: it has two values, or values in between that lie away from any edge.
 */
export function softMask({ width, height, data }: ValuePicture): Thresholded | undefined {
  const top = data.reduce((a, b) => Math.max(a, b), 0);
  if (top < SOFT_TOP) return undefined;
  const isLow = (value: number): boolean => value <= LOW * top;
  const isHigh = (value: number): boolean => value >= HIGH * top;
  const between = data.reduce((count, value) => count + (isLow(value) || isHigh(value) ? 0 : 1), 0);
  // Lossy coding leaves several values around the highest, which ids of objects never are, or stray ones anywhere.
  const isLossy = new Set(data.filter(isHigh)).size > 1 && top >= SURELY_TOP;
  const stray = isolatedPixels({ width, height, data }, (value) => value > 0 && value < top);
  const isNoisy = stray.alone > stray.all / 2;
  if (between === 0 && !isNoisy && !isLossy) return undefined;
  if (!data.some(isLow) || !data.some(isHigh)) return undefined;
  const near = [reach({ width, height, data }, isLow), reach({ width, height, data }, isHigh)];
  const away = data.reduce((count, value, i) => {
    const atEdge = isLow(value) || isHigh(value) || near.every((mask) => mask[i] === 1);
    return count + (atEdge ? 0 : 1);
  }, 0);
  const labels = { width, height, data: data.map((value) => (value >= top / 2 ? 1 : 0)) };
  const isAtEdges = away <= 0.02 * between;
  return isAtEdges && innerShare(labels) >= LEAST_INNER ? { labels, between } : undefined;
}

/** Least share of an object's pixels that lie inside it; noise cut at half has a sixteenth. */
const LEAST_INNER = 0.2;

/** Of the pixels of value 1, the share whose neighbours (above, below, left, right) are all 1. */
function innerShare({ width, height, data }: ValuePicture): number {
  let [all, inner] = [0, 0];
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      if (data[i] !== 1) continue;
      all++;
      const isInner = x > 0 && x < width - 1 && y > 0 && y < height - 1;
      if (isInner && data[i - 1] + data[i + 1] + data[i - width] + data[i + width] === 4) inner++;
    }
  return all === 0 ? 0 : inner / all;
}

/** 1 where a pixel that fits lies at most `EDGE` pixels away in x and in y. */
function reach({ width, height, data }: ValuePicture, fits: (value: number) => boolean): Uint8Array {
  const rows = spread(
    data.map((value) => (fits(value) ? 1 : 0)),
    width,
    height,
    1,
  );
  return spread(rows, width, height, width);
}

/** Spreads ones along rows (`step` 1) or columns (`step` = width). */
function spread(mask: Uint8Array, width: number, height: number, step: number): Uint8Array {
  const out = new Uint8Array(mask.length);
  const [lines, length] = step === 1 ? [height, width] : [width, height];
  for (let line = 0; line < lines; line++) {
    const start = step === 1 ? line * width : line;
    for (let i = 0; i < length; i++)
      for (let j = Math.max(0, i - EDGE); j <= Math.min(length - 1, i + EDGE); j++)
        if (mask[start + j * step] === 1) out[start + i * step] = 1;
  }
  return out;
}

/** Pixels of a picture, and those of them that have no neighbour (above, below, left, right) of the same value. */
interface Isolated {
  readonly all: number;
  readonly alone: number;
}

/** @param counts whether pixels of a value count at all */
function isolatedPixels({ width, height, data }: ValuePicture, counts: (value: number) => boolean): Isolated {
  let [all, alone] = [0, 0];
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      if (!counts(data[i])) continue;
      all++;
      const same =
        (x > 0 && data[i - 1] === data[i]) ||
        (x < width - 1 && data[i + 1] === data[i]) ||
        (y > 0 && data[i - width] === data[i]) ||
        (y < height - 1 && data[i + width] === data[i]);
      if (!same) alone++;
    }
  return { all, alone };
}

/** From this share of isolated pixels on, a picture is dithered, blurred or a photo, and not a label map. */
const SCATTERED = 0.2;
/** Fewer isolated pixels than this say nothing: objects may be that small. */
const FEW = 32;

/** Whether too many of the objects' pixels stand alone for a label map. */
export function isScattered(picture: ValuePicture): boolean {
  const { all, alone } = isolatedPixels(picture, (value) => value > 0);
  return alone >= FEW && alone > SCATTERED * all;
}

/** Which index of a palette picture is the background, when it is not 0. */
export function backgroundIndex({ data }: ValuePicture, palette: readonly (readonly number[])[]): number | undefined {
  const isBlack = (index: number): boolean => (palette[index] ?? [1]).slice(0, 3).every((value) => value === 0);
  if (palette.length === 0 || isBlack(0)) return undefined;
  const used = new Set(data);
  return [...used].filter(isBlack).sort((a, b) => a - b)[0];
}

/** Values in ascending order become 1, 2, …; `background` becomes 0. */
export function renumbered({ width, height, data }: ValuePicture, background: number): LabelMap {
  const used = [...new Set(data)].filter((value) => value !== background).sort((a, b) => a - b);
  const ids = new Uint8Array(256);
  used.forEach((value, i) => (ids[value] = i + 1));
  return { width, height, data: data.map((value) => ids[value]) };
}

/** Ids of colours, the same in all masks that are read with it: the first new colour in rows gets the next id. */
export class ColourIds {
  private readonly ids = new Map<number, number>();

  /** Colours as 0xrrggbb, with their ids. */
  get colours(): ReadonlyMap<number, number> {
    return this.ids;
  }

  /**
   * Black is the background, every other colour an object.
   * @param rgb `[height, width, 3]`
   * @returns undefined with more than 254 colours, or when they are scattered as in a photo
   */
  labelsOf(rgb: Uint8Array, width: number, height: number): LabelMap | undefined {
    const data = new Uint8Array(width * height);
    const ids = new Map(this.ids);
    for (let p = 0; p < data.length; p++) {
      const colour = (rgb[3 * p] << 16) | (rgb[3 * p + 1] << 8) | rgb[3 * p + 2];
      if (colour === 0) continue;
      const id = ids.get(colour) ?? ids.size + 1;
      if (id > 254) return undefined;
      ids.set(colour, id);
      data[p] = id;
    }
    if (isScattered({ width, height, data })) return undefined;
    for (const [colour, id] of ids) this.ids.set(colour, id);
    return { width, height, data };
  }
}

/** `#rrggbb` */
export function colourName(colour: number): string {
  return `#${colour.toString(16).padStart(6, "0")}`;
}
