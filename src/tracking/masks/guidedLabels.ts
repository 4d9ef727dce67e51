/**
 * @file Upsampling of labels guided by the picture (joint bilateral upsampling, Kopf et al. 2007): a pixel follows most
 * those of the 4 x 4 cells around it that have its colour, so that borders of objects follow the picture's edges and
 * not the cells'.
 */
import type { RgbPicture } from "../../video/picture.ts";
import type { CellGrid } from "../matching/cellGrid.ts";

/** Width of the Gaussian over distance, cells. */
const SPATIAL = 0.7;
/** Width of the Gaussian over colour, RGB distance with channels of 0..255. */
export const RANGE = 24;
/** Weight that a cell of a wholly different colour keeps. */
export const FLOOR = 0.02;
/** Cells to either side that vote. */
export const SUPPORT = 2;
/** A step of the table of colour weights, in squared distance. */
const STEP = 64;

const colourWeight = Float32Array.from(
  { length: Math.ceil((3 * 255 ** 2) / STEP) + 1 },
  (_, i) => FLOOR + Math.exp((-i * STEP) / (2 * RANGE ** 2)),
);

/** The clip's frame and where its cells lie. */
export interface GuideOptions {
  /** Of the mask's size. */
  readonly picture: RgbPicture;
  readonly grid: CellGrid;
  readonly cellsPerPixel: { readonly x: number; readonly y: number };
}

/** Votes of cells for the labels of single pixels. */
export class EdgeGuide {
  private readonly picture: RgbPicture;
  private readonly grid: CellGrid;
  private readonly across: Float32Array;
  private readonly down: Float32Array;
  private readonly pixels: { readonly x: number; readonly y: number };
  /** Mean colours of cells, `[cells, 3]`, made when they are first asked for: only cells at borders are. */
  private readonly colours: Float32Array;

  constructor({ picture, grid, cellsPerPixel }: GuideOptions) {
    this.picture = picture;
    this.grid = grid;
    this.across = spatialWeights(picture.width, cellsPerPixel.x);
    this.down = spatialWeights(picture.height, cellsPerPixel.y);
    this.pixels = { x: 1 / cellsPerPixel.x, y: 1 / cellsPerPixel.y };
    this.colours = new Float32Array(grid.height * grid.width * 3).fill(-1);
  }

  /**
   * Votes for every label at pixel (x, y), summing to 1.
   * @param weights of the cells, `[height, width, labels]`.
   * @param votes `[labels]`, filled.
   */
  vote(x: number, y: number, weights: Float32Array, votes: Float32Array): void {
    const { width, height } = this.grid;
    const left = Math.floor((x + 0.5) / this.pixels.x - 0.5) - SUPPORT + 1;
    const top = Math.floor((y + 0.5) / this.pixels.y - 0.5) - SUPPORT + 1;
    votes.fill(0);
    let total = 0;
    for (let j = 0; j < 2 * SUPPORT; j++) {
      const row = Math.min(height - 1, Math.max(0, top + j));
      for (let i = 0; i < 2 * SUPPORT; i++) {
        const cell = row * width + Math.min(width - 1, Math.max(0, left + i));
        const near = this.down[y * 2 * SUPPORT + j] * this.across[x * 2 * SUPPORT + i];
        const weight = near * this.likeness(x, y, cell);
        for (let l = 0; l < votes.length; l++) votes[l] += weight * weights[cell * votes.length + l];
        total += weight;
      }
    }
    for (let l = 0; l < votes.length; l++) votes[l] /= total;
  }

  /** How much the pixel has the cell's colour. */
  private likeness(x: number, y: number, cell: number): number {
    if (this.colours[cell * 3] < 0) this.fillColour(cell);
    const { data, width } = this.picture;
    const p = (y * width + x) * 3;
    const dr = data[p] - this.colours[cell * 3];
    const dg = data[p + 1] - this.colours[cell * 3 + 1];
    const db = data[p + 2] - this.colours[cell * 3 + 2];
    return colourWeight[Math.floor((dr * dr + dg * dg + db * db) / STEP)];
  }

  private fillColour(cell: number): void {
    const { data, width, height } = this.picture;
    const cellX = cell % this.grid.width;
    const cellY = Math.floor(cell / this.grid.width);
    const [x0, x1] = pixelRange(cellX, this.pixels.x, width);
    const [y0, y1] = pixelRange(cellY, this.pixels.y, height);
    const sum = [0, 0, 0];
    for (let y = y0; y < y1; y++)
      for (let x = x0; x < x1; x++) for (let c = 0; c < 3; c++) sum[c] += data[(y * width + x) * 3 + c];
    for (let c = 0; c < 3; c++) this.colours[cell * 3 + c] = sum[c] / ((x1 - x0) * (y1 - y0));
  }
}

/** Pixels of a cell, at least one; a cell beyond the frame has the border's. */
function pixelRange(cell: number, pixelsPerCell: number, size: number): readonly [number, number] {
  const from = Math.min(size - 1, Math.round(cell * pixelsPerCell));
  return [from, Math.max(from + 1, Math.min(size, Math.round((cell + 1) * pixelsPerCell)))];
}

/** For every pixel of an axis the weights of the cells around it, `[pixels, 2 SUPPORT]`. */
export function spatialWeights(pixels: number, cellsPerPixel: number): Float32Array {
  const out = new Float32Array(pixels * 2 * SUPPORT);
  for (let i = 0; i < pixels; i++) {
    const centre = (i + 0.5) * cellsPerPixel - 0.5;
    const first = Math.floor(centre) - SUPPORT + 1;
    for (let k = 0; k < 2 * SUPPORT; k++)
      out[i * 2 * SUPPORT + k] = Math.exp(-((first + k - centre) ** 2) / (2 * SPATIAL ** 2));
  }
  return out;
}
