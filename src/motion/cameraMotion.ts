/**
 * @file Step 2 of MEE: the motion of the camera, a plane transformation that most of the picture follows.
 *
 * RANSAC over affine maps (three points need few tries) finds the dominant motion, iteratively reweighted least squares
 * with Tukey weights refines it, and a homography is fitted from there and kept where it explains the picture better.
 * The background reaches the border, so points near the border count more (up to three times): an object that fills the
 * centre is not mistaken for the camera.
 */
import { Random } from "../core/random.ts";

/** Pairs of points in pixels; the arrays have one length. */
export interface PointPairs {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Where they go. */
  readonly tx: Float64Array;
  readonly ty: Float64Array;
  readonly weight: Float64Array;
}

/** The row-major 3 × 3 matrix of a plane transformation, last element 1. */
export type PlaneMap = readonly number[];

/** A fitted camera motion. */
export interface CameraMotion {
  /** "identity": too little support for any motion. */
  readonly model: "homography" | "affine" | "identity";
  readonly map: PlaneMap;
  /** Share of the weight whose residual is within the tolerance, 0..1. */
  readonly support: number;
}

/** Settings of `fitCameraMotion`. */
export interface CameraMotionOptions {
  /** Largest residual of a point that follows the camera, pixels. */
  readonly tolerance: number;
  /** Below this share of the weight a motion is rejected; default 0.3. */
  readonly leastSupport?: number;
  /** The most general map to fit; default "homography". */
  readonly model?: "homography" | "affine";
  /** RANSAC is seeded: equal input gives equal output. Default 1. */
  readonly seed?: number;
}

export const IDENTITY: PlaneMap = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/**
 * `estimate`: the motion that most of the picture follows is the camera's; `still`: it stands on a tripod or a wall,
 * whatever fills the picture; `auto`: the one or the other, decided by what does not move near the border.
 */
export const CAMERA_CHOICES = ["estimate", "still", "auto"] as const;

/** One of `CAMERA_CHOICES`. */
export type CameraChoice = (typeof CAMERA_CHOICES)[number];

/** The motion of a camera that is known to stand still. */
export const STILL_CAMERA: CameraMotion = { model: "identity", map: IDENTITY, support: 1 };
const TRIES = 100;
const REWEIGHTINGS = 6;
/** Approximate number of points that hypotheses are scored on. */
const SCORED = 500;
/** A homography must lower the robust cost by this share to be preferred to an affine map. */
const WORTHWHILE = 0.02;

/** Applies a map to a point. */
export function mapPoint(m: PlaneMap, x: number, y: number): [number, number] {
  const w = 1 / (m[6] * x + m[7] * y + m[8]);
  return [(m[0] * x + m[1] * y + m[2]) * w, (m[3] * x + m[4] * y + m[5]) * w];
}

/** The dominant motion of the points; the identity where there is none. */
export function fitCameraMotion(points: PointPairs, options: CameraMotionOptions): CameraMotion {
  const { tolerance, leastSupport = 0.3, model = "homography", seed = 1 } = options;
  const count = points.x.length;
  if (count < 3) return { model: "identity", map: IDENTITY, support: 0 };
  const units = unitsOf(points);
  const scaled = toUnits(points, units);
  const limit = tolerance / units.size;
  let best: CameraMotion = { model: "affine", map: ransac(scaled, limit, new Random(seed)), support: 0 };
  best = { ...best, map: reweighted(scaled, limit, best.map, fitAffine) };
  if (model === "homography" && count >= 8) {
    const map = reweighted(scaled, limit, best.map, fitHomography);
    const better = robustCost(scaled, map, limit, 1) < (1 - WORTHWHILE) * robustCost(scaled, best.map, limit, 1);
    if (better && isTame(map)) best = { ...best, model: "homography", map };
  }
  const support = supportOf(scaled, best.map, limit);
  if (support < leastSupport) return { model: "identity", map: IDENTITY, support: supportOf(scaled, IDENTITY, limit) };
  return { ...best, map: fromUnits(best.map, units), support };
}

/** Centre and size that make coordinates about −1..1, so that the equations are well conditioned. */
interface Units {
  readonly cx: number;
  readonly cy: number;
  readonly size: number;
}

function unitsOf({ x, y }: PointPairs): Units {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < x.length; i++) {
    left = Math.min(left, x[i]);
    right = Math.max(right, x[i]);
    top = Math.min(top, y[i]);
    bottom = Math.max(bottom, y[i]);
  }
  return { cx: (left + right) / 2, cy: (top + bottom) / 2, size: Math.max(right - left, bottom - top, 1) / 2 };
}

function toUnits(points: PointPairs, { cx, cy, size }: Units): PointPairs {
  return {
    x: points.x.map((x) => (x - cx) / size),
    y: points.y.map((y) => (y - cy) / size),
    tx: points.tx.map((x) => (x - cx) / size),
    ty: points.ty.map((y) => (y - cy) / size),
    weight: points.weight,
  };
}

/** U⁻¹ M U with U = scaling to units. */
function fromUnits(m: PlaneMap, { cx, cy, size }: Units): PlaneMap {
  const back = [size, 0, cx, 0, size, cy, 0, 0, 1];
  const into = [1 / size, 0, -cx / size, 0, 1 / size, -cy / size, 0, 0, 1];
  const product = multiply(multiply(back, m), into);
  return product.map((value) => value / product[8]);
}

/** A · B, both row-major 3 × 3. */
function multiply(a: PlaneMap, b: PlaneMap): number[] {
  return Array.from({ length: 9 }, (_, i) => {
    const [row, column] = [i - (i % 3), i % 3];
    return a[row] * b[column] + a[row + 1] * b[column + 3] + a[row + 2] * b[column + 6];
  });
}

function squaredResidual({ x, y, tx, ty }: PointPairs, i: number, m: PlaneMap): number {
  const w = 1 / (m[6] * x[i] + m[7] * y[i] + m[8]);
  const dx = (m[0] * x[i] + m[1] * y[i] + m[2]) * w - tx[i];
  const dy = (m[3] * x[i] + m[4] * y[i] + m[5]) * w - ty[i];
  return dx * dx + dy * dy;
}

/** Squared residuals, truncated at the limit (MSAC), over every `step`-th point. */
function robustCost(points: PointPairs, m: PlaneMap, limit: number, step: number): number {
  const most = limit * limit;
  let sum = 0;
  for (let i = 0; i < points.x.length; i += step)
    sum += points.weight[i] * Math.min(most, squaredResidual(points, i, m));
  return sum;
}

function supportOf(points: PointPairs, m: PlaneMap, limit: number): number {
  let [inside, all] = [0, 0];
  for (let i = 0; i < points.x.length; i++) {
    all += points.weight[i];
    if (squaredResidual(points, i, m) <= limit * limit) inside += points.weight[i];
  }
  return all > 0 ? inside / all : 0;
}

/** The best of the identity and of maps through three random points. */
function ransac(points: PointPairs, limit: number, random: Random): PlaneMap {
  const count = points.x.length;
  const step = Math.max(1, Math.floor(count / SCORED));
  let best = IDENTITY;
  let cost = robustCost(points, best, limit, step);
  for (let i = 0; i < TRIES; i++) {
    const three = [random.integer(count), random.integer(count), random.integer(count)];
    const map = throughThree(points, three);
    if (map === undefined) continue;
    const found = robustCost(points, map, limit, step);
    if (found < cost) [best, cost] = [map, found];
  }
  return best;
}

/** The affine map through three pairs; undefined when they lie (almost) on a line. */
function throughThree({ x, y, tx, ty }: PointPairs, [a, b, c]: readonly number[]): PlaneMap | undefined {
  const [x1, y1, x2, y2] = [x[b] - x[a], y[b] - y[a], x[c] - x[a], y[c] - y[a]];
  const area = x1 * y2 - x2 * y1;
  if (Math.abs(area) < 0.02) return undefined;
  const row = (t: Float64Array): [number, number, number] => {
    const [t1, t2] = [t[b] - t[a], t[c] - t[a]];
    const p = (t1 * y2 - t2 * y1) / area;
    const q = (t2 * x1 - t1 * x2) / area;
    return [p, q, t[a] - p * x[a] - q * y[a]];
  };
  return [...row(tx), ...row(ty), 0, 0, 1];
}

type Fit = (points: PointPairs, weights: Float64Array, last: PlaneMap) => PlaneMap | undefined;

/** Least squares with Tukey's weights (1 − (r/c)²)² of the residuals that the last map left; c = twice the limit. */
function reweighted(points: PointPairs, limit: number, start: PlaneMap, fit: Fit): PlaneMap {
  const weights = new Float64Array(points.x.length);
  const reach = 4 * limit * limit;
  let map = start;
  for (let round = 0; round < REWEIGHTINGS; round++) {
    for (let i = 0; i < weights.length; i++) {
      const t = Math.max(0, 1 - squaredResidual(points, i, map) / reach);
      weights[i] = points.weight[i] * t * t;
    }
    const next = fit(points, weights, map);
    if (next === undefined) return map;
    map = next;
  }
  return map;
}

function fitAffine({ x, y, tx, ty }: PointPairs, weights: Float64Array): PlaneMap | undefined {
  const across = new NormalEquations(3);
  const down = new NormalEquations(3);
  const row = new Float64Array(3);
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    row[0] = x[i];
    row[1] = y[i];
    row[2] = 1;
    across.add(row, tx[i], weights[i]);
    down.add(row, ty[i], weights[i]);
  }
  const [first, second] = [across.solve(), down.solve()];
  return first === undefined || second === undefined ? undefined : [...first, ...second, 0, 0, 1];
}

/** Rows are divided by the last map's denominator, so that the fit converges to minimising residuals in the picture. */
function fitHomography({ x, y, tx, ty }: PointPairs, weights: Float64Array, m: PlaneMap): PlaneMap | undefined {
  const equations = new NormalEquations(8);
  const row = new Float64Array(8);
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    const scale = 1 / (m[6] * x[i] + m[7] * y[i] + 1);
    const weight = weights[i] * scale * scale;
    row.set([x[i], y[i], 1, 0, 0, 0, -x[i] * tx[i], -y[i] * tx[i]]);
    equations.add(row, tx[i], weight);
    row.set([0, 0, 0, x[i], y[i], 1, -x[i] * ty[i], -y[i] * ty[i]]);
    equations.add(row, ty[i], weight);
  }
  const solution = equations.solve();
  return solution === undefined ? undefined : [...solution, 1];
}

/** A homography whose denominator stays near 1 over the picture: no horizon runs through it. */
function isTame(m: PlaneMap): boolean {
  return m.every(Number.isFinite) && Math.abs(m[6]) + Math.abs(m[7]) < 0.5;
}

/** Weighted least squares by the normal equations. */
class NormalEquations {
  private readonly n: number;
  /** `[n, n + 1]`: the matrix and the right side. */
  private readonly a: Float64Array;

  constructor(n: number) {
    this.n = n;
    this.a = new Float64Array(n * (n + 1));
  }

  add(row: Float64Array, value: number, weight: number): void {
    const { n, a } = this;
    for (let i = 0; i < n; i++) {
      if (row[i] === 0) continue;
      const factor = weight * row[i];
      const at = i * (n + 1);
      for (let j = 0; j < n; j++) a[at + j] += factor * row[j];
      a[at + n] += factor * value;
    }
  }

  /** Gauss-Jordan with pivoting; undefined when singular. */
  solve(): number[] | undefined {
    const { n, a } = this;
    const columns = n + 1;
    for (let k = 0; k < n; k++) {
      let pivot = k;
      for (let i = k + 1; i < n; i++) {
        if (Math.abs(a[i * columns + k]) > Math.abs(a[pivot * columns + k])) pivot = i;
      }
      if (!(Math.abs(a[pivot * columns + k]) > 1e-9)) return undefined;
      for (let j = k; j < columns; j++) {
        [a[k * columns + j], a[pivot * columns + j]] = [a[pivot * columns + j], a[k * columns + j]];
      }
      for (let i = 0; i < n; i++) {
        if (i === k) continue;
        const factor = a[i * columns + k] / a[k * columns + k];
        for (let j = k; j < columns; j++) a[i * columns + j] -= factor * a[k * columns + j];
      }
    }
    return Array.from({ length: n }, (_, i) => a[i * columns + n] / a[i * columns + i]);
  }
}
