/**
 * @file Training pairs with known correspondences: two views, of one frame or of frames apart, and the place of sampled
 * cells of the first in the second. Within one frame that place is exact; between frames it comes from optical flow,
 * where that can be trusted.
 */
import type { Random } from "../core/random.ts";
import type { CheckedFlow } from "../kernels/opticalFlow.ts";
import {
  type AffineView,
  fromPicture,
  nearbyView,
  rectangleView,
  renderView,
  toPicture,
  type ViewRanges,
} from "./affineView.ts";
import type { PairCorrespondences, PairOrigin, ViewPair } from "./parts/material.ts";
import type { PictureSize } from "../method/features.ts";

/** How a pair is cut: its views of `size` pixels, and how far the second may be from the first. */
export interface ViewPairOptions extends ViewRanges, Pick<CorrespondenceOptions, "cells" | "stride" | "queries"> {
  readonly size: number;
}

/** The cropped part, and a view near it, of the same frame or of the one that the flow leads to. */
export function viewPair(
  { pictures: [picture, other], crop, flow }: PairOrigin,
  random: Random,
  options: ViewPairOptions,
): ViewPair {
  const { size, cells, stride, queries } = options;
  const first = rectangleView(crop, size);
  const second = nearbyView(first, size, random, options);
  const at = correspondences(first, second, random, { cells, stride, queries, picture, flow });
  return { views: [renderView(picture, first, size), renderView(flow ? other : picture, second, size)], at };
}

/** What the sampling depends on. */
export interface CorrespondenceOptions {
  /** Cells to a side of the square views. */
  readonly cells: number;
  /**
   * Pixels per cell: the centre of a cell is the centre of its first pixel, as the encoder's strided convolutions have
   * it.
   */
  readonly stride: number;
  readonly queries: number;
  /** The picture that the first view shows, and the second without a flow. */
  readonly picture: PictureSize;
  /** From that picture to the one that the second view shows. */
  readonly flow?: CheckedFlow | undefined;
}

/** Tries to find a cell that both views show. */
const TRIES = 8;

/**
 * Samples cells of the first view that the second shows too; after eight misses in a row a query is marked as not
 * valid.
 */
export function correspondences(
  first: AffineView,
  second: AffineView,
  random: Random,
  { cells, stride, queries, picture, flow }: CorrespondenceOptions,
): PairCorrespondences {
  const out: PairCorrespondences = {
    queries: new Int32Array(queries),
    rows: new Float32Array(queries * cells),
    columns: new Float32Array(queries * cells),
    valid: new Float32Array(queries),
  };
  const place = (cell: number): [number, number] | undefined => {
    const [column, row] = [cell % cells, Math.floor(cell / cells)];
    const [x, y] = toPicture(first, column * stride + 0.5, row * stride + 0.5);
    if (x < 0 || y < 0 || x > picture.width || y > picture.height) return undefined;
    const there = flow === undefined ? [x, y] : followed(flow, x, y);
    if (there === undefined) return undefined;
    const [u, v] = fromPicture(second, there[0], there[1]).map((at) => (at - 0.5) / stride);
    return u >= 0 && v >= 0 && u <= cells - 1 && v <= cells - 1 ? [u, v] : undefined;
  };
  for (let n = 0; n < queries; n++) {
    let found: [number, number] | undefined;
    for (let i = 0; i < TRIES && found === undefined; i++) {
      out.queries[n] = random.integer(cells * cells);
      found = place(out.queries[n]);
    }
    out.valid[n] = found === undefined ? 0 : 1;
    bilinear(out.columns.subarray(n * cells, (n + 1) * cells), found?.[0] ?? 0);
    bilinear(out.rows.subarray(n * cells, (n + 1) * cells), found?.[1] ?? 0);
  }
  return out;
}

/** Where the flow of the pixel at (x, y) leads; undefined where it cannot be trusted. */
function followed({ width, height, u, v, valid }: CheckedFlow, x: number, y: number): [number, number] | undefined {
  const pixel = Math.min(height - 1, Math.floor(y)) * width + Math.min(width - 1, Math.floor(x));
  return valid[pixel] === 1 ? [x + u[pixel], y + v[pixel]] : undefined;
}

/** Weights of the cells on both sides of a place. */
function bilinear(weights: Float32Array, at: number): void {
  const low = Math.floor(at);
  weights[low] += 1 - (at - low);
  if (at > low) weights[low + 1] += at - low;
}
