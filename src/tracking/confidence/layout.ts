/**
 * @file Whether the parts of a thing are arranged as they were: the cells of a phantom match the thing's cells in no
 * order.
 */

/** With fewer pairs an arrangement says nothing. */
const LEAST_PAIRS = 4;
/** What is then returned. */
const UNKNOWN = 0.5;

/**
 * How well one arrangement of places is the other moved, turned and scaled: the correlation of both after the best
 * turn (orthogonal Procrustes without reflections, Schönemann 1966), 0..1; 0.5 for fewer than four pairs.
 * @param a cells, as indices row by row; `b` the cells that they belong to, in the same order.
 * @param width of the grid.
 */
export function sameLayout(a: readonly number[], b: readonly number[], width: number): number {
  if (a.length < LEAST_PAIRS) return UNKNOWN;
  const [from, to] = [centred(a, width), centred(b, width)];
  let [xx, xy, yx, yy, sizeA, sizeB] = [0, 0, 0, 0, 0, 0];
  for (const [i, [x, y]] of from.entries()) {
    const [u, v] = to[i];
    xx += x * u;
    xy += x * v;
    yx += y * u;
    yy += y * v;
    sizeA += x * x + y * y;
    sizeB += u * u + v * v;
  }
  if (sizeA === 0 || sizeB === 0) return 0;
  // The sum of the singular values of the 2 × 2 covariance, the lesser one with the sign of its determinant.
  const squares = xx * xx + xy * xy + yx * yx + yy * yy;
  return Math.sqrt(Math.max(0, squares + 2 * (xx * yy - xy * yx))) / Math.sqrt(sizeA * sizeB);
}

function centred(cells: readonly number[], width: number): [number, number][] {
  const places = cells.map((cell): [number, number] => [cell % width, Math.floor(cell / width)]);
  const [x, y] = [0, 1].map((axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length);
  return places.map((place) => [place[0] - x, place[1] - y]);
}
