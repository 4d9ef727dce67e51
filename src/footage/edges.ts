/**
 * @file Widths of edges along lines of a picture. An edge is a run over which the line only rises or only falls; its
 * width is its height over its steepest step, which is the length of the ramp for a linear one, √(2π)·σ for one blurred
 * by a Gaussian, and 1 for a jump from pixel to pixel. Where an edge's height ends (at the nearest extremes) follows
 * Marziliano et al., "A no-reference perceptual blur metric", ICIP 2002; they take the distance between the extremes as
 * width, which counts the flat ends of an edge too.
 */

/** Steps smaller than this end a run, grey levels. */
const LEAST_STEP = 1;

/** An edge on a line. */
export interface Edge {
  /** Where it is steepest: between this sample and the next. */
  readonly at: number;
  /** Grey levels. */
  readonly height: number;
  /** Samples. */
  readonly width: number;
}

/** Calls `see` for the edges of a line that are at least so high. @param least grey levels */
export function forEdges(line: Float32Array, least: number, see: (edge: Edge) => void): void {
  const end = line.length - 1;
  for (let i = 0; i < end;) {
    const first = line[i + 1] - line[i];
    if (Math.abs(first) < LEAST_STEP) {
      i++;
      continue;
    }
    const sign = Math.sign(first);
    const from = i;
    let [steepest, at] = [0, i];
    for (; i < end; i++) {
      const step = sign * (line[i + 1] - line[i]);
      if (step < LEAST_STEP) break;
      if (step > steepest) [steepest, at] = [step, i];
    }
    const height = sign * (line[i] - line[from]);
    if (height >= least) see({ at, height, width: height / steepest });
  }
}

/** The mean of three neighbouring rows (or columns), which leaves edges across them and takes away noise. */
export function meanLine(
  picture: Float32Array,
  [width, height]: readonly [number, number],
  place: { readonly along: "row" | "column"; readonly index: number },
): Float32Array {
  const { along, index } = place;
  const isRow = along === "row";
  const [length, across] = isRow ? [width, height] : [height, width];
  const [step, stride] = isRow ? [1, width] : [width, 1];
  const [before, after] = [Math.max(0, index - 1), Math.min(across - 1, index + 1)];
  const out = new Float32Array(length);
  for (let i = 0, p = 0; i < length; i++, p += step)
    out[i] = (picture[p + before * stride] + picture[p + index * stride] + picture[p + after * stride]) / 3;
  return out;
}
