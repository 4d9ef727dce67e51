/** @file Reads and writes the first columns of cells that hold values of several kinds. */

/** The first `count` of all columns, `[cells, count]`; the same array where there are no others. */
export function firstColumns(cells: Float32Array, columns: number, count: number): Float32Array {
  if (count === columns) return cells;
  const out = new Float32Array((cells.length / columns) * count);
  for (let cell = 0; cell * count < out.length; cell++)
    out.set(cells.subarray(cell * columns, cell * columns + count), cell * count);
  return out;
}

/** Replaces the first columns by `part`, `[cells, count]`. */
export function setFirstColumns(cells: Float32Array, columns: number, part: Float32Array, count: number): void {
  for (let cell = 0; cell * columns < cells.length; cell++)
    cells.set(part.subarray(cell * count, (cell + 1) * count), cell * columns);
}
