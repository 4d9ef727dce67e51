/** @file The parts of the training objective written cell by cell, for comparison with the graphs. */
import { at, average, type Nd, total } from "./tensor.ts";

const zeros = (length: number): number[] => Array.from({ length }, () => 0);
const scalar = (value: number): Nd => ({ shape: [], data: Float64Array.of(value) });

/** Feature vector of a cell. */
const cell = (x: Nd, b: number, y: number, x_: number): number[] =>
  Array.from({ length: x.shape[1] }, (_, c) => at(x, [b, c, y, x_]));
const dot = (a: readonly number[], b: readonly number[]): number => total(a.map((v, i) => v * b[i]));
const unit = (a: readonly number[]): number[] => a.map((v) => v / Math.sqrt(dot(a, a)));

/** Mean of −log softmax(query · all cells of its second view) of the bilinear place. */
export function pseudoMotion(
  first: Nd,
  second: Nd,
  {
    queries,
    rows,
    columns,
    valid,
    scale,
    ignored = 0,
    anchors = [],
  }: {
    queries: number[];
    rows: Nd;
    columns: Nd;
    valid: number[];
    scale: number;
    ignored?: number;
    /** Rows and columns of the cells of other views that are negatives. */
    anchors?: readonly (readonly [number, number])[];
  },
): Nd {
  const [b, c, h, w] = first.shape;
  const losses = queries.map((query, q) => {
    const view = Math.floor(q / (queries.length / b));
    const n = q % (queries.length / b);
    const own = query % (h * w);
    const from = cell(first, Math.floor(query / (h * w)), Math.floor(own / w), own % w);
    const all: number[] = [];
    const right = zeros(c);
    const place = { x: 0, y: 0 };
    for (let y = 0; y < h; y++) place.y += y * at(rows, [view, n, y]);
    for (let x = 0; x < w; x++) place.x += x * at(columns, [view, n, x]);
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        const key = cell(second, view, y, x);
        const isNear = ignored > 0 && Math.hypot(x - place.x, y - place.y) <= ignored;
        if (!isNear) all.push(Math.exp(scale * dot(from, key)));
        const weight = at(rows, [view, n, y]) * at(columns, [view, n, x]);
        key.forEach((v, i) => (right[i] += weight * v));
      }
    }
    if (ignored > 0) all.push(Math.exp(scale * dot(from, right)));
    for (let other = 0; other < b; other++)
      if (other !== view)
        for (const [y, x] of anchors) all.push(Math.exp(scale * dot(from, cell(second, other, y, x))));
    return valid[q] * (Math.log(total(all)) - scale * dot(from, right));
  });
  return scalar(average(losses));
}

/** Mean of −log P(back at the start) of the palindrome walk over means of patch×patch cells. */
export function cycle(frames: readonly Nd[], dropped: Nd, patch: number, temperature: number): Nd {
  const [b, , h, w] = frames[0].shape;
  const [nh, nw] = [Math.floor(h / patch), Math.floor(w / patch)];
  const n = nh * nw;
  const node = (frame: Nd, k: number, i: number): number[] => {
    const sum = zeros(frame.shape[1]);
    for (let y = 0; y < patch; y++)
      for (let x = 0; x < patch; x++)
        cell(frame, k, Math.floor(i / nw) * patch + y, (i % nw) * patch + x).forEach((v, c) => (sum[c] += v));
    return unit(sum);
  };
  const path = [...frames, ...frames.slice(0, -1).toReversed()];
  const losses: number[] = [];
  for (let k = 0; k < b; k++) {
    const nodes = path.map((frame) => Array.from({ length: n }, (_, i) => node(frame, k, i)));
    for (let start = 0; start < n; start++) {
      let where: number[] = Array.from({ length: n }, (_, i) => (i === start ? 1 : 0));
      for (let step = 0; step + 1 < path.length; step++) {
        const next = zeros(n);
        where.forEach((p, i) => {
          const edges = Array.from({ length: n }, (_, j) =>
            at(dropped, [step, k, i, j]) === 1 ? 0 : Math.exp(dot(nodes[step][i], nodes[step + 1][j]) / temperature),
          );
          edges.forEach((e, j) => (next[j] += (p * e) / total(edges)));
        });
        where = next;
      }
      losses.push(-Math.log(where[start] + 1e-6));
    }
  }
  return scalar(average(losses));
}

/** The window's scaled dot products of a cell with all references. */
function windowLogits(q: Nd, references: readonly Nd[], [b, y, x]: number[], radius: number, scale: number): number[] {
  const [, , h, w] = q.shape;
  return references.flatMap((k) => {
    const logits: number[] = [];
    for (let v = Math.max(0, y - radius); v <= Math.min(h - 1, y + radius); v++)
      for (let u = Math.max(0, x - radius); u <= Math.min(w - 1, x + radius); u++)
        logits.push(scale * dot(cell(q, b, y, x), cell(k, b, v, u)));
    return logits;
  });
}

/** VEN's raw statistic, standardised over the frame, and the normalised entropy: two channels `[B, 2, h, w]`. */
export function valueStatistics(q: Nd, references: readonly Nd[], radius: number, scale: number): Nd {
  const [b, , h, w] = q.shape;
  const data = new Float64Array(b * 2 * h * w);
  for (let n = 0; n < b; n++) {
    const raw: number[] = [];
    for (let i = 0; i < h * w; i++) {
      const at_ = [n, Math.floor(i / w), i % w];
      const logits = windowLogits(q, references, at_, radius, scale);
      const self = cell(q, n, at_[1], at_[2]);
      raw.push(total(logits.map(Math.exp)) - logits.length * Math.exp(scale * dot(self, self)));
      const weights = logits.map((l) => Math.exp(l) / total(logits.map(Math.exp)));
      data[(n * 2 + 1) * h * w + i] = -total(weights.map((p) => p * Math.log(p))) / Math.log(logits.length + 1);
    }
    const mean = average(raw);
    const deviation = Math.sqrt(average(raw.map((v) => (v - mean) ** 2)));
    raw.forEach((v, i) => (data[n * 2 * h * w + i] = (v - mean) / deviation));
  }
  return { shape: [b, 2, h, w], data };
}

/** Balanced cross-entropy of the value map's logits with where things move. */
export function valueLoss(logits: Nd, moving: Nd): Nd {
  const [b, , h, w] = logits.shape;
  const losses: number[] = [];
  for (let n = 0; n < b; n++) {
    const part = (x: Nd): number[] => Array.from(x.data.subarray(n * h * w, (n + 1) * h * w));
    const positive = total(part(moving));
    const balance = Math.min(20, (h * w - positive) / Math.max(positive, 1e-3));
    part(logits).forEach((x, i) => {
      const y = part(moving)[i];
      const value = 1 / (1 + Math.exp(-x));
      losses.push(positive > 0.5 ? -y * balance * Math.log(value) - (1 - y) * Math.log(1 - value) : 0);
    });
  }
  return scalar(average(losses));
}
