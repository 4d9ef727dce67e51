/** @file VEN: its statistics and its loss against the ones written cell by cell, its network's gradient, and what it learns. */
import { expect, test } from "vitest";
import { localAffinity } from "../../src/method/localAffinity.ts";
import {
  valueLogits,
  valueLoss,
  valueMap,
  valueParameters,
  valueStatistics,
} from "../../src/method/valueExtraction.ts";
import { add, compile, concat, constant, gradients, input, mul, sum, type Tensor } from "../../src/tensor/index.ts";
import * as slow from "../reference/parts.ts";
import { checkOp, evaluate, feed } from "../tensor/check.ts";

const statisticsOf = (radius: number, scale: number) => (q: Tensor, a: Tensor, b: Tensor) => {
  const { raw, entropy } = valueStatistics(localAffinity(q, [a, b], { radius, scale }), q, scale);
  return concat([raw, entropy], 1);
};

test("statistics of every cell, by the formula", async () => {
  const feeds = [feed([2, 3, 5, 9], 1), feed([2, 3, 5, 9], 2), feed([2, 3, 5, 9], 3)];
  await checkOp({
    feeds,
    build: statisticsOf(2, 1.5),
    reference: (q, a, b) => slow.valueStatistics(q, [a, b], 2, 1.5),
    differentiable: false,
    tolerance: 1e-4,
  });
});

test("still finite where logits are huge and where a frame is all one colour", async () => {
  const huge = await evaluate(
    statisticsOf(2, 300),
    [1, 2, 3].map((seed) => feed([1, 3, 4, 4], seed)),
  );
  expect(huge.data.every(Number.isFinite)).toBe(true);
  const flat = { shape: [1, 3, 4, 4], data: new Float32Array(48).fill(0.5) };
  const even = await evaluate(statisticsOf(1, 20), [flat, flat, flat]);
  expect(even.data.slice(0, 16).every((v) => Math.abs(v) < 1e-2)).toBe(true);
});

test("the loss and its gradient; a frame without motion teaches nothing", async () => {
  const moving = {
    shape: [2, 1, 3, 3],
    data: Float32Array.from({ length: 18 }, (_, i) => (i < 9 && i % 3 === 0 ? 0.9 : 0)),
  };
  await checkOp({
    feeds: [feed([2, 1, 3, 3], 4, { low: -3, high: 3, gap: 0.1 })],
    build: (x) => valueLoss(x, constant(moving.data, moving.shape)),
    reference: (x) => slow.valueLoss(x, { shape: moving.shape, data: Float64Array.from(moving.data) }),
  });
});

test("the network: gradients of its parameters against finite differences of itself", async () => {
  const shapes = valueParameters.map(({ shape }) => shape);
  const parameters = shapes.map((shape, i) => feed(shape, 10 + i));
  const fixed = [feed([1, 1, 4, 4], 1), feed([1, 1, 4, 4], 2), feed([1, 1, 4, 4], 3, { low: 0 })];
  const inputs = [...fixed, ...parameters].map(({ shape }, i) => input(`x${i}`, shape));
  const [raw, entropy, strength, ...rest] = inputs;
  const named = new Map(valueParameters.map(({ name }, i) => [name, rest[i]]));
  const value = valueMap(valueLogits(named, { raw, entropy }, strength));
  const loss = sum(mul(value, value));
  const grads = gradients(loss, inputs.slice(3));
  const outputs: Record<string, Tensor> = { loss, ...Object.fromEntries(grads.map((g, i) => [`g${i}`, g])) };
  await using program = await compile(outputs, { threads: 1 });
  const feeds = () => Object.fromEntries([...fixed, ...parameters].map(({ data }, i) => [`x${i}`, data.slice()]));
  const base = await program.run(feeds());
  for (const [i, shape] of shapes.entries()) {
    const element = shape.reduce((a, b) => a * b) - 1;
    const moved = async (by: number) => {
      const changed = feeds();
      changed[`x${i + 3}`][element] += by;
      return (await program.run(changed)).loss[0];
    };
    const numeric = ((await moved(1e-2)) - (await moved(-1e-2))) / 2e-2;
    expect(base[`g${i}`][element]).toBeCloseTo(numeric, 2);
  }
});

test("no gradient reaches the encoder through the statistics", async () => {
  const x = input("x", [1, 3, 4, 4]);
  const { raw, entropy } = valueStatistics(localAffinity(x, [x], { radius: 1, scale: 1 }), x, 1);
  const [gradient] = gradients(sum(add(raw, entropy)), [x]);
  await using program = await compile({ gradient }, { threads: 1 });
  const result = await program.run({ x: feed([1, 3, 4, 4], 1).data });
  expect(result.gradient.every((v) => v === 0)).toBe(true);
});
