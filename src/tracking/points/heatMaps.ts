/**
 * @file Draws points as heat maps over feature cells, which label propagation can carry, and reads them back. A
 * Gaussian around the exact place, so that its centre of mass keeps what lies between the cells; the place is read as
 * the centre of mass around the map's peak.
 *
 * The research codes (TimeCycle, UVC, CRW) round the point to a cell first and read the weighted mean of the 3 or 5
 * strongest cells wherever they lie; with features of stride 4 this is more exact (docs/keypoints.md measures both).
 */
import type { Point } from "../../video/point.ts";

/** A grid of cells. */
interface Grid {
  readonly width: number;
  readonly height: number;
}

/** Standard deviation of a point's Gaussian, cells: the 4 px of the research codes at stride 4. */
const SIGMA = 1;

/** Cells farther away get nothing. */
const REACH = 3 * SIGMA;

/** A map whose maximum would fall below this share has nothing near the place. */
const TINY = 1e-6;

/** The centre of mass is taken over cells whose centres lie within this distance of the peak's, cells. */
const READ_RADIUS = 4;

/**
 * One heat map per point.
 * @param places in cells.
 * @returns `[height, width, points]`, 1 at the place itself.
 */
export function drawHeatMaps(places: readonly Point[], { width, height }: Grid): Float32Array {
  const maps = new Float32Array(height * width * places.length);
  places.forEach(({ x, y }, point) => {
    for (let row = atLeast0(y - REACH); row < Math.min(height, y + REACH); row++)
      for (let column = atLeast0(x - REACH); column < Math.min(width, x + REACH); column++) {
        const square = (column + 0.5 - x) ** 2 + (row + 0.5 - y) ** 2;
        maps[(row * width + column) * places.length + point] = Math.exp(-square / (2 * SIGMA * SIGMA));
      }
  });
  return maps;
}

const atLeast0 = (value: number): number => Math.max(0, Math.floor(value));

/**
 * Weighs a heat map by a Gaussian around a place, so that what looks alike elsewhere (the other hand) is neither read
 * nor carried. Its maximum stays what it was: a map that lost a little in every frame would vanish after some thousand.
 * A map that lies too far away entirely is left as it is.
 * @param maps `[height, width, columns]`, changed in place. @param point its column.
 * @param place in cells. @param sigma standard deviation, cells.
 */
export function keepNear(
  maps: Float32Array,
  { width, height }: Grid,
  { columns, point, place, sigma }: { columns: number; point: number; place: Point; sigma: number },
): void {
  const near = (cell: number): number => {
    const [x, y] = [(cell % width) + 0.5 - place.x, Math.floor(cell / width) + 0.5 - place.y];
    return Math.exp(-(x * x + y * y) / (2 * sigma * sigma));
  };
  let [before, after] = [0, 0];
  for (let cell = 0, i = point; cell < width * height; cell++, i += columns) {
    if (maps[i] === 0) continue;
    before = Math.max(before, maps[i]);
    after = Math.max(after, maps[i] * near(cell));
  }
  if (after < TINY * before) return;
  for (let cell = 0, i = point; cell < width * height; cell++, i += columns)
    if (maps[i] > 0) maps[i] *= (near(cell) * before) / after;
}

/**
 * Where a heat map has its peak: the strongest sum of 3 × 3 cells (the first of equals), then the centre of mass around
 * it.
 * @param maps `[height, width, points]`.
 * @returns null for a map without any weight; in cells.
 */
export function readHeatMap(maps: Float32Array, { width, height }: Grid, points: number, point: number): Point | null {
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : maps[(y * width + x) * points + point];
  let best = 0;
  let peak: Point | null = null;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (at(x, y) === 0) continue;
      let sum = 0;
      for (let dy = -1; dy <= 1; dy++) sum += at(x - 1, y + dy) + at(x, y + dy) + at(x + 1, y + dy);
      if (sum <= best) continue;
      best = sum;
      peak = { x, y };
    }
  return peak === null ? null : centreOfMass(at, peak);
}

function centreOfMass(at: (x: number, y: number) => number, peak: Point): Point {
  let [sum, sumX, sumY] = [0, 0, 0];
  for (let dy = -READ_RADIUS; dy <= READ_RADIUS; dy++)
    for (let dx = -READ_RADIUS; dx <= READ_RADIUS; dx++) {
      if (dx * dx + dy * dy > READ_RADIUS * READ_RADIUS) continue;
      const weight = at(peak.x + dx, peak.y + dy);
      sum += weight;
      sumX += weight * dx;
      sumY += weight * dy;
    }
  return { x: peak.x + 0.5 + sumX / sum, y: peak.y + 0.5 + sumY / sum };
}
