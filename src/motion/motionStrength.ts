/**
 * @file Step 3 of MEE: the noise floor and the strength m̂ = clip((|ρ| − n) / (p − n), 0, 1) of every cell.
 *
 * n = max(least, k · median |ρ|): with the camera removed the median is noise (and parallax) as long as most of the picture
 * is background. p is the 95th percentile of |ρ| *over the cells above n*, not over all cells: a percentile over all cells drops below
 * n as soon as what moves covers less than 5 % of the picture, and the small mover would vanish. So that lone outliers of noise, which
 * by then would be their own percentile, do not come out at full strength, p is at least 2 n, and a cell counts only
 * when enough of its neighbours are above the floor too.
 */

/** Settings of `motionStrength`. */
export interface StrengthOptions {
  /** The lowest noise floor, in the unit of the magnitude. */
  readonly least: number;
  /** k: floor over the median of the magnitudes; default 3. */
  readonly factor?: number;
}

/** Cells above the floor among the nine around (and including) a cell, at least, for it to count. */
const COMPANIONS = 4;
const PERCENTILE = 0.95;

/** Strength of every cell and the floor that was used. */
export interface Strength {
  /** `[height, width]` m̂ in 0..1; all zero when nothing rises above the floor. */
  readonly strength: Float32Array;
  /** n, in the unit of the magnitude. */
  readonly floor: number;
}

/** @param magnitude `[height, width]` |ρ| or any other measure of change. @param valid 1 where it is known; elsewhere m̂ = 0. */
export function motionStrength(
  magnitude: Float32Array,
  valid: Uint8Array,
  width: number,
  { least, factor = 3 }: StrengthOptions,
): Strength {
  const known = magnitude.filter((_, c) => valid[c] === 1).sort();
  const floor = Math.max(least, factor * quantile(known, 0.5));
  const strength = new Float32Array(magnitude.length);
  const above = magnitude.map((value, c) => Number(valid[c] === 1 && value > floor));
  const counted = magnitude.map((value, c) =>
    above[c] === 1 && companions(above, c, width) >= COMPANIONS ? value : 0,
  );
  const top = Math.max(2 * floor, quantile(counted.filter((value) => value > 0).sort(), PERCENTILE));
  for (let c = 0; c < strength.length; c++) {
    if (counted[c] > 0) strength[c] = Math.min(1, (counted[c] - floor) / (top - floor));
  }
  return { strength, floor };
}

/** Value at a quantile of ascending numbers; 0 of none. */
function quantile(ascending: Float32Array, q: number): number {
  return ascending.length === 0 ? 0 : ascending[Math.floor(q * (ascending.length - 1))];
}

function companions(above: Float32Array, c: number, width: number): number {
  const height = above.length / width;
  const [x, y] = [c % width, Math.floor(c / width)];
  let sum = 0;
  for (let j = Math.max(0, y - 1); j <= Math.min(height - 1, y + 1); j++) {
    for (let i = Math.max(0, x - 1); i <= Math.min(width - 1, x + 1); i++) sum += above[j * width + i];
  }
  return sum;
}
