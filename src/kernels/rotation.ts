/**
 * @file A rotation of feature space that puts most of the energy into the first channels, so that matching can stop
 * early.
 *
 * Any orthogonal matrix preserves all dot products; how well the energy is concentrated only affects the speed. So a
 * few steps of orthogonal iteration on the second-moment matrix are enough, and the eigenvectors need not converge.
 */

const STEPS = 3;
const SAMPLES = 1536;

/** A rotation, and how it distributes the energy. */
export interface Rotation {
  /** `[channels, channels]`, row d is the direction of rotated channel d; orthonormal to about 1e-12. */
  readonly rows: Float64Array;
  /** Share of the energy in each rotated channel; they sum to 1 (all 0 for features of zero). */
  readonly energy: Float64Array;
}

/**
 * Rows of an orthogonal matrix, strongest first.
 * @param features `[channels, cells]` float32.
 * @param unit count every cell with norm 1, as cosine similarity does.
 * @param steps of the iteration; a few concentrate the energy, some dozens give the eigenvectors wherever eigenvalues
 * differ clearly.
 */
export function energyRotation(
  features: Float32Array,
  channels: number,
  cells: number,
  unit: boolean,
  steps = STEPS,
): Rotation {
  const moment = secondMoment(features, channels, cells, unit);
  const rows = gatheringRows(moment.slice(), channels, steps);
  return { rows, energy: energyOf(rows, moment, channels) };
}

function gatheringRows(moment: Float64Array, channels: number, steps: number): Float64Array {
  let trace = 0;
  for (let c = 0; c < channels; c++) trace += moment[c * channels + c];
  // The ridge keeps directions without energy apart, so that Gram-Schmidt never divides by 0.
  const ridge = (trace > 0 ? trace : 1) * 1e-5;
  for (let c = 0; c < channels; c++) moment[c * channels + c] += ridge;
  let basis = identity(channels);
  for (let step = 0; step < steps; step++) {
    basis = multiply(basis, moment, channels);
    orthonormalise(basis, channels);
  }
  // A second time, since one pass leaves directions of little energy slightly non-orthogonal.
  orthonormalise(basis, channels);
  return basis;
}

/** r M rᵀ over the trace of M, for every row r. */
function energyOf(rows: Float64Array, moment: Float64Array, n: number): Float64Array {
  const mixed = multiply(rows, moment, n);
  const energy = new Float64Array(n);
  for (let d = 0; d < n; d++) for (let c = 0; c < n; c++) energy[d] += rows[d * n + c] * mixed[d * n + c];
  const total = energy.reduce((sum, value) => sum + value, 0);
  return total > 0 ? energy.map((value) => value / total) : energy;
}

function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
}

/** Mean of x xᵀ over a regular sample of the cells; `[channels, channels]`. */
function secondMoment(features: Float32Array, channels: number, cells: number, unit: boolean): Float64Array {
  const moment = new Float64Array(channels * channels);
  const step = Math.max(1, Math.floor(cells / SAMPLES));
  const x = new Float64Array(channels);
  for (let cell = 0; cell < cells; cell += step) {
    let square = 0;
    for (let c = 0; c < channels; c++) {
      x[c] = features[c * cells + cell];
      square += x[c] * x[c];
    }
    const weight = unit ? 1 / Math.max(square, 1e-24) : 1;
    for (let i = 0; i < channels; i++) {
      const scaled = x[i] * weight;
      for (let j = 0, at = i * channels; j < channels; j++) moment[at + j] += scaled * x[j];
    }
  }
  return moment;
}

/** basis · matrix, both `[n, n]`. */
function multiply(basis: Float64Array, matrix: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = out.subarray(i * n, i * n + n);
    for (let k = 0; k < n; k++) {
      const factor = basis[i * n + k];
      const from = matrix.subarray(k * n, k * n + n);
      for (let j = 0; j < n; j++) row[j] += factor * from[j];
    }
  }
  return out;
}

/** Modified Gram–Schmidt on the rows, in place. */
function orthonormalise(basis: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    const row = basis.subarray(i * n, i * n + n);
    for (let k = 0; k < i; k++) {
      const other = basis.subarray(k * n, k * n + n);
      let dot = 0;
      for (let j = 0; j < n; j++) dot += row[j] * other[j];
      for (let j = 0; j < n; j++) row[j] -= dot * other[j];
    }
    const norm = Math.hypot(...row);
    for (let j = 0; j < n; j++) row[j] /= norm;
  }
}
