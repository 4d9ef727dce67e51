/**
 * @file What depth says of cells: whether they are as far away as an object is. Colours cannot tell a grey part before a grey wall,
 * nor two parts of one kind that pass one behind the other; depth can.
 */
/** With fewer cells whose depth is known, nothing is said of an object. */
const LEAST_CELLS = 3;
/** Noise of a depth, as a share of it. */
const NOISE = 0.015;
/** An object reaches from this share of its cells to the rest: some of them lie at its edge, and show what is behind. */
const EDGE = 0.15;

/** The labels of a frame whose depth is known. */
export interface PlacedLabels {
  /** `[cells, labels]`; label 0 is the background. */
  readonly weights: Float32Array;
  /** `[cells]`, NaN = unknown. */
  readonly depth: Float32Array;
  readonly labels: number;
}

/** How many planes `depthPlanes` has. */
export function depthDims(labels: number): number {
  return labels - 1;
}

/**
 * For each object how far a cell is at its depth rather than at another, −1..1: 1 from its nearest cells to its farthest, as
 * they were in the frame before, −1 from a margin beyond on, straight between; the margin is their reach, at least three times the
 * noise. 0 where nothing is known.
 * @param depth of the cells to describe, `[cells]`, NaN = unknown
 * @returns `[objects, cells]`
 */
export function depthPlanes(depth: Float32Array, before: PlacedLabels): Float32Array {
  const out = new Float32Array(depthDims(before.labels) * depth.length);
  for (let object = 0; object < depthDims(before.labels); object++) {
    const reach = reachOf(before, object + 1);
    if (reach === undefined) continue;
    const [near, far] = reach;
    const margin = Math.max(far - near, 3 * NOISE * far);
    for (let cell = 0; cell < depth.length; cell++) {
      const away = Math.max(0, near - depth[cell], depth[cell] - far);
      out[object * depth.length + cell] = Number.isNaN(away) ? 0 : 1 - Math.min(2, (2 * away) / margin);
    }
  }
  return out;
}

/** The depths between which an object lies; undefined where too little of it is seen. */
function reachOf({ weights, depth, labels }: PlacedLabels, label: number): readonly [number, number] | undefined {
  const own: number[] = [];
  for (const [cell, value] of depth.entries())
    if (weights[cell * labels + label] > 0.5 && !Number.isNaN(value)) own.push(value);
  if (own.length < LEAST_CELLS) return undefined;
  own.sort((a, b) => a - b);
  const cut = Math.floor(EDGE * own.length);
  return [own[cut], own[own.length - 1 - cut]];
}
