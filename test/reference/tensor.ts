/** @file Slow, obvious tensor ops in double precision: loops over index tuples, each formula as in its definition. */

/** Values in row-major order. */
export interface Nd {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Every index tuple of a shape, last axis fastest. */
export function* tuples(shape: readonly number[]): Generator<number[]> {
  if (shape.length === 0) {
    yield [];
    return;
  }
  for (let i = 0; i < shape[0]; i++) for (const rest of tuples(shape.slice(1))) yield [i, ...rest];
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

const flatIndex = (shape: readonly number[], index: readonly number[]): number =>
  index.reduce((flat, i, axis) => flat * shape[axis] + i, 0);

export const at = (x: Nd, index: readonly number[]): number => x.data[flatIndex(x.shape, index)];

/** A tensor whose element at every index tuple is f of the tuple. */
export function make(shape: readonly number[], f: (index: number[]) => number): Nd {
  const data = new Float64Array(product(shape));
  let k = 0;
  for (const index of tuples(shape)) data[k++] = f(index);
  return { shape, data };
}

export const map = (x: Nd, f: (value: number) => number): Nd => ({ shape: x.shape, data: x.data.map(f) });

/** NumPy's broadcasting of any number of tensors. */
export function broadcast(inputs: readonly Nd[], f: (...values: number[]) => number): Nd {
  const rank = Math.max(...inputs.map((x) => x.shape.length));
  const shape = Array.from({ length: rank }, (_, i) =>
    Math.max(...inputs.map((x) => x.shape[i - rank + x.shape.length] ?? 1)),
  );
  return make(shape, (index) =>
    f(
      ...inputs.map((x) =>
        at(
          x,
          x.shape.map((n, axis) => (n === 1 ? 0 : index[axis + rank - x.shape.length])),
        ),
      ),
    ),
  );
}

/** f over the list of values that share the axes that stay. */
export function reduce(x: Nd, axes: readonly number[], keep: boolean, f: (values: number[]) => number): Nd {
  const reduced = axes.map((axis) => (axis < 0 ? axis + x.shape.length : axis));
  const groups = new Map<string, number[]>();
  for (const index of tuples(x.shape)) {
    const key = index.map((i, axis) => (reduced.includes(axis) ? 0 : i)).join();
    groups.set(key, [...(groups.get(key) ?? []), at(x, index)]);
  }
  const kept = make(
    x.shape.map((n, axis) => (reduced.includes(axis) ? 1 : n)),
    (index) => f(groups.get(index.join()) as number[]),
  );
  return keep
    ? kept
    : {
        shape: x.shape.filter((_, axis) => !reduced.includes(axis)),
        data: kept.data,
      };
}

export const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
export const average = (values: readonly number[]): number => total(values) / values.length;

export const reshape = (x: Nd, shape: readonly number[]): Nd => ({ shape, data: x.data });

export function transpose(x: Nd, order: readonly number[]): Nd {
  return make(
    order.map((axis) => x.shape[axis]),
    (index) => {
      const from: number[] = [];
      order.forEach((axis, i) => (from[axis] = index[i]));
      return at(x, from);
    },
  );
}

const replaced = <T>(list: readonly T[], i: number, value: T): T[] => list.map((old, k) => (k === i ? value : old));

export function slice(x: Nd, axis: number, start: number, length: number, step: number): Nd {
  return make(replaced(x.shape, axis, length), (index) => at(x, replaced(index, axis, start + index[axis] * step)));
}

/** The opposite of a slice: zeros but where the slice was taken. */
export function unslice(x: Nd, axis: number, start: number, size: number, step: number): Nd {
  return make(replaced(x.shape, axis, size), (index) => {
    const i = (index[axis] - start) / step;
    return Number.isInteger(i) && i >= 0 && i < x.shape[axis] ? at(x, replaced(index, axis, i)) : 0;
  });
}

export function pad(x: Nd, before: readonly number[], after: readonly number[], value: number): Nd {
  return make(
    x.shape.map((n, axis) => before[axis] + n + after[axis]),
    (index) => {
      const from = index.map((i, axis) => i - before[axis]);
      return from.every((i, axis) => i >= 0 && i < x.shape[axis]) ? at(x, from) : value;
    },
  );
}

export function concat(inputs: readonly Nd[], axis: number): Nd {
  const size = total(inputs.map((x) => x.shape[axis]));
  return make(replaced(inputs[0].shape, axis, size), (index) => {
    let i = index[axis];
    for (const x of inputs) {
      if (i < x.shape[axis]) return at(x, replaced(index, axis, i));
      i -= x.shape[axis];
    }
    return Number.NaN;
  });
}

export function gather(x: Nd, axis: number, indices: Nd): Nd {
  const rank = indices.shape.length;
  return make([...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], (index) =>
    at(x, [...index.slice(0, axis), at(indices, index.slice(axis, axis + rank)), ...index.slice(axis + rank)]),
  );
}

export function scatterAdd(x: Nd, indices: Nd, rows: number): Nd {
  return make([rows, x.shape[1]], ([row, column]) =>
    total(Array.from(indices.data, (target, i) => (target === row ? at(x, [i, column]) : 0))),
  );
}

export function reverse(x: Nd, axes: readonly number[]): Nd {
  return make(x.shape, (index) =>
    at(
      x,
      index.map((i, axis) => (axes.includes(axis) ? x.shape[axis] - 1 - i : i)),
    ),
  );
}

export function matmul(a: Nd, b: Nd, transposeA = false, transposeB = false): Nd {
  const swap = (x: Nd): Nd => {
    const order = [...x.shape.keys()];
    return transpose(x, [...order.slice(0, -2), order.length - 1, order.length - 2]);
  };
  const left = transposeA ? swap(a) : a;
  const right = transposeB ? swap(b) : b;
  const [m, k] = left.shape.slice(-2);
  const n = right.shape.at(-1) as number;
  const rank = Math.max(left.shape.length, right.shape.length) - 2;
  const leading = (x: Nd, i: number): number => x.shape[i - rank + x.shape.length - 2] ?? 1;
  const batch = Array.from({ length: rank }, (_, i) => Math.max(leading(left, i), leading(right, i)));
  const pick = (x: Nd, index: readonly number[]): number[] =>
    x.shape.slice(0, -2).map((size, axis) => (size === 1 ? 0 : index[axis + rank - x.shape.length + 2]));
  return make([...batch, m, n], (index) => {
    const [row, column] = index.slice(-2);
    return total(
      Array.from(
        { length: k },
        (_, i) => at(left, [...pick(left, index), row, i]) * at(right, [...pick(right, index), i, column]),
      ),
    );
  });
}

/** How a window moves. */
export interface WindowOptions {
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  readonly groups: number;
}

/** Σ over channels of the group and kernel taps; zeros outside the picture. */
export function conv2d(x: Nd, w: Nd, { stride, padding, dilation, groups }: WindowOptions): Nd {
  const [n, , h, width] = x.shape;
  const [out, perGroup, kh, kw] = w.shape;
  const size = (length: number, k: number): number =>
    Math.floor((length + 2 * padding - dilation * (k - 1) - 1) / stride) + 1;
  return make([n, out, size(h, kh), size(width, kw)], ([b, o, i, j]) => {
    const first = Math.floor(o / (out / groups)) * perGroup;
    let value = 0;
    for (const [c, ky, kx] of tuples([perGroup, kh, kw])) {
      const y = i * stride - padding + ky * dilation;
      const z = j * stride - padding + kx * dilation;
      if (y >= 0 && y < h && z >= 0 && z < width) value += at(x, [b, first + c, y, z]) * at(w, [o, c, ky, kx]);
    }
    return value;
  });
}

/** f over the cells of every window; cells outside are given as `undefined`. */
export function pool2d(
  x: Nd,
  kernel: number,
  stride: number,
  padding: number,
  f: (values: (number | undefined)[]) => number,
): Nd {
  const [n, c, h, w] = x.shape;
  const size = (length: number): number => Math.floor((length + 2 * padding - kernel) / stride) + 1;
  return make([n, c, size(h), size(w)], ([b, channel, i, j]) =>
    f(
      [...tuples([kernel, kernel])].map(([ky, kx]) => {
        const y = i * stride - padding + ky;
        const z = j * stride - padding + kx;
        return y >= 0 && y < h && z >= 0 && z < w ? at(x, [b, channel, y, z]) : undefined;
      }),
    ),
  );
}

const inside = (i: number, size: number): number => Math.min(Math.max(i, 0), size - 1);

/** Linear interpolation between the centres of the four nearest cells; the border cells go on outside. */
export function resizeBilinear(x: Nd, height: number, width: number): Nd {
  const [n, c, h, w] = x.shape;
  return make([n, c, height, width], ([b, channel, i, j]) => {
    const y = ((i + 0.5) * h) / height - 0.5;
    const z = ((j + 0.5) * w) / width - 0.5;
    const [top, left] = [Math.floor(y), Math.floor(z)];
    const cell = (dy: number, dx: number): number => at(x, [b, channel, inside(top + dy, h), inside(left + dx, w)]);
    const upper = cell(0, 0) * (1 - z + left) + cell(0, 1) * (z - left);
    const lower = cell(1, 0) * (1 - z + left) + cell(1, 1) * (z - left);
    return upper * (1 - y + top) + lower * (y - top);
  });
}

export function softmax(x: Nd, axis: number): Nd {
  const sums = reduce(
    map(x, (v) => Math.exp(v)),
    [axis],
    true,
    total,
  );
  return broadcast([x, sums], (v, s) => Math.exp(v) / s);
}

/** Mean 0 and variance 1 (of the values given the same key by `group`). */
export function standardise(x: Nd, epsilon: number, group: (index: readonly number[]) => string): Nd {
  const values = new Map<string, number[]>();
  for (const index of tuples(x.shape)) {
    const key = group(index);
    values.set(key, [...(values.get(key) ?? []), at(x, index)]);
  }
  return make(x.shape, (index) => {
    const all = values.get(group(index)) as number[];
    const mean = average(all);
    const variance = average(all.map((v) => (v - mean) ** 2));
    return (at(x, index) - mean) / Math.sqrt(variance + epsilon);
  });
}

/** Gauss's error function by its power series: exact to 1e-12 for |x| ≤ 4. */
export function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** Huber's loss with a threshold of 1: a parabola within ±1, straight outside. */
export const huber = (d: number): number => (Math.abs(d) < 1 ? (d * d) / 2 : Math.abs(d) - 0.5);
