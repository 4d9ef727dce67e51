/** @file How an op is checked: its value against a slow reference, its gradient against finite differences. */
import { expect } from "vitest";
import { Random } from "../../src/core/random.ts";
import {
  compile,
  constant,
  gradients,
  input,
  mul,
  type Shape,
  sizeOf,
  sum,
  type Tensor,
} from "../../src/tensor/index.ts";
import { type Nd } from "../reference/tensor.ts";

/** Values of one input. */
export interface Feed {
  readonly shape: Shape;
  readonly data: Float32Array | Int32Array;
}

/** Seeded values in [low, high), at least `gap` away from 0 (where kinks are). */
export function values(shape: Shape, seed: number, { low = -1, high = 1, gap = 0 } = {}): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: sizeOf(shape) }, () => {
    const x = random.uniform(low, high);
    return Math.abs(x) < gap ? (x < 0 ? -gap : gap) + x : x;
  });
}

/** A float input with seeded values. */
export function feed(shape: Shape, seed: number, options?: Parameters<typeof values>[2]): Feed {
  return { shape, data: values(shape, seed, options) };
}

/** A float input whose values are all different by 1/size at least, so that a maximum stays the maximum when one moves. */
export function distinct(shape: Shape, seed: number): Feed {
  const random = new Random(seed);
  const size = sizeOf(shape);
  const order = Array.from({ length: size }, (_, i) => ({ i, key: random.next() })).sort((a, b) => a.key - b.key);
  const data = new Float32Array(size);
  order.forEach(({ i }, rank) => (data[i] = (2 * rank) / size - 1));
  return { shape, data };
}

/** Indices as an input. */
export function indices(shape: Shape, list: readonly number[]): Feed {
  return { shape, data: Int32Array.from(list) };
}

const isFloat = ({ data }: Feed): boolean => data instanceof Float32Array;

const inputsFor = (feeds: readonly Feed[]): Tensor[] =>
  feeds.map((one, i) => input(`x${i}`, one.shape, isFloat(one) ? "float32" : "int32"));

const named = (list: readonly (Float32Array | Int32Array)[]) =>
  Object.fromEntries(list.map((data, i) => [`x${i}`, data]));

/** Runs a function of inputs of the given values once. */
export async function evaluate(build: (...inputs: Tensor[]) => Tensor, feeds: readonly Feed[]): Promise<Nd> {
  const y = build(...inputsFor(feeds));
  await using program = await compile({ y }, { threads: 1 });
  const { y: data } = await program.run(named(feeds.map((one) => one.data)));
  return { shape: y.shape, data: Float64Array.from(data) };
}

/** Two lists of numbers, equal within a share of the largest wanted one (of 1 if that is smaller). */
export function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number, what: string): void {
  expect(got.length, what).toBe(wanted.length);
  const scale = Math.max(1, ...Array.from(wanted, Math.abs));
  for (let i = 0; i < wanted.length; i++) {
    const error = Math.abs(got[i] - wanted[i]) / scale;
    // Written so that NaN fails too.
    if (!(error <= tolerance))
      expect.fail(`${what}, element ${i}: got ${got[i]}, wanted ${wanted[i]} (${error} > ${tolerance})`);
  }
}

/** An op as the graph does it and as the reference does it. */
export interface OpCase {
  readonly feeds: readonly Feed[];
  readonly build: (...inputs: Tensor[]) => Tensor;
  readonly reference: (...inputs: Nd[]) => Nd;
  /** False for ops without a gradient. */
  readonly differentiable?: boolean;
  readonly tolerance?: number;
}

/**
 * Checks the value, and d Σ(w·f)/dx for random w and every float input against central differences of the reference:
 * in double precision, so that the difference is the graph's alone.
 */
export async function checkOp({
  feeds,
  build,
  reference,
  differentiable = true,
  tolerance = 2e-5,
}: OpCase): Promise<void> {
  const inputs = inputsFor(feeds);
  const y = build(...inputs);
  const weights = values(y.shape, 99);
  const floats = differentiable ? inputs.filter((x) => x.dtype === "float32") : [];
  const outputs: Record<string, Tensor> = { y };
  if (differentiable) {
    gradients(sum(mul(y, constant(weights, y.shape))), floats).forEach((gradient, i) => {
      expect(gradient.shape).toEqual(floats[i].shape);
      outputs[`d${i}`] = gradient;
    });
  }
  await using program = await compile(outputs, { threads: 1 });
  const results = await program.run(named(feeds.map((one) => one.data)));

  const base: Nd[] = feeds.map(({ shape, data }) => ({ shape, data: Float64Array.from(data) }));
  const wanted = reference(...base);
  expect(y.shape).toEqual([...wanted.shape]);
  expectClose(results.y, wanted.data, tolerance, "value");

  const lossAt = (k: number, element: number, delta: number): number => {
    const moved = base.map((one, i) => (i === k ? { ...one, data: one.data.slice() } : one));
    moved[k].data[element] += delta;
    return reference(...moved).data.reduce((all, value, i) => all + value * weights[i], 0);
  };
  const step = 1e-5;
  for (const [i, x] of floats.entries()) {
    const k = inputs.indexOf(x);
    const numeric = Array.from({ length: x.size }, (_, e) => (lossAt(k, e, step) - lossAt(k, e, -step)) / (2 * step));
    expectClose(results[`d${i}`], numeric, 5 * tolerance, `gradient of input ${k}`);
  }
}
