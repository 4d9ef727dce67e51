/** @file How advice about cells changes their label weights. */

/** A weight is at least this, and at most one minus it, where it is shifted: what is 0 or 1 could never change. */
const FLOOR = 1e-3;

/**
 * Shifts the logits of label weights: w′ ∝ w · exp(shift), the background's shift being 0. With one object this is
 * p′ = σ(logit p + shift).
 * @param weights `[cells, labels]`, summing to 1 in each cell; changed in place. Label 0 is the background.
 * @param shifts by object, `[cells]`; 0 = nothing is said. Undefined: nothing is said of the object.
 */
export function shiftWeights(
  weights: Float32Array,
  labels: number,
  shifts: readonly (Float32Array | undefined)[],
): void {
  for (let cell = 0, at = 0; at < weights.length; cell++, at += labels) {
    let [isShifted, sum, before] = [false, 0, 0];
    for (let label = 0; label < labels; label++) before += weights[at + label];
    for (let label = 1; label < labels; label++) {
      const shift = shifts[label - 1]?.[cell] ?? 0;
      const weight = weights[at + label];
      // What has reached the floor is not lifted by advice against it.
      if (shift === 0 || (shift < 0 && weight <= FLOOR)) continue;
      if (shift > 0 && weight >= 1 - FLOOR) continue;
      if (shift < 0) weights[at] = Math.max(weights[at], FLOOR);
      weights[at + label] = Math.max(weight, FLOOR) * Math.exp(shift);
      isShifted = true;
    }
    if (!isShifted) continue;
    for (let label = 0; label < labels; label++) sum += weights[at + label];
    for (let label = 0; label < labels; label++) weights[at + label] *= before / sum;
  }
}
