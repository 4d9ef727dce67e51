/**
 * @file Whether a camera that stands still keeps its view: the structure of the small picture is compared with that of
 * a settled moment before, place by place and shifted by a few pixels. Light does not count, as only local contrast is
 * compared, and things that move fill only a part of the picture.
 */
import type { GreyPicture } from "../kernels/opticalFlow.ts";

/** How far a view is usually searched to each side, pixels of the small picture. */
const REACH = 8;
/** Every so-manieth pixel is compared, along rows and columns; fewer where a place is only looked for. */
const STEP = 2;
const ROUGH_STEP = 4;
/** Shifts that are so compared are so far apart, pixels. */
const ROUGH_APART = 2;
/** Distance of the neighbours that a pixel is compared with, for its local contrast. */
const APART = 2;

/** Tiles along the longer and the shorter side. */
const TILES = 8;
/** A tile with less local contrast than this says nothing, mean square of grey levels. */
const LEAST_STRUCTURE = 4;
/** With fewer tiles that say something, a view cannot be told from another. */
const LEAST_TILES = 6;
/** A tile that correlates at least so much is found. */
const FOUND = 0.5;

/** Where a view was found again. */
export interface FoundView {
  /** The share of the tiles with structure that are found at the shift, 0..1; 1 where there is too little structure. */
  readonly found: number;
  /** The same without a shift. */
  readonly inPlace: number;
  /** Pixels of the small picture that its contents have moved. */
  readonly dx: number;
  readonly dy: number;
}

/** Local contrast of a picture: every pixel minus the mean of four around it; 0 near the border. */
export function structureOf({ width, height, data }: GreyPicture): GreyPicture {
  const out = new Float32Array(width * height);
  for (let y = APART; y < height - APART; y++)
    for (let x = APART; x < width - APART; x++) {
      const p = y * width + x;
      const around = data[p - APART] + data[p + APART] + data[p - APART * width] + data[p + APART * width];
      out[p] = data[p] - around / 4;
    }
  return { width, height, data: out };
}

/**
 * The shift at which most of a view is found again. What hides a part of it hides only some of the tiles.
 * @param now `structureOf` a picture. @param before that of the view, of the same size
 * @param reach how far it is searched to each side, pixels, at most a quarter of the picture; the time grows as its square
 */
export function findView(now: GreyPicture, before: GreyPicture, reach = REACH): FoundView {
  const inPlace = foundShare(now, before, [0, 0], STEP);
  if (inPlace >= SURE) return { found: inPlace, inPlace, dx: 0, dy: 0 };
  // Among many places, one that is only nearly right does not stand out.
  const apart = reach > REACH ? 1 : ROUGH_APART;
  const rough = bestShift(now, before, { from: [0, 0], reach, apart, step: ROUGH_STEP });
  const [dx, dy] = bestShift(now, before, { from: rough, reach: 1, apart: 1, step: STEP });
  return { found: foundShare(now, before, [dx, dy], STEP), inPlace, dx, dy };
}

type Shift = readonly [dx: number, dy: number];

/** Tries shifts around one. */
function bestShift(
  now: GreyPicture,
  before: GreyPicture,
  { from, reach, apart, step }: Readonly<{ from: Shift; reach: number; apart: number; step: number }>,
): Shift {
  const [across, down] = [now.width, now.height].map((side) => Math.min(reach, Math.floor(side / 4)));
  let [best, most] = [from, -1];
  for (let dy = -down; dy <= down; dy += apart)
    for (let dx = -across; dx <= across; dx += apart) {
      const shift: Shift = [from[0] + dx, from[1] + dy];
      const found = foundShare(now, before, shift, step);
      if (found > most) [best, most] = [shift, found];
    }
  return best;
}

/** With so many tiles found in place, no other place is tried. */
const SURE = 0.7;

function foundShare(now: GreyPicture, before: GreyPicture, shift: Shift, step: number): number {
  let [found, all] = [0, 0];
  for (let tile = 0; tile < TILES * TILES; tile++) {
    const correlation = tileCorrelation(now, before, { shift, step, tile });
    if (correlation === undefined) continue;
    all++;
    if (correlation >= FOUND) found++;
  }
  return all < LEAST_TILES ? 1 : found / all;
}

/** Undefined for a tile without structure in the view. */
function tileCorrelation(
  now: GreyPicture,
  before: GreyPicture,
  { shift: [dx, dy], step, tile }: { readonly shift: Shift; readonly step: number; readonly tile: number },
): number | undefined {
  const { width, height } = now;
  const [column, row] = [tile % TILES, Math.floor(tile / TILES)];
  const [left, right] = [column, column + 1].map((c) => Math.floor((c * width) / TILES));
  const [top, bottom] = [row, row + 1].map((r) => Math.floor((r * height) / TILES));
  let [xy, xx, yy, count] = [0, 0, 0, 0];
  for (let y = Math.max(top, -dy); y < Math.min(bottom, height - dy); y += step)
    for (let x = Math.max(left, -dx); x < Math.min(right, width - dx); x += step) {
      const [a, b] = [now.data[(y + dy) * width + x + dx], before.data[y * width + x]];
      xy += a * b;
      xx += a * a;
      yy += b * b;
      count++;
    }
  if (yy < LEAST_STRUCTURE * count || count === 0) return undefined;
  return xx === 0 ? 0 : xy / Math.sqrt(xx * yy);
}
