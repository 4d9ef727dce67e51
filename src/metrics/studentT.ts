/**
 * @file Student's t distribution: the quantiles that intervals from few values need. The distribution function is a
 * regularised incomplete beta function, by its continued fraction (Abramowitz & Stegun 26.5.8, 26.7.1); the quantile is
 * found by halving.
 */
import { internal } from "../core/errors.ts";

/** Relative change below which the continued fraction has converged. */
const CONVERGED = 1e-14;
const MOST_TERMS = 10_000;

/** The t with P(T ≤ t) = p. @param degrees of freedom, above 0. @param p between 0 and 1, both excluded. */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p > 0 && p < 1 && degrees > 0)) throw internal(`the t quantile of ${p} with ${degrees} degrees of freedom`);
  if (p < 0.5) return -studentQuantile(1 - p, degrees);
  let [low, high] = [0, 1];
  while (studentProbability(high, degrees) < p) high *= 2;
  // Each step halves the interval: after so many, doubles have no more values between its ends.
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (studentProbability(middle, degrees) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(T ≤ t). @param degrees of freedom, above 0. */
export function studentProbability(t: number, degrees: number): number {
  const tail = incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  return t < 0 ? tail : 1 - tail;
}

/** The regularised incomplete beta function I_x(a, b). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const logFront = a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b) - Math.log(a);
  return Math.exp(logFront) * continuedFraction(x, a, b);
}

/** The continued fraction of `incompleteBeta`, by Lentz's method (modified: no denominator is 0). */
function continuedFraction(x: number, a: number, b: number): number {
  const least = Number.MIN_VALUE / Number.EPSILON;
  const away = (value: number): number => (Math.abs(value) < least ? least : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < CONVERGED) return value;
  }
  throw internal(`the incomplete beta function of ${x}, ${a}, ${b} does not converge`);
}

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/** Coefficients 1/12, −1/360, … of Stirling's series (Abramowitz & Stegun 6.1.41). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360];
/** From here on Stirling's series is exact to double precision. */
const STIRLING_FROM = 15;

/** ln Γ(x). @param x above 0. */
function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < STIRLING_FROM; at++) shift += Math.log(at);
  const series = STIRLING.reduce((sum, coefficient, i) => sum + coefficient / at ** (2 * i + 1), 0);
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
