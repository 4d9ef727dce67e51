/** @file Adam and AdamW in the graph against the same written by hand. */
import { expect, test } from "vitest";
import * as t from "../../../src/tensor/index.ts";
import { type ReferenceAdam, referenceStep } from "../../reference/adam.ts";
import { expectClose, values } from "../check.ts";

const defaults: ReferenceAdam = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  decays: () => false,
  clipNorm: Number.POSITIVE_INFINITY,
};
type State = Record<"parameters" | "m" | "v", Float32Array>;

const SIZE = 11;
const mask = Float32Array.from({ length: SIZE }, (_, i) => i % 2);

const cases: { name: string; options: t.AdamOptions; reference: Partial<ReferenceAdam> }[] = [
  { name: "Adam", options: {}, reference: {} },
  { name: "AdamW", options: { weightDecay: 0.1 }, reference: { weightDecay: 0.1, decays: () => true } },
  {
    name: "AdamW with a mask",
    options: { weightDecay: 0.1, decayMask: mask },
    reference: { weightDecay: 0.1, decays: (i) => i % 2 === 1 },
  },
  { name: "clipped", options: { clipNorm: 0.5 }, reference: { clipNorm: 0.5 } },
  { name: "a limit that is never reached", options: { clipNorm: 1e6 }, reference: {} },
  {
    name: "other decays",
    options: { beta1: 0.5, beta2: 0.9, epsilon: 1e-3 },
    reference: { beta1: 0.5, beta2: 0.9, epsilon: 1e-3 },
  },
];

test.each(cases)("$name", async ({ options, reference }) => {
  const flat = t.input("parameters", [SIZE]);
  const gradient = t.input("gradient", [SIZE]);
  await using program = await t.compile({ ...t.adam(flat, gradient, options) });
  const start = values([SIZE], 1);
  const wanted = { p: [...start], m: Array<number>(SIZE).fill(0), v: Array<number>(SIZE).fill(0) };
  let state: State = { parameters: start, m: new Float32Array(SIZE), v: new Float32Array(SIZE) };
  for (let step = 1; step <= 20; step++) {
    const g = values([SIZE], 100 + step);
    const learningRate = 0.1 / step;
    const got = await program.run({
      parameters: state.parameters,
      gradient: g,
      "adam.m": state.m,
      "adam.v": state.v,
      learningRate: Float32Array.of(learningRate),
      step: Float32Array.of(step),
    });
    const norm = referenceStep(wanted, [...g], step, learningRate, { ...defaults, ...reference });
    expectClose(got.gradientNorm, [norm], 1e-6, `norm, step ${step}`);
    expectClose(got.parameters, wanted.p, 2e-6, `parameters, step ${step}`);
    expectClose(got.m, wanted.m, 1e-6, `m, step ${step}`);
    expectClose(got.v, wanted.v, 1e-6, `v, step ${step}`);
    state = got;
  }
});

test("descends a bowl to its bottom", async () => {
  const x = t.input("parameters", [2]);
  const loss = t.sumSquare(t.sub(x, t.constant([3, -2])));
  const [gradient] = t.gradients(loss, [x]);
  await using program = await t.compile({ loss, ...t.adam(x, gradient) });
  let state: State = { parameters: new Float32Array(2), m: new Float32Array(2), v: new Float32Array(2) };
  let last = Number.NaN;
  for (let step = 1; step <= 300; step++) {
    const got = await program.run({
      parameters: state.parameters,
      "adam.m": state.m,
      "adam.v": state.v,
      learningRate: Float32Array.of(0.1),
      step: Float32Array.of(step),
    });
    state = got;
    last = got.loss[0];
  }
  expect(last).toBeLessThan(1e-3);
});
