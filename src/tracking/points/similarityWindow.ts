/** @file The similarities of a template with the places around one, and where they are highest. */
import type { Point } from "../../video/point.ts";
import type { CellFeatures } from "./cellFeatures.ts";

/** Similarities of a square of cells, cut off at the frame's border. */
export interface SimilarityWindow {
  /** First column and row. */
  readonly left: number;
  readonly top: number;
  /** Cells. */
  readonly width: number;
  readonly height: number;
  /** `[height, width]`. */
  readonly values: Float32Array;
}

/** One feature of a template. */
export interface TemplatePart {
  /** Of length 1. */
  readonly feature: Float32Array;
  readonly weight: number;
  /** Whole cells from the candidate place to the cell that this feature is compared with. */
  readonly dx: number;
  readonly dy: number;
}

/**
 * Weighted sums of similarities; beyond the frame its border cells are repeated.
 * @param centre in cells; the square reaches `radius` whole cells to each side of the cell that it lies in.
 */
export function similaritiesAround(
  frame: CellFeatures,
  template: readonly TemplatePart[],
  centre: Point,
  radius: number,
): SimilarityWindow {
  const [column, row] = [within(centre.x, frame.width), within(centre.y, frame.height)];
  const [left, top] = [Math.max(0, column - radius), Math.max(0, row - radius)];
  const width = Math.min(frame.width - 1, column + radius) - left + 1;
  const height = Math.min(frame.height - 1, row + radius) - top + 1;
  const values = new Float32Array(width * height);
  for (const { feature, weight, dx, dy } of template)
    for (let y = 0, i = 0; y < height; y++) {
      const cellRow = within(top + y + dy, frame.height);
      for (let x = 0; x < width; x++, i++)
        values[i] += weight * frame.similarity(within(left + x + dx, frame.width), cellRow, feature);
    }
  return { left, top, width, height, values };
}

const within = (place: number, cells: number): number => Math.min(cells - 1, Math.max(0, Math.floor(place)));

/** The cells around the best one over which its place is refined, to each side. */
const REFINE = 1;

/**
 * The place of the highest similarity, between cells: a softmax-weighted mean of the best cell and its neighbours.
 * @param temperature that similarities are divided by.
 * @returns in cells.
 */
export function bestPlace({ left, top, width, height, values }: SimilarityWindow, temperature: number): Point {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  const [column, row] = [best % width, Math.floor(best / width)];
  let [sum, sumX, sumY] = [0, 0, 0];
  for (let y = Math.max(0, row - REFINE); y <= Math.min(height - 1, row + REFINE); y++)
    for (let x = Math.max(0, column - REFINE); x <= Math.min(width - 1, column + REFINE); x++) {
      const weight = Math.exp((values[y * width + x] - values[best]) / temperature);
      sum += weight;
      sumX += weight * x;
      sumY += weight * y;
    }
  return { x: left + sumX / sum + 0.5, y: top + sumY / sum + 0.5 };
}
