/** @file One object in the label weights of a frame's cells: how many cells, how sure, where. */
import type { CellGrid } from "../matching/cellGrid.ts";

/** One object among the cells. */
export interface LabelShape {
  /** Indices of the cells in which its label is the strongest (the first of equals). */
  readonly cells: readonly number[];
  /** Mean weight of the label over these cells, 0..1; 0 without any. */
  readonly mass: number;
  /** Overlap that the weights themselves expect: Σ won w / (won cells + Σ lost w), 0..1. */
  readonly overlap: number;
  /** Mean column and row of the cells; undefined without any. */
  readonly centre: { readonly x: number; readonly y: number } | undefined;
}

/** The strongest label of every cell, as its index. @param weights `[cells, labels]`. */
export function strongestLabels(weights: Float32Array, labels: number): Uint8Array {
  const out = new Uint8Array(weights.length / labels);
  for (let cell = 0, at = 0; cell < out.length; cell++, at += labels)
    for (let l = 1; l < labels; l++) if (weights[at + l] > weights[at + out[cell]]) out[cell] = l;
  return out;
}

/** The weight of a label goes to the background, in one cell. @param weights `[cells, labels]`, changed in place. */
export function giveToBackground(weights: Float32Array, labels: number, label: number, cell: number): void {
  const at = cell * labels;
  weights[at] += weights[at + label];
  weights[at + label] = 0;
}

/** The weights of a label go to the background in all cells. @param weights `[cells, columns]`, changed in place. */
export function clearLabel(weights: Float32Array, columns: number, label: number): void {
  for (let cell = 0; cell * columns < weights.length; cell++) giveToBackground(weights, columns, label, cell);
}

/**
 * Cells as they are shown: what is carried on of objects that are not visible is background. The same array where all are.
 * @param cells `[cells, columns]`, background and objects first. @param objects in order of the columns.
 */
export function shownCells(
  cells: Float32Array,
  columns: number,
  objects: readonly { readonly visible: boolean }[],
): Float32Array {
  if (objects.every(({ visible }) => visible)) return cells;
  const out = cells.slice();
  for (const [i, { visible }] of objects.entries()) if (!visible) clearLabel(out, columns, i + 1);
  return out;
}

/** Measures one label. @param won of `strongestLabels`. */
export function labelShape(
  weights: Float32Array,
  won: Uint8Array,
  { label, labels, grid }: { readonly label: number; readonly labels: number; readonly grid: CellGrid },
): LabelShape {
  const cells: number[] = [];
  let [inside, outside, x, y] = [0, 0, 0, 0];
  for (let cell = 0; cell < won.length; cell++) {
    const weight = weights[cell * labels + label];
    if (won[cell] !== label) outside += weight;
    else {
      cells.push(cell);
      inside += weight;
      x += cell % grid.width;
      y += Math.floor(cell / grid.width);
    }
  }
  const count = cells.length;
  if (count === 0) return { cells, mass: 0, overlap: 0, centre: undefined };
  return {
    cells,
    mass: inside / count,
    overlap: inside / (count + outside),
    centre: { x: x / count, y: y / count },
  };
}
