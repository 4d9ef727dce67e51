/**
 * @file A frame's cells as a graph: how much each differs from its neighbours in features and in colour, and how far it is
 * from others by way of these differences (Bai and Sapiro, "A Geodesic Framework for Fast Interactive Image and Video
 * Segmentation and Matting", 2007; there over pixels and colours).
 */
import type { FeatureMap } from "../method/features.ts";
import { unitLength } from "../method/unitLength.ts";
import { rgbToLab } from "../video/lab.ts";
import type { RgbPicture } from "../video/picture.ts";
import { resizeRgb } from "../video/resize.ts";
import { DistanceQueue } from "./distanceQueue.ts";

/** Half of the eight neighbours, and how far away they are, cells; the others are these backwards. */
const STEPS: readonly (readonly [dx: number, dy: number, far: number])[] = [
  [1, 0, 1],
  [0, 1, 1],
  [1, 1, Math.SQRT2],
  [-1, 1, Math.SQRT2],
];
/** Of a and b against L, as `COLOUR_WEIGHTS` of the target model. */
const CHROMA = 2.5;
/** A step costs so much even where nothing changes, and no more than this however much changes; 1 is the mean. */
const LEAST = 0.15;
const MOST = 4;
/** Weight of how different a cell is from what was clicked; 1 is the mean of the frame. */
const UNLIKE = 0.5;
/** What was clicked is the mean of the cells around, so far, cells. */
const AROUND = 1;

/** How far every cell is. */
export interface Distances {
  /** `[cells]`; Infinity where no path leads. */
  readonly to: Float32Array;
  /** Cells with a path, the nearest first. */
  readonly order: Int32Array;
}

/** The cells of one frame. */
export class CellGraph {
  readonly width: number;
  readonly height: number;
  private readonly channels: number;
  /** `[cells, channels]`, unit length. */
  private readonly features: Float32Array;
  /** `[cells, 3]`, scaled Lab with chroma weighted. */
  private readonly colours: Float32Array;
  /** `[4, cells]`: difference to the neighbour by each of `STEPS`, in means of the frame. */
  private readonly differences: Float32Array;

  /** @param features of the picture, whatever size it had when it was encoded. */
  constructor(picture: RgbPicture, features: FeatureMap) {
    const { width, height, channels } = features;
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.features = byCell(unitLength(features).data, channels);
    this.colours = byCell(rgbToLab({ width, height, data: resizeRgb(picture, width, height) }), 3);
    for (let i = 0; i < this.colours.length; i++) if (i % 3 > 0) this.colours[i] *= CHROMA;
    this.differences = this.allDifferences();
  }

  get cells(): number {
    return this.width * this.height;
  }

  /** The difference between two cells that share a side, 0..`MOST`. */
  differenceBetween(cell: number, other: number): number {
    const first = Math.min(cell, other);
    const step = Math.abs(other - cell) === 1 ? 0 : 1;
    return Math.min(MOST, this.differences[step * this.cells + first]);
  }

  /** Cells that share a side with a cell. */
  sidesOf(cell: number): number[] {
    const [x, y] = [cell % this.width, Math.floor(cell / this.width)];
    return [
      ...(x > 0 ? [cell - 1] : []),
      ...(x < this.width - 1 ? [cell + 1] : []),
      ...(y > 0 ? [cell - this.width] : []),
      ...(y < this.height - 1 ? [cell + this.width] : []),
    ];
  }

  isAtBorder(cell: number): boolean {
    const [x, y] = [cell % this.width, Math.floor(cell / this.width)];
    return x === 0 || y === 0 || x === this.width - 1 || y === this.height - 1;
  }

  /**
   * How different each cell is from the nearest in looks of some, `[cells]`; the mean of the frame is 1.
   * @param seeds at least one.
   */
  unlikeness(seeds: readonly number[]): Float32Array {
    const out = new Float32Array(this.cells).fill(Infinity);
    for (const seed of seeds) {
      const near = this.cellsAround(seed);
      const [feature, colour] = [meanOf(this.features, this.channels, near), meanOf(this.colours, 3, near)];
      const length = Math.hypot(...feature) || 1;
      for (let cell = 0; cell < out.length; cell++) {
        let alike = 0;
        for (let c = 0, at = cell * this.channels; c < this.channels; c++, at++)
          alike += this.features[at] * feature[c];
        const unlike = 1 - alike / length + distance(this.colours, 3 * cell, colour, 0, 3);
        if (unlike < out[cell]) out[cell] = unlike;
      }
    }
    const mean = out.reduce((sum, one) => sum + one, 0) / out.length || 1;
    return out.map((one) => one / mean);
  }

  /** @param unlike see `unlikeness`; without it only differences between neighbours count. */
  distancesFrom(seeds: readonly number[], unlike?: Float32Array): Distances {
    const { width, height, cells, differences } = this;
    const to = new Float32Array(cells).fill(Infinity);
    const isSettled = new Uint8Array(cells);
    const order: number[] = [];
    const queue = new DistanceQueue();
    for (const seed of seeds) {
      to[seed] = 0;
      queue.add(seed, 0);
    }
    for (let cell = queue.next(); cell >= 0; cell = queue.next()) {
      if (isSettled[cell] === 1) continue;
      isSettled[cell] = 1;
      order.push(cell);
      const [x, y] = [cell % width, (cell / width) | 0];
      for (let d = 0; d < 8; d++) {
        const [dx, dy, far] = STEPS[d & 3];
        const [toX, toY] = d < 4 ? [x + dx, y + dy] : [x - dx, y - dy];
        if (toX < 0 || toY < 0 || toX >= width || toY >= height) continue;
        const other = toY * width + toX;
        if (isSettled[other] === 1) continue;
        const change = Math.min(MOST, differences[(d & 3) * cells + (d < 4 ? cell : other)]);
        const through = to[cell] + far * (LEAST + change + (unlike === undefined ? 0 : UNLIKE * unlike[other]));
        if (through >= to[other]) continue;
        to[other] = through;
        queue.add(other, through);
      }
    }
    return { to, order: Int32Array.from(order) };
  }

  /** Features and colours alike, each in means of the frame. */
  private allDifferences(): Float32Array {
    const { width, height, cells, channels, features, colours } = this;
    const [byFeature, byColour] = [new Float32Array(4 * cells), new Float32Array(4 * cells)];
    let [features1, colours1, count] = [0, 0, 0];
    for (let cell = 0; cell < cells; cell++)
      for (const [d, [dx, dy]] of STEPS.entries()) {
        const [x, y] = [(cell % width) + dx, Math.floor(cell / width) + dy];
        if (x < 0 || x >= width || y >= height) continue;
        const other = y * width + x;
        let alike = 0;
        for (let c = 0, a = cell * channels, b = other * channels; c < channels; c++)
          alike += features[a++] * features[b++];
        const at = d * cells + cell;
        byFeature[at] = Math.max(0, 1 - alike);
        byColour[at] = distance(colours, 3 * cell, colours, 3 * other, 3);
        features1 += byFeature[at];
        colours1 += byColour[at];
        count++;
      }
    const [perFeature, perColour] = [count / features1 / 2, count / colours1 / 2].map((one) =>
      Number.isFinite(one) ? one : 0,
    );
    return byFeature.map((one, i) => one * perFeature + byColour[i] * perColour);
  }

  private cellsAround(cell: number): number[] {
    const [x, y] = [cell % this.width, Math.floor(cell / this.width)];
    const found: number[] = [];
    for (let row = Math.max(0, y - AROUND); row <= Math.min(this.height - 1, y + AROUND); row++)
      for (let column = Math.max(0, x - AROUND); column <= Math.min(this.width - 1, x + AROUND); column++)
        found.push(row * this.width + column);
    return found;
  }
}

/** `[n, cells]` to `[cells, n]`. */
function byCell(planes: Float32Array, n: number): Float32Array {
  const out = new Float32Array(planes.length);
  for (let c = 0, from = 0; c < n; c++) for (let to = c; to < out.length; to += n, from++) out[to] = planes[from];
  return out;
}

function meanOf(rows: Float32Array, n: number, cells: readonly number[]): Float64Array {
  const mean = new Float64Array(n);
  for (const cell of cells) for (let c = 0; c < n; c++) mean[c] += rows[cell * n + c] / cells.length;
  return mean;
}

function distance(a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number, n: number): number {
  let sum = 0;
  for (let c = 0; c < n; c++) sum += (a[i + c] - b[j + c]) ** 2;
  return Math.sqrt(sum);
}
