/** @file Softmax, normalisation and losses: values and gradients. */
import { describe, expect, test } from "vitest";
import { Random } from "../../../src/core/random.ts";
import * as t from "../../../src/tensor/index.ts";
import * as r from "../../reference/tensor.ts";
import { checkOp, evaluate, expectClose, feed } from "../check.ts";

const shapes: [t.Shape, number][] = [
  [[3, 5], -1],
  [[2, 3, 4], 1],
  [[2, 1, 3], 1],
  [[4], 0],
];
describe.each(shapes)("%j over axis %i", (shape, axis) => {
  const feeds = [feed(shape, 1, { low: -3, high: 3 })];
  const front = axis < 0 ? axis + shape.length : axis;
  test("softmax", () => checkOp({ feeds, build: (x) => t.softmax(x, axis), reference: (x) => r.softmax(x, front) }));
  test("logSoftmax", () =>
    checkOp({ feeds, build: (x) => t.logSoftmax(x, axis), reference: (x) => r.map(r.softmax(x, front), Math.log) }));
  test("l2Normalise", () =>
    checkOp({
      feeds,
      build: (x) => t.l2Normalise(x, axis),
      reference: (x) => {
        const squares = r.reduce(x, [axis], true, (all) => r.total(all.map((v) => v * v)));
        return r.broadcast([x, squares], (v, s) => v / Math.sqrt(s));
      },
    }));
});

test("softmax of huge numbers is finite, and equal ones get equal shares", async () => {
  const data = Float32Array.of(1e4, 1e4 - 1, -1e9, -1e9, -1e9, -1e9);
  const y = await evaluate((x) => t.softmax(x), [{ shape: [2, 3], data }]);
  expectClose(y.data, [0.731059, 0.268941, 0, 1 / 3, 1 / 3, 1 / 3], 1e-6, "softmax");
});

test("l2Normalise of zeros is zeros", async () => {
  const y = await evaluate((x) => t.l2Normalise(x, 1), [{ shape: [1, 3], data: new Float32Array(3) }]);
  expect([...y.data]).toEqual([0, 0, 0]);
});

const vector = (c: number, seed: number) => feed([c], seed, { low: 0.5, high: 2 });
const channel = (v: r.Nd, rank: number): r.Nd => r.reshape(v, [1, v.shape[0], ...Array<number>(rank - 2).fill(1)]);
const scaled = (x: r.Nd, gamma: r.Nd, beta: r.Nd): r.Nd =>
  r.broadcast([x, channel(gamma, x.shape.length), channel(beta, x.shape.length)], (v, g, b) => v * g + b);

describe.each([[[2, 3, 3, 5]], [[3, 2, 1, 1]], [[5, 2]], [[2, 1, 4]]])("%j", (shape) => {
  const c = shape[1];
  const feeds = [feed(shape, 1), vector(c, 2), feed([c], 3)];
  test("batch norm with the batch's statistics", () =>
    checkOp({
      feeds,
      build: (x, gamma, beta) => t.batchNormTraining(x, gamma, beta).y,
      reference: (x, gamma, beta) =>
        scaled(
          r.standardise(x, 1e-5, (i) => String(i[1])),
          gamma,
          beta,
        ),
      tolerance: 1e-4,
    }));
  test("batch norm with given statistics", () =>
    checkOp({
      feeds: [...feeds, feed([c], 4), vector(c, 5)],
      build: (x, gamma, beta, mean, variance) => t.scaleShift(x, gamma, beta, mean, variance, 1e-3),
      reference: (x, gamma, beta, mean, variance) => {
        const rank = x.shape.length;
        const y = r.broadcast(
          [x, channel(mean, rank), channel(variance, rank)],
          (v, m, s) => (v - m) / Math.sqrt(s + 1e-3),
        );
        return scaled(y, gamma, beta);
      },
    }));
  test("layer norm", () => {
    const k = shape.at(-1) as number;
    return checkOp({
      feeds: [feeds[0], vector(k, 2), feed([k], 3)],
      build: (x, gamma, beta) => t.layerNorm(x, gamma, beta, 0.01),
      reference: (x, gamma, beta) =>
        r.broadcast([r.standardise(x, 0.01, (i) => i.slice(0, -1).join()), gamma, beta], (v, g, b) => v * g + b),
      tolerance: 1e-4,
    });
  });
});

test.each([
  [[2, 4, 3, 1], 2],
  [[1, 6, 5], 3],
  [[2, 3, 2, 2], 1],
  [[2, 2, 3], 2],
])("group norm %j in %i groups", async (shape, groups) => {
  const c = shape[1];
  await checkOp({
    feeds: [feed(shape, 1), vector(c, 2), feed([c], 3)],
    build: (x, gamma, beta) => t.groupNorm(x, groups, gamma, beta, 0.01),
    reference: (x, gamma, beta) =>
      scaled(
        r.standardise(x, 0.01, (i) => `${i[0]},${Math.floor((i[1] * groups) / c)}`),
        gamma,
        beta,
      ),
    tolerance: 1e-4,
  });
});

test("batch statistics: mean, and variance with n − 1", async () => {
  const x = { shape: [2, 1, 1, 2], data: Float32Array.of(1, 2, 3, 6) };
  const one = t.constant([1]);
  const statistics = await evaluate(
    (a) => {
      const { mean, variance } = t.batchNormTraining(a, one, one);
      return t.concat([mean, variance], 0);
    },
    [x],
  );
  expectClose(statistics.data, [3, 14 / 3], 1e-6, "statistics");
});

test("batch norm of a channel of equal large numbers stays finite", async () => {
  const x = { shape: [3, 1, 7, 11], data: new Float32Array(231).fill(1234.567) };
  const y = await evaluate((a) => t.batchNormTraining(a, t.constant([1]), t.constant([0])).y, [x]);
  for (const value of y.data) expect(Number.isFinite(value)).toBe(true);
});

test("smooth L1: a parabola within ±1, straight outside", async () => {
  await checkOp({
    feeds: [feed([3, 5], 1, { low: -2, high: 2 }), feed([3, 5], 2, { low: -2, high: 2 })],
    build: t.smoothL1,
    reference: (a, b) => r.broadcast([a, b], (x, y) => r.huber(x - y)),
  });
});

test("cross-entropy with probabilities as targets", async () => {
  await checkOp({
    feeds: [feed([2, 3, 4], 1, { low: -3, high: 3 }), feed([2, 3, 4], 2, { low: 0, high: 1 })],
    build: t.crossEntropy,
    reference: (logits, target) =>
      r.reduce(
        r.broadcast([r.softmax(logits, 2), target], (p, y) => -y * Math.log(p)),
        [2],
        false,
        r.total,
      ),
  });
});

describe("dropout", () => {
  test("drops by its mask and scales the rest; the gradient passes where the value does", async () => {
    const mask = t.dropoutMask(40, 0.3, new Random(7));
    await checkOp({
      feeds: [feed([5, 8], 1)],
      build: (x) => t.dropout(x, 0.3, 7),
      reference: (x) => ({ shape: x.shape, data: x.data.map((v, i) => v * mask[i]) }),
    });
  });
  test("a share p is dropped, the mean is kept, another seed drops other elements", () => {
    const mask = t.dropoutMask(20_000, 0.25, new Random(1));
    expect(mask.filter((v) => v === 0).length / mask.length).toBeCloseTo(0.25, 1);
    expect(r.average([...mask])).toBeCloseTo(1, 1);
    expect(t.dropoutMask(20_000, 0.25, new Random(1))).toEqual(mask);
    expect(t.dropoutMask(20_000, 0.25, new Random(2))).not.toEqual(mask);
  });
  test.each([-0.1, 1, Number.NaN])("p = %d is refused", (p) => {
    expect(() => t.dropout(t.constant([1]), p, 1)).toThrow(`dropout(): p: got ${p}, expected 0 ≤ p < 1`);
  });
});
