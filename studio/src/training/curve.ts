/** @file Curves as points and as lines. */

/** A point of a curve. */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** What is smoothed: the loss of one step says little. */
const SMOOTHED = 0.95;
/** Points of a curve. */
const MOST = 300;

/** Every so many of them, the last one always. */
export function thinned(points: readonly CurvePoint[], most = MOST): CurvePoint[] {
  const apart = Math.max(1, Math.ceil(points.length / most));
  return points.filter((_, i) => i % apart === 0 || i === points.length - 1);
}

/** The running mean; it begins with the plain mean of what there is. */
export function smoothed(values: readonly number[]): number[] {
  let [mean, weight] = [0, 0];
  return values.map((value) => {
    weight = SMOOTHED * weight + 1;
    mean += (value - mean) / weight;
    return mean;
  });
}

/** Where a value lies between two places, as it does among all values. */
function placed(value: number, all: readonly number[], from: number, to: number): number {
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return high === low ? (from + to) / 2 : from + ((value - low) / (high - low)) * (to - from);
}

/** The line of points within a box, in its units, y upwards. */
export function lineOf(points: readonly CurvePoint[], width: number, height: number, edge: number): string {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return points
    .map(({ x, y }) => [placed(x, xs, edge, width - edge), placed(y, ys, height - edge, edge)])
    .map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`)
    .join(" ");
}
