/** @file Linear models of cells, written out: descriptors are rows, everything is computed in double precision. */

type Rows = readonly (readonly number[])[];

/** Means of a plane `[height][width]` over the cells at most `radius` columns and rows away, of those inside. */
export function boxMeans(plane: Rows, radius: number): number[][] {
  return plane.map((row, y) =>
    row.map((_, x) => {
      const near = plane
        .filter((_, j) => Math.abs(j - y) <= radius)
        .flatMap((other) => other.filter((_, i) => Math.abs(i - x) <= radius));
      return near.reduce((sum, value) => sum + value, 0) / near.length;
    }),
  );
}

/** Σ φ φᵀ over the listed cells, whole. @param cells descriptors. */
export function outer(cells: Rows, list: readonly number[]): number[][] {
  return cells[0].map((_, a) =>
    cells[0].map((__, b) => list.reduce((sum, cell) => sum + cells[cell][a] * cells[cell][b], 0)),
  );
}

/** w · φ of every cell. */
export function scores(cells: Rows, weights: readonly number[]): number[] {
  return cells.map((cell) => cell.reduce((sum, value, d) => sum + value * weights[d], 0));
}
