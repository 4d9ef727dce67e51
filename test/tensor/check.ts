/** @file Gradients against finite differences: compiles value and gradients, perturbs every input element both ways. */
import { expect } from "vitest";
import { Random } from "../../src/core/random.ts";
import {
  compile,
  constant,
  type DType,
  gradients,
  input,
  mul,
  type Shape,
  sizeOf,
  sum,
  type Tensor,
} from "../../src/tensor/index.ts";

/** Seeded values in [low, high), never closer than `gap` to 0 (kinks), all different (ties). */
export function values(shape: Shape, seed: number, { low = -1, high = 1, gap = 0 } = {}): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: sizeOf(shape) }, () => {
    const x = random.uniform(low, high);
    return Math.abs(x) < gap ? Math.sign(x) * gap + x : x;
  });
}

/** Runs a function of inputs of the given values once. */
export async function evaluate(
  build: (...inputs: Tensor[]) => Tensor,
  feeds: readonly { shape: Shape; data: Float32Array | Int32Array; dtype?: DType }[],
): Promise<{ shape: Shape; data: Float32Array }> {
  const inputs = feeds.map(({ shape, dtype }, i) => input(`x${i}`, shape, dtype));
  const y = build(...inputs);
  await using program = await compile({ y }, { threads: 1 });
  const { y: data } = await program.run(Object.fromEntries(feeds.map((feed, i) => [`x${i}`, feed.data])));
  return { shape: y.shape, data };
}

/** Checks d Σ(w·f) / dx for random weights w against central differences, for every float input. */
export async function checkGradient(
  build: (...inputs: Tensor[]) => Tensor,
  feeds: readonly { shape: Shape; data: Float32Array | Int32Array; dtype?: DType }[],
  { step = 1e-2, tolerance = 2e-2 } = {},
): Promise<void> {
  const inputs = feeds.map(({ shape, dtype }, i) => input(`x${i}`, shape, dtype));
  const y = build(...inputs);
  const loss = sum(mul(y, constant(values(y.shape, 99), y.shape)));
  const floats = inputs.filter((x) => x.dtype === "float32");
  const outputs: Record<string, Tensor> = { loss };
  gradients(loss, floats).forEach((gradient, i) => {
    outputs[`d${i}`] = gradient;
    expect(gradient.shape).toEqual(floats[i].shape);
  });
  await using program = await compile(outputs, { threads: 1 });
  const run = (data: readonly (Float32Array | Int32Array)[]) =>
    program.run(Object.fromEntries(data.map((values, i) => [`x${i}`, values])));
  const base = feeds.map((feed) => feed.data);
  const analytic = await run(base);
  for (const [k, x] of floats.entries()) {
    const index = inputs.indexOf(x);
    const numeric = new Float32Array(x.size);
    for (let e = 0; e < x.size; e++) {
      const at = async (delta: number): Promise<number> => {
        const moved = base.map((data) => data.slice());
        moved[index][e] += delta;
        return (await run(moved)).loss[0];
      };
      numeric[e] = ((await at(step)) - (await at(-step))) / (2 * step);
    }
    const scale = Math.max(1, ...numeric.map(Math.abs));
    analytic[`d${k}`].forEach((value, e) => {
      expect(
        Math.abs(value - numeric[e]) / scale,
        `input ${index}, element ${e}: ${value} and ${numeric[e]}`,
      ).toBeLessThan(tolerance);
    });
  }
}
