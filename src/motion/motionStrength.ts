/**
 * @file Step 3 of MEE: the noise floor and the strength m̂ = clip((|ρ| − n) / (p − n), 0, 1) of every cell.
 *
 * n = max(least, k · median |ρ|): with the camera removed the median is noise (and parallax) as long as most of the
 * picture is background. p is the 95th percentile of |ρ| *over the cells that count*, not over all cells: a percentile
 * over all cells drops below n as soon as moving objects cover less than 5 % of the picture, and a small one would
 * vanish. If only noise is above n, it would define p; so that it does not get full strength, p is at least 2 n, and
 * cells count by regions (4-connected above n): a region counts when it has enough cells and, where evidence is given,
 * when the pictures support its motion. Deciding by regions rather than cells keeps the smooth interior of an object
 * whose outline moves visibly.
 */
import { connectedParts } from "../core/connectedParts.ts";

/** Settings of `motionStrength`. */
export interface StrengthOptions {
  /** The lowest noise floor, in the unit of the magnitude. */
  readonly least: number;
  /**
   * k: floor over the median of the magnitudes; default 3. 0 where the median is not noise: under a still camera most
   * of the picture may move.
   */
  readonly factor?: number;
  /**
   * For and against motion, `[height, width]` each; a region counts when the sums have at least `ratio` between them.
   */
  readonly evidence?: { readonly pro: Float32Array; readonly contra: Float32Array; readonly ratio: number };
}

/** k of the noise floor: the median is noise only as long as most of the picture is background. */
export function floorFactor(stillCamera: boolean): number {
  return stillCamera ? 0 : FLOOR_FACTOR;
}

const FLOOR_FACTOR = 3;
/** The fewest cells of a region. */
const LEAST_CELLS = 3;
const PERCENTILE = 0.95;

/** Strength of every cell and the floor that was used. */
export interface Strength {
  /** `[height, width]` m̂ in 0..1; all zero when nothing rises above the floor. */
  readonly strength: Float32Array;
  /** n, in the unit of the magnitude. */
  readonly floor: number;
}

/**
 * @param magnitude `[height, width]` |ρ| or any other measure of change.
 * @param valid 1 where it is known; elsewhere m̂ = 0.
 */
export function motionStrength(
  magnitude: Float32Array,
  valid: Uint8Array,
  width: number,
  options: StrengthOptions,
): Strength {
  const { least, factor = FLOOR_FACTOR } = options;
  const known = magnitude.filter((_, c) => valid[c] === 1).sort();
  const floor = Math.max(least, factor * quantile(known, 0.5));
  const above = Uint8Array.from(magnitude, (value, c) => Number(valid[c] === 1 && value > floor));
  const counted = connectedParts(above, width)
    .filter((region) => counts(region, options))
    .flat();
  const top = Math.max(2 * floor, quantile(Float32Array.from(counted, (c) => magnitude[c]).sort(), PERCENTILE));
  const strength = new Float32Array(magnitude.length);
  for (const c of counted) strength[c] = Math.min(1, (magnitude[c] - floor) / (top - floor));
  return { strength, floor };
}

/** Value at a quantile of ascending numbers; 0 if there are none. */
function quantile(ascending: Float32Array, q: number): number {
  return ascending.length === 0 ? 0 : ascending[Math.floor(q * (ascending.length - 1))];
}

function counts(region: readonly number[], { evidence }: StrengthOptions): boolean {
  if (region.length < LEAST_CELLS) return false;
  if (evidence === undefined) return true;
  let [pro, contra] = [0, 0];
  for (const c of region) {
    pro += evidence.pro[c];
    contra += evidence.contra[c];
  }
  return pro > evidence.ratio * contra;
}
