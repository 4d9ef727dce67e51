/** @file The adaptive fusion loss: its weights by hand, and that its guards hold. */
import { describe, expect, test } from "vitest";
import {
  fuse,
  importanceWeights,
  ownRegionShare,
  regionLoss,
  varianceLoss,
} from "../../src/method/adaptiveFusionLoss.ts";
import { localAffinity } from "../../src/method/localAffinity.ts";
import { adam, compile, constant, gradients, input, mean, reshape, type Tensor } from "../../src/tensor/index.ts";
import { evaluate, expectClose, feed } from "../tensor/check.ts";

const map = (...data: number[]) => ({ shape: [1, 1, 2, data.length / 2], data: Float32Array.from(data) });

describe("importance", () => {
  test("the product of its factors, with mean 1", async () => {
    const weights = await evaluate(
      (s, v, m, c) =>
        importanceWeights({
          logVariance: s,
          value: { map: v, gain: 2 },
          strength: { map: m, gain: 3 },
          ownShare: c,
        }) as Tensor,
      [map(0, 1, 0, 0), map(0, 0, 1, 0), map(0, 0, 1, 1), map(1, 1, 0.5, 0)],
    );
    const products = [1, Math.exp(-1), 3 * 4 * 0.5, 4 * 0.1];
    const mean_ = products.reduce((a, b) => a + b) / 4;
    expectClose(
      weights.data,
      products.map((p) => p / mean_),
      1e-5,
      "weights",
    );
  });
  test("nothing given, nothing weighted", () => {
    expect(importanceWeights({})).toBeUndefined();
  });
  test("one outstanding pixel among many does not take it all", async () => {
    const values = new Float32Array(100).fill(3);
    values[7] = -3;
    const weights = await evaluate(
      (s) => importanceWeights({ logVariance: s }) as Tensor,
      [{ shape: [1, 1, 10, 10], data: values }],
    );
    expect(Math.max(...weights.data)).toBeLessThan(9);
    expect(Math.min(...weights.data)).toBeGreaterThan(0.5);
    expect(weights.data.reduce((a, b) => a + b) / 100).toBeCloseTo(1, 5);
  });
  test("the encoder sees the weights as constants", async () => {
    const s = input("s", [1, 1, 2, 2]);
    const [gradient] = gradients(mean(importanceWeights({ logVariance: s }) as Tensor), [s]);
    await using program = await compile({ gradient }, { threads: 1 });
    expect([...(await program.run({ s: Float32Array.of(1, 2, 3, 4) })).gradient]).toEqual([0, 0, 0, 0]);
  });
});

/** Learns s for errors that stay as they are. */
async function learnVariance(errors: readonly number[]): Promise<Float32Array> {
  const n = errors.length;
  const s = input("s", [n]);
  const loss = varianceLoss(constant(Float32Array.from(errors), [1, 1, 1, n]), reshape(s, [1, 1, 1, n]));
  const [gradient] = gradients(loss, [s]);
  const update = adam(s, gradient);
  await using program = await compile({ s: update.parameters, m: update.m, v: update.v }, { threads: 1 });
  let state: Record<"s" | "m" | "v", Float32Array> = {
    s: new Float32Array(n),
    m: new Float32Array(n),
    v: new Float32Array(n),
  };
  for (let step = 1; step <= 300; step++) {
    const {
      s: now,
      m,
      v,
    } = await program.run({
      s: state.s,
      "adam.m": state.m,
      "adam.v": state.v,
      learningRate: Float32Array.of(0.05),
      step: Float32Array.of(step),
    });
    state = { s: now, m, v };
  }
  return state.s;
}

describe("guards", () => {
  test("an occluded region loses weight: s learns the log of its error", async () => {
    const s = await learnVariance([0.5, 0.5, 4, 0.5]);
    expect(s[2]).toBeCloseTo(Math.log(4), 1);
    expect(s[0]).toBeCloseTo(Math.log(0.5), 1);
    const weights = await evaluate((x) => importanceWeights({ logVariance: x }) as Tensor, [map(...s)]);
    expect(weights.data[2]).toBeLessThan(0.2);
  });
  test("a flat easy background does not take it all: where things move the weight stays above the mean", async () => {
    const s = await learnVariance([0.2, 0.2, 0.2, 0.4]);
    const weights = await evaluate(
      (x, v, m) =>
        importanceWeights({
          logVariance: x,
          value: { map: v, gain: 1 },
          strength: { map: m, gain: 1 },
        }) as Tensor,
      [map(...s), map(0.1, 0.1, 0.1, 0.9), map(0, 0, 0, 1)],
    );
    expect(weights.data[3]).toBeGreaterThan(1);
  });
});

describe("regions", () => {
  test("c is the share of the attention in the own region", async () => {
    const zeros = feed([1, 2, 3, 3], 1);
    const equal = { shape: zeros.shape, data: new Float32Array(18) };
    const left = { shape: [1, 2, 3, 3], data: Float32Array.of(1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1) };
    const share = await evaluate(
      (q, own) => ownRegionShare(localAffinity(q, [q], { radius: 1, scale: 1 }), own, [own]),
      [equal, left],
    );
    // Equal logits: the share is a count of cells in the 3×3 window.
    expectClose(share.data, [2 / 4, 4 / 6, 1, 3 / 6, 6 / 9, 1, 2 / 4, 4 / 6, 1], 1e-6, "own share");
    const loss = await evaluate((c) => regionLoss(c), [map(1, 1, 1, 1)]);
    expect(loss.data[0]).toBeCloseTo(0, 2);
  });
});

/** What σ is bent to, and back. */
const bent = (x: number) => 3 * Math.tanh(x / 3);
const inverse = (y: number) => 3 * Math.atanh(y / 3);

test("fused parts: Σ exp(−σ)·L + σ, and σ settles at the log of its loss", async () => {
  const sigma = input("sigma", [2]);
  const losses = [0.5, 2].map((value) => constant(value));
  const loss = fuse(new Map([["fusion.sigma", sigma]]), losses);
  const [gradient] = gradients(loss, [sigma]);
  await using program = await compile({ loss, gradient }, { threads: 1 });
  const at = (a: number, b: number) => program.run({ sigma: Float32Array.of(a, b) });
  const wanted = 0.5 * Math.exp(-bent(1)) + bent(1) + 2 * Math.exp(-bent(-1)) + bent(-1);
  expect((await at(1, -1)).loss[0]).toBeCloseTo(wanted, 5);
  const settled = await at(inverse(Math.log(0.5)), inverse(Math.log(2)));
  settled.gradient.forEach((g) => expect(g).toBeCloseTo(0, 5));
  expect((await at(-1e4, 1e4)).loss.every(Number.isFinite)).toBe(true);
});
