/**
 * @file Merges two passes over the frames between two key frames: cell by cell the weights of both, each as strong as
 * its key frame is near and as it is sure of the cell (the weight of its strongest label).
 */
import type { Point } from "../../video/point.ts";
import { readHeatMap } from "../points/heatMaps.ts";

/** The columns of both passes' cells. */
export interface MergedColumns {
  /** Background and objects; the points' columns follow. */
  readonly objects: number;
  readonly points: number;
  /** Columns of objects that only the forward pass carries: they have ended where the other pass begins. */
  readonly aheadOnly: readonly number[];
}

/** The weights of both passes in a frame. */
export interface MergeWeights {
  /** 1 at the key frame that the forward pass comes from, 0 at the other. */
  readonly ahead: number;
  /** Of each point, with both passes' confidence in it; the sum of both weights is above 0. */
  readonly points: readonly { readonly ahead: number; readonly back: number }[];
}

/** @param ahead `[cells, columns]`, as `back` and the result. */
export function mergeCells(
  ahead: Float32Array,
  back: Float32Array,
  { objects, points, aheadOnly }: MergedColumns,
  weights: MergeWeights,
): Float32Array {
  const columns = objects + points;
  const out = new Float32Array(ahead.length);
  const shared = Array.from({ length: objects }, (_, l) => l).filter((l) => !aheadOnly.includes(l));
  for (let at = 0; at < out.length; at += columns) {
    mergeObjects(ahead, back, out, { at, shared, aheadOnly, near: weights.ahead });
    for (let p = 0; p < points; p++) {
      const i = at + objects + p;
      const { ahead: a, back: b } = weights.points[p];
      out[i] = (a * ahead[i] + b * back[i]) / (a + b);
    }
  }
  return out;
}

interface Cell {
  readonly at: number;
  readonly shared: readonly number[];
  readonly aheadOnly: readonly number[];
  /** Weight of the forward pass by time. */
  readonly near: number;
}

/** What only the forward pass carries keeps its weight; the rest is split between both. */
function mergeObjects(ahead: Float32Array, back: Float32Array, out: Float32Array, cell: Cell): void {
  const { at, shared, aheadOnly, near } = cell;
  let [rest, sureAhead, sureBack] = [0, 0, 0];
  for (const l of shared) {
    rest += ahead[at + l];
    sureAhead = Math.max(sureAhead, ahead[at + l]);
    sureBack = Math.max(sureBack, back[at + l]);
  }
  for (const l of aheadOnly) out[at + l] = ahead[at + l];
  if (rest <= 0) return;
  const a = (near * sureAhead) / rest;
  const b = (1 - near) * sureBack;
  for (const l of shared) out[at + l] = (rest * ((a * ahead[at + l]) / rest + b * back[at + l])) / (a + b);
}

/** Where a point is, and how sure that is. */
export interface MergedPoint {
  /** In cells. */
  readonly place: Point;
  /** Calibrated, 0..1. */
  readonly confidence: number;
}

/** A point read from merged cells, or interpolated between both passes' places where its heat map is empty. */
export function mergedPoint(
  cells: Float32Array,
  grid: { readonly width: number; readonly height: number },
  column: number,
  both: readonly [ahead: MergedPoint, back: MergedPoint],
  weight: MergeWeights["points"][number],
): MergedPoint {
  const [a, b] = both;
  const share = weight.ahead / (weight.ahead + weight.back);
  const mix = (from: number, to: number): number => from * share + to * (1 - share);
  const columns = cells.length / (grid.width * grid.height);
  const place = readHeatMap(cells, grid, columns, column) ?? {
    x: mix(a.place.x, b.place.x),
    y: mix(a.place.y, b.place.y),
  };
  return { place, confidence: mix(a.confidence, b.confidence) };
}
