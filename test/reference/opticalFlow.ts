/** @file The slow, obvious form of src/kernels/assembly/flow.ts, in double precision: one direction, no strips, no vectors. */

/** A grey picture; outside it the border pixels repeat. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly at: (x: number, y: number) => number;
}

type Vector = readonly [number, number];
interface Patch {
  readonly u: number;
  readonly v: number;
  readonly trust: number;
}

const [RIDGE, REACH, SETTLED, AGREED, LEAST_TRUST, SHORTEST_SIDE] = [16, 8, 0.0004, 0.5, 500, 16];

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

function picture(width: number, height: number, value: (x: number, y: number) => number): Picture {
  const data = Float64Array.from({ length: width * height }, (_, p) => value(p % width, Math.floor(p / width)));
  return { width, height, at: (x, y) => data[clamp(y, 0, height - 1) * width + clamp(x, 0, width - 1)] };
}

function smoothed({ width, height, at }: Picture): Picture {
  const down = picture(width, height, (x, y) => at(x, y) / 2 + (at(x, y - 1) + at(x, y + 1)) / 4);
  return picture(width, height, (x, y) => down.at(x, y) / 2 + (down.at(x - 1, y) + down.at(x + 1, y)) / 4);
}

function halved({ width, height, at }: Picture): Picture {
  return picture(width >> 1, height >> 1, (x, y) => {
    return (at(2 * x, 2 * y) + at(2 * x + 1, 2 * y) + at(2 * x, 2 * y + 1) + at(2 * x + 1, 2 * y + 1)) / 4;
  });
}

function bilinear({ at }: Picture, x: number, y: number): number {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - x0, y - y0];
  const row = (j: number): number => at(x0, j) * (1 - fx) + at(x0 + 1, j) * fx;
  return row(y0) * (1 - fy) + row(y0 + 1) * fy;
}

/** The 64 places of a patch. */
const places: readonly Vector[] = Array.from({ length: 64 }, (_, i) => [i % 8, Math.floor(i / 8)]);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const centred = (values: readonly number[]): number[] => values.map((value) => value - sum(values) / values.length);

/** Starts on the coarsest level, 0 first, and what speaks against them. */
const steps = [0, -6, -4, -2, 2, 4, 6];
const around: readonly Vector[] = steps.flatMap((v) => steps.map((u): Vector => [u, v]));
const prior = ([u, v]: Vector): number => RIDGE * (u * u + v * v);

/** A displaced patch may begin this far outside the frame. */
function displaced(to: Picture, x: number, y: number): Vector {
  return [clamp(x, -12, to.width + 4), clamp(y, -12, to.height + 4)];
}

/** @param starts from the coarser level; undefined on the coarsest. */
function searchPatch(from: Picture, to: Picture, x: number, y: number, starts: readonly Vector[] | undefined): Patch {
  const grey = places.map(([i, j]) => from.at(x + i, y + j));
  const gx = centred(places.map(([i, j]) => (from.at(x + i + 1, y + j) - from.at(x + i - 1, y + j)) / 2));
  const gy = centred(places.map(([i, j]) => (from.at(x + i, y + j + 1) - from.at(x + i, y + j - 1)) / 2));
  const differences = (u: number, v: number): number[] => {
    const [px, py] = displaced(to, x + u, y + v);
    return centred(places.map(([i, j], k) => bilinear(to, px + i, py + j) - grey[k]));
  };
  const cost = (d: readonly number[]): number => sum(d.map((value) => value * value));
  const at = ([u, v]: Vector): number => cost(differences(u, v));
  const [xx, xy, yy] = [sum(gx.map((g) => g * g)), sum(gx.map((g, k) => g * gy[k])), sum(gy.map((g) => g * g))];
  const determinant = (xx + RIDGE) * (yy + RIDGE) - xy * xy;
  const refined = ([u0, v0]: Vector): Vector => {
    let [bu, bv] = [u0, v0];
    let best = at([bu, bv]);
    for (let step = 0, u = bu, v = bv; step < 8; step++) {
      const d = differences(u, v);
      const [bx, by] = [sum(d.map((value, k) => value * gx[k])), sum(d.map((value, k) => value * gy[k]))];
      const du = ((yy + RIDGE) * bx - xy * by) / determinant;
      const dv = ((xx + RIDGE) * by - xy * bx) / determinant;
      u -= du;
      v -= dv;
      if (Math.abs(u - u0) > REACH || Math.abs(v - v0) > REACH) break;
      const next = cost(differences(u, v));
      if (next >= best) break;
      [best, bu, bv] = [next, u, v];
      if (du * du + dv * dv < SETTLED) break;
    }
    return [bu, bv];
  };
  const begun = (): Vector => {
    const near = refined([0, 0]);
    const far = around.reduce((a, b) => (prior(b) + at(b) < prior(a) + at(a) ? b : a));
    return prior(far) + at(far) < at(near) ? far : near;
  };
  let start = starts?.[0] ?? begun();
  for (const next of starts?.slice(1) ?? [])
    if (Math.abs(next[0] - start[0]) + Math.abs(next[1] - start[1]) >= 0.25 && at(next) < at(start)) start = next;
  const [bu, bv] = refined(start);
  return { u: bu, v: bv, trust: Math.max(xx * yy - xy * xy, 0) / (xx + yy + 1) + LEAST_TRUST };
}

/** Dense flow of one level. */
interface Level {
  readonly u: Picture;
  readonly v: Picture;
}

/** What the coarser level says at the middle of the patch, then to its left, right, above and below. */
function startsFrom(coarser: Level | undefined, column: number, row: number): Vector[] | undefined {
  if (coarser === undefined) return undefined;
  const [x, y] = [2 * column + 1, 2 * row + 1];
  const at = (i: number, j: number): Vector => [2 * coarser.u.at(i, j), 2 * coarser.v.at(i, j)];
  const four = [at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)];
  const middle: Vector = [sum(four.map(([u]) => u)) / 4, sum(four.map(([, v]) => v)) / 4];
  return [middle, at(x - 3, y), at(x + 4, y), at(x, y - 3), at(x, y + 4)];
}

function agreed(patches: readonly Patch[][], column: number, row: number): Vector {
  const { u, v } = patches[row][column];
  const near = [-1, 0, 1].flatMap((j) => [-1, 0, 1].map((i) => patches[row + j]?.[column + i]));
  const alike = near.filter(
    (patch): patch is Patch => patch !== undefined && Math.abs(patch.u - u) + Math.abs(patch.v - v) < AGREED,
  );
  const trust = sum(alike.map((patch) => patch.trust));
  return [
    sum(alike.map((patch) => patch.trust * patch.u)) / trust,
    sum(alike.map((patch) => patch.trust * patch.v)) / trust,
  ];
}

function flowOfLevel(from: Picture, to: Picture, coarser: Level | undefined): Level {
  const { width, height } = from;
  const columns = Math.max(1, Math.ceil(width / 4) - 1);
  const rows = Math.max(1, Math.ceil(height / 4) - 1);
  const patches = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_unused, column) =>
      searchPatch(from, to, 4 * column, 4 * row, startsFrom(coarser, column, row)),
    ),
  );
  const mean = (x: number, y: number): Vector => {
    let [weights, us, vs] = [0, 0, 0];
    for (const row of [Math.floor(y / 4) - 1, Math.floor(y / 4)]) {
      for (const column of [Math.floor(x / 4) - 1, Math.floor(x / 4)]) {
        if (patches[row]?.[column] === undefined) continue;
        const [u, v] = agreed(patches, column, row);
        // The kernel displaces whole rows of a patch, so its clamp is that of the row's and the column's beginning.
        const [px] = displaced(to, 4 * column + u, 0);
        const py = clamp(4 * Math.floor(y / 4) + v, -12, to.height + 8);
        const there = bilinear(to, px + x - 4 * column, py + (y % 4));
        const weight = 1 / Math.max(1, Math.abs(there - from.at(x, y)));
        weights += weight;
        us += weight * u;
        vs += weight * v;
      }
    }
    return [us / weights, vs / weights];
  };
  const means = Array.from({ length: width * height }, (_, p) => mean(p % width, Math.floor(p / width)));
  return {
    u: picture(width, height, (x, y) => means[y * width + x][0]),
    v: picture(width, height, (x, y) => means[y * width + x][1]),
  };
}

/** Flow `[height, width]` from one grey picture to another. */
export function referenceFlow(
  width: number,
  height: number,
  from: Float32Array,
  to: Float32Array,
): { u: Float64Array; v: Float64Array } {
  const pyramids = [from, to].map((data) => {
    const levels = [smoothed(picture(width, height, (x, y) => data[y * width + x]))];
    while (Math.min(levels[levels.length - 1].width, levels[levels.length - 1].height) >= 2 * SHORTEST_SIDE) {
      levels.push(halved(levels[levels.length - 1]));
    }
    return levels;
  });
  let flow: Level | undefined;
  for (let level = pyramids[0].length - 1; level >= 0; level--) {
    flow = flowOfLevel(pyramids[0][level], pyramids[1][level], flow);
  }
  const dense = (plane: Picture | undefined): Float64Array =>
    Float64Array.from({ length: width * height }, (_, p) => plane?.at(p % width, Math.floor(p / width)) ?? 0);
  return { u: dense(flow?.u), v: dense(flow?.v) };
}
