/** @file Adam and AdamW written from their papers, number by number in double precision. */

/** Settings, as in the papers. */
export interface ReferenceAdam {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly decays: (element: number) => boolean;
  readonly clipNorm: number;
}

/** State after some steps. */
export interface ReferenceState {
  p: number[];
  m: number[];
  v: number[];
}

/** One step with gradient g; returns the norm of the gradient before clipping. */
export function referenceStep(
  state: ReferenceState,
  g: readonly number[],
  t: number,
  rate: number,
  o: ReferenceAdam,
): number {
  const norm = Math.sqrt(g.reduce((sum, x) => sum + x * x, 0));
  const factor = norm > o.clipNorm ? o.clipNorm / norm : 1;
  for (let i = 0; i < g.length; i++) {
    const gi = g[i] * factor;
    state.m[i] = o.beta1 * state.m[i] + (1 - o.beta1) * gi;
    state.v[i] = o.beta2 * state.v[i] + (1 - o.beta2) * gi * gi;
    const mHat = state.m[i] / (1 - o.beta1 ** t);
    const vHat = state.v[i] / (1 - o.beta2 ** t);
    if (o.decays(i)) state.p[i] -= rate * o.weightDecay * state.p[i];
    state.p[i] -= (rate * mHat) / (Math.sqrt(vHat) + o.epsilon);
  }
  return norm;
}
