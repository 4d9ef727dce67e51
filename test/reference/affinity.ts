/** @file The windowed affinity of MAST, eq. 1–2, cell by cell: exp(f_i·f_j·scale) over the window, normalised; copies y_j. */
import { at, make, type Nd } from "./tensor.ts";

/** How far the window of a query lies from its place, in cells. */
export type WindowShift = (n: number, reference: number, y: number, x: number) => readonly [dx: number, dy: number];

/** q `[B, C, h, w]`, references `[B, C, h, w]` and sources `[B, S, h, w]`: the copy `[B, S, h, w]`. */
export function copyByAffinity(
  q: Nd,
  references: readonly Nd[],
  sources: readonly Nd[],
  radius: number,
  scale: number,
  shift: WindowShift = () => [0, 0],
): Nd {
  const [b, c, h, w] = q.shape;
  return make([b, sources[0].shape[1], h, w], ([n, s, y, x]) => {
    let weights = 0;
    let copied = 0;
    references.forEach((k, r) => {
      const [sx, sy] = shift(n, r, y, x);
      for (let dy = sy - radius; dy <= sy + radius; dy++) {
        for (let dx = sx - radius; dx <= sx + radius; dx++) {
          if (y + dy < 0 || y + dy >= h || x + dx < 0 || x + dx >= w) continue;
          let dot = 0;
          for (let i = 0; i < c; i++) dot += at(q, [n, i, y, x]) * at(k, [n, i, y + dy, x + dx]);
          const weight = Math.exp(dot * scale);
          weights += weight;
          copied += weight * at(sources[r], [n, s, y + dy, x + dx]);
        }
      }
    });
    return copied / weights;
  });
}
