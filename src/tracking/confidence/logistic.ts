/**
 * @file Logistic regression of a handful of signals: applied while tracking, fitted by Newton's method with a ridge.
 */
import { internal } from "../../core/errors.ts";

/** P(true) = 1 / (1 + exp(−(bias + Σ weight · signal))). */
export interface LogisticModel<Signal extends string = string> {
  readonly bias: number;
  /** By the name of the signal, per unit of it. */
  readonly weights: Readonly<Record<Signal, number>>;
}

/** One observation: its signals, whether the thing was true, how much it counts. */
export interface Observation<Signal extends string = string> {
  readonly signals: Readonly<Record<Signal, number>>;
  readonly truth: boolean;
  /** Default 1. */
  readonly weight?: number;
}

/** Probability by the model, 0..1. */
export function probability<Signal extends string>(
  { bias, weights }: LogisticModel<Signal>,
  signals: Readonly<Record<Signal, number>>,
): number {
  let sum = bias;
  for (const name in weights) sum += weights[name] * signals[name];
  return 1 / (1 + Math.exp(-sum));
}

const STEPS = 50;

/**
 * Fits a model to observations.
 * @param ridge pull of the weights (of signals scaled to variance 1) towards 0, in observations.
 */
export function fitLogistic<Signal extends string>(
  observations: readonly Observation<Signal>[],
  names: readonly Signal[],
  ridge = 1,
): LogisticModel<Signal> {
  if (observations.length === 0) throw internal("a fit to no observations");
  const scales = names.map((name) => scaleOf(observations.map(({ signals }) => signals[name])));
  const rows = observations.map(({ signals }) => [
    1,
    ...names.map((name, i) => (signals[name] - scales[i].mean) / scales[i].deviation),
  ]);
  let beta = new Float64Array(names.length + 1);
  for (let step = 0; step < STEPS; step++) {
    const change = newtonStep(rows, observations, beta, ridge);
    beta = beta.map((value, i) => value + change[i]);
    if (change.every((value) => Math.abs(value) < 1e-9)) break;
  }
  const weights = names.map((_, i) => beta[i + 1] / scales[i].deviation);
  const bias = beta[0] - weights.reduce((sum, weight, i) => sum + weight * scales[i].mean, 0);
  return { bias, weights: Object.fromEntries(names.map((name, i) => [name, weights[i]])) as Record<Signal, number> };
}

/**
 * As `fitLogistic`, but no signal speaks against what it stands for: those whose weight came out against their sign are
 * left out (weight 0), the most contrary first. @param signs 1: the higher the more probable; −1: the less.
 */
export function fitSigned<Signal extends string>(
  observations: readonly Observation<Signal>[],
  signs: Readonly<Record<Signal, 1 | -1>>,
  ridge = 1,
): LogisticModel<Signal> {
  const all = Object.keys(signs) as Signal[];
  let names = all;
  for (;;) {
    const { bias, weights } = fitLogistic(observations, names, ridge);
    const scaled = (name: Signal): number =>
      signs[name] * weights[name] * scaleOf(observations.map(({ signals }) => signals[name])).deviation;
    const worst = names.toSorted((a, b) => scaled(a) - scaled(b))[0];
    if (worst === undefined || scaled(worst) >= 0) {
      const known = all.map((name) => [name, names.includes(name) ? weights[name] : 0]);
      return { bias, weights: Object.fromEntries(known) as Record<Signal, number> };
    }
    names = names.filter((name) => name !== worst);
  }
}

function scaleOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) || 1 };
}

/** (Xᵀ S X + R)⁻¹ (Xᵀ (y − p) − R β). */
function newtonStep(
  rows: readonly (readonly number[])[],
  observations: readonly Observation[],
  beta: Float64Array,
  ridge: number,
): Float64Array {
  const n = beta.length;
  const system = Array.from({ length: n }, (_, i) => {
    const row = new Float64Array(n + 1);
    // The bias is not pulled; a trace keeps the system solvable.
    const pull = i === 0 ? 1e-9 : ridge;
    row[i] = pull;
    row[n] = -pull * beta[i];
    return row;
  });
  for (const [k, x] of rows.entries()) {
    const { truth, weight = 1 } = observations[k];
    const p = 1 / (1 + Math.exp(-x.reduce((sum, value, i) => sum + value * beta[i], 0)));
    const s = weight * Math.max(1e-9, p * (1 - p));
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) system[i][j] += s * x[i] * x[j];
      system[i][n] += weight * x[i] * (Number(truth) - p);
    }
  }
  return solve(system);
}

/** Gauss–Jordan with pivoting. @param system `[n, n + 1]`, overwritten. */
function solve(system: Float64Array[]): Float64Array {
  const n = system.length;
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let r = i + 1; r < n; r++) if (Math.abs(system[r][i]) > Math.abs(system[pivot][i])) pivot = r;
    [system[i], system[pivot]] = [system[pivot], system[i]];
    for (let r = 0; r < n; r++) {
      if (r === i) continue;
      const factor = system[r][i] / system[i][i];
      for (let c = i; c <= n; c++) system[r][c] -= factor * system[i][c];
    }
  }
  return Float64Array.from(system, (row, i) => row[n] / row[i]);
}
